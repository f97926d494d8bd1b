import type { TerraformStack } from "cdktf";
import {
  CustomDomain,
  CustomProvider,
  Dataset,
  Evaluation,
  GatewayPolicy,
  type IAiGateway,
} from "../../lib/index.js";
import { Workbench } from "./workbench.js";

const zoneId = "0".repeat(32);
const collection = "/ai-gateway/gateways/around";

export type Row = Record<string, unknown>;
export type Declare = (stack: TerraformStack, gateway: IAiGateway) => unknown;

/** One kind of resource: what a test does to each is the same. */
export interface Kind {
  readonly name: string;
  /** Path of the collection, below the account. */
  readonly path: string;
  readonly base: Declare;
  /** Another declaration of the same object, and what the API then has. */
  readonly changed?: { readonly declare: Declare; readonly result: Row };
  /** A declaration that replaces the object. */
  readonly replaced?: Declare;
  /** How somebody changes it without Terraform, and what a repair restores. */
  readonly drift?: {
    readonly method: string;
    readonly query?: string;
    readonly body: Row;
    /** What the plan then names. */
    readonly named: readonly string[];
    readonly repaired: Row;
  };
  /** What somebody makes before, so that the API refuses it. @default nothing can be in its way */
  readonly taken?: (bench: Workbench) => Promise<Row>;
  readonly importing: (stack: TerraformStack, gateway: IAiGateway, id: string) => void;
  /** What the API calls its id. @default "id" */
  readonly idKey?: string;
}

const provider = { slug: "own", baseUrl: "https://models.example.com" } as const;
const filters = [
  { key: "success", operator: "eq", value: [true] },
  { key: "cost", operator: "gt", value: [0.5, "1"] },
] as const;
const policy = {
  name: "everyone",
  action: { type: "limit", amount: 10.5, period: "daily" },
} as const;

