import { describe, expect, test } from "@jest/globals";
import { TerraformVariable, Testing } from "cdktf";
import type { Construct } from "constructs";
import { customDomainRules } from "../../lib/custom-domains/custom-domain.js";
import { customProviderRules } from "../../lib/custom-providers/custom-provider-validation.js";
import { datasetRules } from "../../lib/datasets/dataset.js";
import { evaluationRules } from "../../lib/datasets/evaluation.js";
import { dynamicRouteRules } from "../../lib/dynamic-routes/dynamic-route-validation.js";
import { gatewayPolicyRules } from "../../lib/gateway-policies/gateway-policy-validation.js";
import {
  AiGateway,
  AiGatewayToken,
  CustomDomain,
  CustomProvider,
  Dataset,
  DynamicRoute,
  Evaluation,
  GatewayPolicy,
  ProviderKey,
  routeGraph,
} from "../../lib/index.js";
import { providerKeyRules } from "../../lib/provider-keys/provider-key-validation.js";
import { aiGatewayTokenRules } from "../../lib/tokens/ai-gateway-token-validation.js";
import { newStack, problemsOf, type Synthesized, synth } from "./new-stack.js";

const secret = { secretId: "3fd85f74b32742f1bff64a85009dda07" };
const storeId = "8ab1f05c7e3d49a6b2c0d1e2f3a4b5c6";
const graph = routeGraph((g) => g.model({ provider: "custom-mine", model: "one" }));

/** One of each construct that a gateway has. */
const members: Readonly<
  Record<string, (scope: Construct, props: Record<string, unknown>) => Construct>
> = {
  ProviderKey: (scope, props) =>
    new ProviderKey(scope, "key", { providerSlug: "custom-mine", secret, ...props } as never),
  DynamicRoute: (scope, props) => new DynamicRoute(scope, "route", { graph, ...props } as never),
  CustomDomain: (scope, props) =>
    new CustomDomain(scope, "domain", {
      hostname: "ai.example.com",
      zoneId: "z",
      ...props,
    } as never),
  Dataset: (scope, props) => new Dataset(scope, "dataset", props as never),
  Evaluation: (scope, props) =>
    new Evaluation(scope, "evaluation", {
      datasets: [Dataset.fromDatasetId(scope, "measured", "d1")],
      ...props,
    } as never),
  GatewayPolicy: (scope, props) =>
    new GatewayPolicy(scope, "policy", { action: { type: "no-limit" }, ...props } as never),
};
const names = Object.keys(members);
const others: typeof members = {
  CustomProvider: (scope, { gateway: _, ...props }) =>
    new CustomProvider(scope, "provider", {
      baseUrl: "https://models.example.com",
      ...props,
    } as never),
  AiGatewayToken: (scope, { gateway: _, ...props }) =>
    new AiGatewayToken(scope, "token", props as never),
};
const declare = (name: string, scope: Construct, props: Record<string, unknown>) =>
  (members[name] ?? others[name])?.(scope, props);

/** What the props of each are checked for. */
const rulesOf: Readonly<Record<string, object>> = {
  ProviderKey: providerKeyRules,
  DynamicRoute: dynamicRouteRules,
  CustomDomain: customDomainRules,
  Dataset: datasetRules,
  Evaluation: evaluationRules,
  GatewayPolicy: gatewayPolicyRules,
  CustomProvider: customProviderRules,
  AiGatewayToken: aiGatewayTokenRules,
};
const propsOf = Object.entries(rulesOf).flatMap(([name, rules]) =>
  Object.keys(rules).map((prop) => [name, prop] as const),
);

const numbers = ["rateLimit", "rateLimitPeriod", "position"];

/** Addresses of a stack's blocks, and those that its blocks wait for. */
function addressesOf({ resource, data }: Synthesized) {
  const list = (blocks: Synthesized["resource"], prefix = "") =>
    Object.entries(blocks ?? {}).flatMap(([type, named]) =>
      Object.entries(named).map(([name, block]) => ({
        address: `${prefix}${type}.${name}`,
        block,
      })),
    );
  const all = [...list(resource), ...list(data, "data.")];
  return {
    declared: all.map(({ address }) => address),
    awaited: all.flatMap(({ block }) => (block.depends_on ?? []) as string[]),
  };
}

