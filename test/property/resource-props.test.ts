import { describe, test } from "@jest/globals";
import fc, { type Arbitrary } from "fast-check";
import {
  AiGateway,
  CustomProvider,
  type CustomProviderProps,
  Dataset,
  type DatasetProps,
  DynamicRoute,
  type DynamicRouteProps,
  GatewayPolicy,
  type GatewayPolicyProps,
  ProviderKey,
  type ProviderKeyProps,
  routeGraph,
} from "../../lib/index.js";
import { type Declare, judge } from "./judge.js";
import { anything, oddText, spoilt } from "./odd-values.js";
import { secret } from "./placeholders.js";
import { propertyRuns, seed } from "./property-runs.js";

/** Values for each prop but the gateway, which is a good one: a prop that is new and has none does not compile. */
type Values<Props> = { readonly [Prop in Exclude<keyof Props, "gateway">]-?: Arbitrary<unknown> };

const graph = routeGraph((g) =>
  g.conditional(
    { "metadata.plan": { $eq: "free" } },
    {
      true: g.rate({ key: "metadata.user", limit: 1, window: "1m" }, {}),
      false: g.percentage({ 30: g.model({ provider: "openai", model: "m" }), else: g.end() }),
    },
  ),
);

const dynamicRoute: Values<DynamicRouteProps> = {
  name: fc.constantFrom("support", "a.b_c-d"),
  graph: fc.constant(graph),
  version: fc.constant("0123456789abcdef"),
  deletionProtection: fc.boolean(),
};

const providerKey: Values<ProviderKeyProps> = {
  providerSlug: fc.constantFrom("openai", "aws-bedrock", "custom-mine"),
  secret,
  alias: fc.constantFrom("default", "eu"),
  defaultConfig: fc.boolean(),
  rateLimit: fc.constantFrom(1, 100),
  rateLimitPeriod: fc.constantFrom(1, 60),
  storeId: fc.constant("0123456789abcdef0123456789abcdef"),
  deletionProtection: fc.boolean(),
};

const customProvider: Values<CustomProviderProps> = {
  baseUrl: fc.constantFrom("https://models.example.com", "https://models.example.com/v1"),
  slug: fc.constantFrom("internal", "a-b"),
  name: oddText,
  description: oddText,
  link: fc.webUrl(),
  enable: fc.boolean(),
  beta: fc.boolean(),
  curlExample: oddText,
  jsExample: oddText,
  position: fc.nat(),
  headers: fc.dictionary(fc.constantFrom("x-team", "authorization"), fc.oneof(oddText, secret)),
  deletionProtection: fc.boolean(),
};

const gatewayPolicy: Values<GatewayPolicyProps> = {
  name: oddText,
  actor: fc.constantFrom("company:all", "user:{cf.user.id}"),
  resource: fc.constantFrom("*", { model: "openai/gpt-*" }, { provider: ["openai"] }),
  condition: oddText,
  action: fc.constantFrom({ type: "block" }, { type: "limit", amount: 5, period: "daily" }),
  deletionProtection: fc.boolean(),
};

const dataset: Values<DatasetProps> = {
  name: oddText,
  enable: fc.boolean(),
  deletionProtection: fc.boolean(),
  filters: fc.constant([{ key: "duration", operator: "gt", value: [5_000] }]),
};

const ofGateway =
  (declare: (...args: never[]) => unknown): Declare =>
  (stack, id, props) => {
    const gateway = new AiGateway(stack, "gateway", {
      storeId: "0123456789abcdef0123456789abcdef",
    });
    return declare(
      ...([stack, id, Object.assign(props as object, { gateway })] as never[]),
    ) as never;
  };

describe.each<[string, Readonly<Record<string, Arbitrary<unknown>>>, Declare]>([
  [
    "a dynamic route",
    dynamicRoute,
    ofGateway((stack, id, props) => new DynamicRoute(stack, id, props)),
  ],
  [
    "a provider's key",
    providerKey,
    ofGateway((stack, id, props) => new ProviderKey(stack, id, props)),
  ],
  ["a custom provider", customProvider, (stack, id, props) => new CustomProvider(stack, id, props)],
  ["a policy", gatewayPolicy, ofGateway((stack, id, props) => new GatewayPolicy(stack, id, props))],
  ["a dataset", dataset, ofGateway((stack, id, props) => new Dataset(stack, id, props))],
])("the props of %s, whatever they are", (_, values, declare) => {
  test("synthesize, or are refused by the name of a prop", () => {
    const slip = fc
      .constantFrom(...Object.keys(values))
      .chain((prop) =>
        fc.tuple(
          fc.constant(prop),
          prop === "graph" ? anything : fc.oneof(anything, spoilt(values[prop] as never)),
        ),
      );
    const sets = fc
      .tuple(fc.record(values), fc.array(slip, { maxLength: 2 }))
      .map(([set, slips]) => Object.fromEntries([...Object.entries(set), ...slips]));

    fc.assert(
      fc.property(sets, (set) => {
        judge(declare, set);
      }),
      { numRuns: Math.ceil(propertyRuns / 10), seed },
    );
  });
});
