import fc, { type Arbitrary } from "fast-check";
import { policyPeriods } from "../../lib/gateway-policies/gateway-policy-props.js";
import {
  type AiGatewayTokenProps,
  type CustomDomainProps,
  type CustomProviderProps,
  type DatasetProps,
  type DynamicRouteProps,
  type EvaluationProps,
  type GatewayPolicyProps,
  type ProviderKeyProps,
  type RouteGraphBuilder,
  type RouteNode,
  routeGraph,
} from "../../lib/index.js";
import { datasetFilterKeys, datasetFilterOperators } from "../../protocol/dataset-filters.js";
import { oddText } from "./odd-values.js";
import { secret, tokenOf } from "./placeholders.js";

/**
 * Values for each prop but those that are constructs, which are good ones: a prop that is new and has none does not
 * compile.
 */
type Values<Props> = {
  readonly [Prop in Exclude<keyof Props, "gateway" | "datasets">]-?: Arbitrary<unknown>;
};

/** The store of the gateway that everything stands around. */
export const STORE_ID = "0123456789abcdef0123456789abcdef";

/** Another one each time, or two of them could not be together in an account. */
const uniqueWord = fc.stringMatching(/^[a-z][a-z0-9]{11}$/);
const id = fc.stringMatching(/^[0-9a-f]{32}$/);
const sixteenths = fc.integer({ min: 1, max: 16_000 }).map((number) => number / 16);
const legible = oddText.filter((text) => text.trim() !== "");

/** A route before it is built: lists that can be compared and shrunk. */
type Plan = readonly [kind: number, text: string, number: number, left: Plan, right: Plan] | null;

const { plan } = fc.letrec<{ plan: Plan }>((tie) => ({
  plan: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.tuple(
      fc.nat({ max: 3 }),
      legible,
      fc.integer({ min: 1, max: 99 }),
      tie("plan"),
      tie("plan"),
    ),
  ),
}));

function build(g: RouteGraphBuilder, from: Plan): RouteNode {
  if (from === null) return g.end();
  const [kind, text, number] = from;
  const success = build(g, from[3]);
  const fallback = build(g, from[4]);
  switch (kind) {
    case 0:
      return g.model(
        { provider: "openai", model: text, timeout: number, retries: number % 6 },
        { success, fallback },
      );
    case 1:
      return g.rate({ key: text, limit: number, window: number }, { success, fallback });
    case 2:
      return g.conditional({ [text]: { $eq: number } }, { true: success, false: fallback });
    default:
      return g.percentage({ [number]: success, else: fallback });
  }
}

const dynamicRoute: Values<DynamicRouteProps> = {
  name: fc.oneof(fc.stringMatching(/^[A-Za-z0-9][\w.-]{0,62}$/), tokenOf(uniqueWord)),
  graph: plan.map((from) => routeGraph((g) => build(g, from))),
  version: id,
  deletionProtection: fc.boolean(),
};

const providerKey: Values<ProviderKeyProps> = {
  providerSlug: fc.constantFrom("openai", "aws-bedrock", "anthropic"),
  secret,
  alias: fc.oneof(fc.constant("default"), fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/)),
  defaultConfig: fc.boolean(),
  rateLimit: fc.oneof(fc.integer({ min: 1, max: 1e6 }), tokenOf(fc.constant(7))),
  rateLimitPeriod: fc.constantFrom(1, 60, 86_400),
  storeId: fc.constant(STORE_ID),
  deletionProtection: fc.boolean(),
};

const customProvider: Values<CustomProviderProps> = {
  baseUrl: fc.constantFrom("https://models.example.com", "https://models.example.com/v1"),
  slug: fc.oneof(uniqueWord, tokenOf(uniqueWord)),
  name: legible,
  description: legible,
  link: fc.webUrl(),
  enable: fc.boolean(),
  beta: fc.boolean(),
  curlExample: legible,
  jsExample: legible,
  position: fc.nat(),
  headers: fc.dictionary(
    fc.constantFrom("x-team", "x-two", "authorization"),
    fc.oneof(fc.stringMatching(/^[ -~]{1,12}$/), secret),
  ),
  deletionProtection: fc.boolean(),
};

