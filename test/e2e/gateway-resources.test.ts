import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { TerraformStack } from "cdktf";
import {
  AiGateway,
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

type Row = Record<string, unknown>;
type Declare = (stack: TerraformStack, gateway: IAiGateway) => unknown;

/** One kind of resource: what a test does to each is the same. */
interface Kind {
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
    readonly repaired: Row;
  };
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

const kinds: readonly Kind[] = [
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
          link: "https://example.com",
          position: 3,
        }),
      result: {
        slug: "other",
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
      body: { enable: false, headers: '{"x-team":"others"}' },
      repaired: { enable: true, headers: '{"x-team":"chat"}' },
    },
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
      body: { name: "all", enable: true, filters: [] },
      repaired: { filters: filters.map((filter) => ({ ...filter, value: [...filter.value] })) },
    },
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
      body: { action: { type: "no-limit" }, resource: { provider: "openai" } },
      repaired: {
        resource: "*",
        action: { ...policy.action, technique: "named-interval" },
      },
    },
    importing: (stack, gateway, id) =>
      new GatewayPolicy(stack, "it", { gateway, ...policy }).importFrom(id),
  },
];

describe.each(kinds)(
  "a $name under Terraform",
  ({ path, base, changed, replaced, drift, importing, idKey = "id" }) => {
    let bench: Workbench;

    beforeAll(async () => {
      bench = await Workbench.start();
      const made = await bench.api("POST", "/ai-gateway/gateways", {
        id: "around",
        cache_invalidate_on_update: false,
        cache_ttl: 0,
        collect_logs: true,
        rate_limiting_interval: 0,
        rate_limiting_limit: 0,
      });
      expect(made.status).toBe(200);
    }, 60_000);

    afterAll(async () => {
      await bench.close();
    });

    const declare = (build: (stack: TerraformStack, gateway: IAiGateway) => unknown = () => {}) =>
      bench.synth((stack) => {
        build(stack, AiGateway.fromGatewayId(stack, "gateway", "around"));
      });
    const rows = async () => (await bench.api("GET", path)).body.result as Row[];
    const actions = async () =>
      (await bench.plan()).changes.map(({ type, change }) => [type, change.actions.join()]);

    test("is made, and not changed by a second deploy", async () => {
      declare(base);
      await bench.apply();

      expect(await rows()).toHaveLength(1);
      expect(await actions()).toEqual([]);
    }, 60_000);

    test("is changed as it is declared, in place wherever the API has a way", async () => {
      const [before] = await rows();
      declare(changed?.declare ?? replaced);

      const planned = await actions();
      await bench.apply();

      const [after, ...more] = await rows();
      expect(more).toEqual([]);
      const ofItself = planned.filter(([type]) => type === "restful_resource");
      if (changed) {
        expect(ofItself).toEqual([["restful_resource", "update"]]);
        expect(after).toMatchObject({ ...changed.result, [idKey]: before?.[idKey] });
      } else {
        expect(ofItself).toContainEqual(["restful_resource", "delete,create"]);
        expect(after?.[idKey]).not.toBe(before?.[idKey]);
      }
      expect(await actions()).toEqual([]);
      declare(base);
      await bench.apply();
      expect(await actions()).toEqual([]);
    }, 90_000);

    if (drift) {
      test("is repaired where somebody changed it", async () => {
        const { method, query = "", body, repaired } = drift;
        const [row] = await rows();
        const edit = await bench.api(method, `${path}/${row?.[idKey]}${query}`, body);
        expect(edit.status).toBe(200);

        expect(await actions()).toEqual([["restful_resource", "update"]]);
        await bench.apply();

        expect((await rows())[0]).toMatchObject(repaired);
        expect(await actions()).toEqual([]);
      }, 60_000);
    }

    test("is taken over by an import, and not changed by the deploy after", async () => {
      // GIVEN it is in the account, and not in the state
      const [before] = await rows();
      const addresses = (await bench.terraform("state", "list")).stdout.split("\n");
      const its = addresses.filter((address) =>
        /restful_resource\.it_|terraform_data/.test(address),
      );
      await bench.terraform("state", "rm", ...its);

      // WHEN
      bench.synth((stack) => {
        const gateway = AiGateway.fromGatewayId(stack, "gateway", "around");
        importing(stack, gateway, String(before?.[idKey]));
      });
      const planned = await bench.plan();
      await bench.apply();

      // THEN nothing is made or lost
      expect(planned.text).toMatch(/1 to import/);
      expect(planned.text).toMatch(/0 to destroy/);
      const after = await rows();
      expect(after.map((row) => row[idKey])).toEqual([before?.[idKey]]);
      expect(await actions()).toEqual([]);
    }, 90_000);

    test("goes when it is removed from the code", async () => {
      declare();
      await bench.apply();

      expect(await rows()).toEqual([]);
    }, 60_000);

    test("goes by a destroy", async () => {
      declare(base);
      await bench.apply();

      const destroyed = await bench.terraform("destroy", "-auto-approve", "-no-color");

      expect([destroyed.code, destroyed.stderr]).toEqual([0, ""]);
      expect(await rows()).toEqual([]);
    }, 60_000);
  },
);