describe.each(names)("%s", (name) => {
  test.each([undefined, null, "main", {}])(
    "reports the gateway %p, and nothing is thrown",
    (gateway) => {
      const stack = newStack();

      declare(name, stack, { gateway });

      expect(problemsOf(stack)).toContainEqual(
        expect.stringMatching(/^\[chat\/\w+\] gateway: got /),
      );
    },
  );

  test("reports that there is no gateway", () => {
    const stack = newStack();

    declare(name, stack, {});

    expect(problemsOf(stack)).toContainEqual(
      expect.stringMatching(/^\[chat\/\w+\] gateway: got nothing/),
    );
  });

  test("waits for nothing of another stack whose gateway it has", () => {
    // GIVEN
    const app = Testing.app();
    const gateway = new AiGateway(newStack({}, "shared", app), "gateway", {
      storeId,
      byokOnly: true,
    });
    const stack = newStack({}, "chat", app);

    // WHEN
    declare(name, stack, { gateway });

    // THEN
    const { declared, awaited } = addressesOf(synth(stack));
    expect(declared).toEqual(expect.arrayContaining(awaited));
  });

  test("takes no token for its protection, which would protect nothing", () => {
    const stack = newStack();
    const gateway = new AiGateway(stack, "gateway", { storeId });
    const deletionProtection = new TerraformVariable(stack, "kept", {}).booleanValue;

    declare(name, stack, { gateway, deletionProtection });

    expect(problemsOf(stack)).toEqual([
      expect.stringContaining("deletionProtection: got a token; allowed is true or false"),
    ]);
  });
});

test.each(propsOf)(
  "a %s reports each of its props that plain JavaScript sets to anything: %s",
  (name, prop) => {
    for (const value of [null, 5, [null], { odd: null }]) {
      const stack = newStack();
      const gateway = new AiGateway(stack, "gateway", { storeId });

      declare(name, stack, { gateway, [prop]: value });

      if (value === 5 && numbers.includes(prop)) continue;
      expect([JSON.stringify(value), problemsOf(stack)]).toEqual([
        JSON.stringify(value),
        expect.arrayContaining([expect.stringMatching(`^\\[chat/\\w+\\] ${prop}\\b`)]),
      ]);
    }
  },
);

describe.each(["ProviderKey", "DynamicRoute"])("%s of a custom provider", (name) => {
  test("is made after the provider, wherever the stack declares it", () => {
    // GIVEN
    const stack = newStack();
    const gateway = new AiGateway(stack, "gateway", { storeId });

    // WHEN
    const member = declare(name, stack, { gateway });
    const baseUrl = "https://models.example.com";
    const provider = new CustomProvider(stack, "later", { slug: "mine", baseUrl });
    new CustomProvider(stack, "other", { slug: "other", baseUrl });

    // THEN
    const { friendlyUniqueId } = (member as ProviderKey).resource;
    const awaited = synth(stack).resource?.restful_resource?.[friendlyUniqueId]?.depends_on;
    expect(awaited).toContain(`restful_resource.${provider.resource.friendlyUniqueId}`);
    expect(JSON.stringify(awaited)).not.toContain("other");
  });
});

describe("the note of what is protected", () => {
  const noteOf = (name: string, props: Record<string, unknown>) => {
    const stack = newStack();
    const gateway = new AiGateway(stack, "gateway", { gatewayId: "mine", storeId });
    declare(name, stack, { gateway, deletionProtection: true, ...props });
    const { protected_from_deletion: guard } = synth(stack).resource?.terraform_data ?? {};
    return JSON.stringify(guard?.for_each);
  };

  test.each([
    ["CustomDomain", { zoneId: "other" }],
    ["CustomDomain", { hostname: "other.example.com" }],
    ["Evaluation", { evaluationTypeIds: ["speed"] }],
    ["Evaluation", { name: "other" }],
    ["ProviderKey", { alias: "other" }],
    ["ProviderKey", { providerSlug: "openai" }],
  ])("of a %s is another one with %j, so the refusal has its sentence", (name, props) => {
    expect(noteOf(name, props)).not.toBe(noteOf(name, {}));
  });

  test("of a key stays with a setting that can be changed", () => {
    expect(noteOf("ProviderKey", { rateLimit: 5 })).toBe(noteOf("ProviderKey", {}));
  });
});