const customDomain: Values<CustomDomainProps> = {
  hostname: fc.oneof(
    uniqueWord.map((word) => `${word}.example.com`),
    tokenOf(uniqueWord.map((word) => `${word}.example.org`)),
  ),
  zoneId: id,
  deletionProtection: fc.boolean(),
};

const models = fc.oneof(
  fc.constantFrom("openai/gpt-*", "*"),
  fc.array(legible, { minLength: 1, maxLength: 3 }),
);

const gatewayPolicy: Values<GatewayPolicyProps> = {
  name: legible,
  actor: fc.constantFrom("company:all", "user:{cf.user.id}", "a\u2028{metadata.team}"),
  resource: fc.oneof(
    fc.constant("*"),
    fc.record({ model: models, provider: fc.constantFrom("openai", ["openai", "anthropic"]) }),
  ),
  condition: legible,
  action: fc.oneof(
    fc.constantFrom({ type: "block" }, { type: "no-limit" }),
    fc.record({
      type: fc.constant("limit"),
      amount: fc.oneof(sixteenths, tokenOf(fc.constant(5))),
      period: fc.constantFrom(...policyPeriods),
    }),
  ),
  deletionProtection: fc.boolean(),
};

const filter = fc.record({
  key: fc.constantFrom(...datasetFilterKeys),
  operator: fc.constantFrom(...datasetFilterOperators),
  value: fc.array(fc.oneof(oddText, sixteenths, fc.boolean()), { minLength: 1, maxLength: 3 }),
});

const dataset: Values<DatasetProps> = {
  name: legible,
  enable: fc.boolean(),
  deletionProtection: fc.boolean(),
  filters: fc.array(filter, { maxLength: 3 }),
};

const evaluation: Values<EvaluationProps> = {
  name: legible,
  evaluationTypeIds: fc.array(id, { minLength: 1, maxLength: 2 }),
  deletionProtection: fc.boolean(),
};

const times = fc.date({
  min: new Date("2027-01-01"),
  max: new Date("2030-01-01"),
  noInvalidDate: true,
});
const inSeconds = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;

const token: Values<AiGatewayTokenProps> = {
  name: fc.stringMatching(/^[a-z][ -~]{11,100}$/),
  expiresOn: times.map((date) => inSeconds(new Date(date.getTime() + 1e11))),
  notBefore: times.map(inSeconds),
  condition: fc.record(
    {
      requestIp: fc.record({
        in: fc.array(fc.ipV4(), { minLength: 1, maxLength: 3 }),
        notIn: fc.array(
          fc.ipV6().filter((address) => !address.includes(".")),
          { minLength: 1, maxLength: 2 },
        ),
      }),
    },
    { requiredKeys: ["requestIp"] },
  ),
  rotation: legible,
  deletionProtection: fc.boolean(),
};

/** Props that must be there, beside the constructs. */
const required: Readonly<Record<string, readonly string[]>> = {
  dynamicRoute: ["graph"],
  providerKey: ["providerSlug", "secret"],
  customProvider: ["baseUrl"],
  customDomain: ["hostname", "zoneId"],
  gatewayPolicy: ["action"],
};

/** What stands around a gateway, each with a value for every prop. */
export const resourceValues = {
  dynamicRoute,
  providerKey,
  customProvider,
  customDomain,
  gatewayPolicy,
  dataset,
  evaluation,
  token,
} as const;

export type ResourceKind = keyof typeof resourceValues;

/** Sets of the props of one kind that fit together, without those that are left out. */
export function resourceSets(
  kind: ResourceKind,
  without: readonly string[] = [],
): Arbitrary<Readonly<Record<string, unknown>>> {
  const values = Object.entries(resourceValues[kind]).filter(([prop]) => !without.includes(prop));
  return fc
    .record(Object.fromEntries(values) as Record<string, Arbitrary<unknown>>, {
      requiredKeys: [...(required[kind] ?? [])],
    })
    .map(complete);
}

/** Adds what a prop needs of another. */
const complete = (set: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  set.rateLimitPeriod === undefined ? set : { rateLimit: 1, ...set };