export const kinds: readonly Kind[] = [
  {
    name: "custom provider",
    path: "/ai-gateway/custom-providers",
    base: (stack) =>
      new CustomProvider(stack, "it", {
        ...provider,
        description: "Ours",
        jsExample: `fetch(\`\${url}/v1\`)`,
        headers: { "x-team": "chat" },
      }),
    changed: {
      declare: (stack) =>
        new CustomProvider(stack, "it", {
          ...provider,
          slug: "other",
          name: "Other",
          enable: false,
          beta: true,
          baseUrl: "https://others.example.com",
          curlExample: "curl https://others.example.com",
          link: "https://example.com",
          position: 3,
        }),
      result: {
        slug: "other",
        base_url: "https://others.example.com",
        curl_example: "curl https://others.example.com",
        name: "Other",
        enable: false,
        beta: true,
        link: "https://example.com",
        position: 3,
        description: null,
        js_example: null,
        headers: null,
      },
    },
    drift: {
      method: "PATCH",
      body: {
        name: "Theirs",
        slug: "theirs",
        base_url: "https://theirs.example.com",
        enable: false,
        beta: true,
        description: "Theirs",
        js_example: "theirs()",
        headers: '{"x-team":"others"}',
      },
      named: ["base_url", "beta", "description", "enable", "headers", "js_example", "name", "slug"],
      repaired: {
        name: "own",
        slug: "own",
        base_url: "https://models.example.com",
        enable: true,
        beta: false,
        description: "Ours",
        headers: '{"x-team":"chat"}',
      },
    },
    taken: async () => ({ name: "Theirs", slug: "own", base_url: "https://theirs.example.com" }),
    importing: (stack, _gateway, id) =>
      new CustomProvider(stack, "it", { ...provider, description: "Ours" }).importFrom(id),
  },
  {
    name: "custom domain",
    path: `${collection}/custom-domains`,
    idKey: "hostname",
    base: (stack, gateway) =>
      new CustomDomain(stack, "it", { gateway, hostname: "ai.example.com", zoneId }),
    replaced: (stack, gateway) =>
      new CustomDomain(stack, "it", { gateway, hostname: "ai2.example.com", zoneId }),
    taken: async () => ({ domain: "ai.example.com", zone_id: "1".repeat(32) }),
    importing: (stack, gateway, hostname) =>
      new CustomDomain(stack, "it", { gateway, hostname, zoneId }).importFrom(),
  },
  {
    name: "dataset",
    path: `${collection}/datasets`,
    base: (stack, gateway) => new Dataset(stack, "it", { gateway, name: "all", filters }),
    changed: {
      declare: (stack, gateway) =>
        new Dataset(stack, "it", { gateway, name: "few", enable: false, filters: [filters[0]] }),
      result: { name: "few", enable: false, filters: [filters[0]] },
    },
    drift: {
      method: "PUT",
      body: { name: "theirs", enable: false, filters: [] },
      named: ["enable", "filters", "name"],
      repaired: {
        name: "all",
        enable: true,
        filters: filters.map((filter) => ({ ...filter, value: [...filter.value] })),
      },
    },
    taken: async () => ({ name: "all", enable: false, filters: [] }),
    importing: (stack, gateway, id) =>
      new Dataset(stack, "it", { gateway, name: "all", filters }).importFrom(id),
  },
  {
    name: "evaluation",
    path: `${collection}/evaluations`,
    base: (stack, gateway) => {
      const all = new Dataset(stack, "all", { gateway });
      return new Evaluation(stack, "it", { gateway, name: "baseline", datasets: [all] });
    },
    replaced: (stack, gateway) => {
      const all = new Dataset(stack, "all", { gateway, enable: false });
      return new Evaluation(stack, "it", { gateway, name: "second", datasets: [all] });
    },
    taken: async (bench) => {
      const types = await bench.api("GET", "/ai-gateway/evaluation-types");
      const dataset = { name: "theirs", enable: true, filters: [] };
      const made = await bench.api("POST", `${collection}/datasets`, dataset);
      return {
        name: "baseline",
        dataset_ids: [(made.body.result as Row).id],
        evaluation_type_ids: (types.body.result as Row[]).map(({ id }) => id),
      };
    },
    importing: (stack, gateway, id) => {
      const all = new Dataset(stack, "all", { gateway });
      new Evaluation(stack, "it", { gateway, name: "baseline", datasets: [all] }).importFrom(id);
    },
  },
  {
    name: "policy",
    path: `${collection}/policies`,
    base: (stack, gateway) => new GatewayPolicy(stack, "it", { gateway, ...policy }),
    changed: {
      declare: (stack, gateway) =>
        new GatewayPolicy(stack, "it", {
          gateway,
          name: "contractors",
          actor: "user:{cf.user.id}",
          resource: { model: ["openai/gpt-*"], provider: "openai" },
          condition: '"contractors" in cf.user.groups',
          action: { type: "block" },
        }),
      result: {
        name: "contractors",
        actor: "user:{cf.user.id}",
        resource: { model: ["openai/gpt-*"], provider: "openai" },
        condition: '"contractors" in cf.user.groups',
        action: { type: "block" },
      },
    },
    drift: {
      method: "PUT",
      query: "?commit=true",
      body: {
        name: "theirs",
        actor: "user:{cf.user.id}",
        condition: "false",
        action: { type: "no-limit" },
        resource: { provider: "openai" },
      },
      named: ["action", "actor", "condition", "name", "resource"],
      repaired: {
        name: "everyone",
        condition: "true",
        resource: "*",
        action: { ...policy.action, technique: "named-interval" },
      },
    },
    importing: (stack, gateway, id) =>
      new GatewayPolicy(stack, "it", { gateway, ...policy }).importFrom(id),
  },
];

/** A workbench whose account has a gateway that Terraform does not know. */
export async function startWithGateway(): Promise<Workbench> {
  const bench = await Workbench.start();
  const { status } = await bench.api("POST", "/ai-gateway/gateways", {
    id: "around",
    cache_invalidate_on_update: false,
    cache_ttl: 0,
    collect_logs: true,
    rate_limiting_interval: 0,
    rate_limiting_limit: 0,
  });
  if (status !== 200) throw new Error(`The gateway was not made: ${status}`);
  return bench;
}
