import { describe, expect, test } from "@jest/globals";
import { Aspects, TerraformVariable } from "cdktf";
import { Construct } from "constructs";
import {
  AiGateway,
  AiGatewayPolicyPack,
  type AiGatewayProps,
  CustomProvider,
  DynamicRoute,
  type IUsesProviders,
  ProviderKey,
  routeGraph,
  SecretVariable,
  type UsedProvider,
} from "../../../lib/index.js";
import { newStack, problemsOf } from "../new-stack.js";
import { annotations, held, off } from "./held-stack.js";

class Router extends Construct implements IUsesProviders {
  readonly usedProviders: readonly UsedProvider[];

  constructor(scope: Construct, id: string, ...providers: readonly string[]) {
    super(scope, id);
    this.usedProviders = providers.map((provider, index) => ({
      provider,
      where: `elements.${index}.provider`,
    }));
  }
}

describe("the policy pack", () => {
  test("wants a spend limit that counts all requests", () => {
    const limits = (...rules: readonly object[]) =>
      problemsOf(
        held({ ...off, spendLimit: "fail" }, { spendLimits: rules } as AiGatewayProps).stack,
      ).filter((line) => line.includes("Policy"));
    const limit = { limit: 10, window: "1d" };

    expect(limits(limit)).toEqual([]);
    expect(limits({ ...limit, model: ["gpt"] }, limit)).toEqual([]);
    expect(limits({ ...limit, enabled: false })).toHaveLength(1);
    expect(limits({ ...limit, provider: ["openai"] })).toHaveLength(1);
    expect(limits({ ...limit, metadata: { user: "partition" } })).toHaveLength(1);
    expect(limits()).toHaveLength(1);
  });

  test("says of a spend limit, too, that only Terraform knows whether it is on", () => {
    const limit = { limit: 10, window: "1d" } as const;
    const gateway = (...limits: readonly ("token" | boolean)[]) => {
      const stack = newStack();
      const variable = new TerraformVariable(stack, "setting", {});
      Aspects.of(stack).add(new AiGatewayPolicyPack({ ...off, spendLimit: "fail" }));
      const spendLimits = limits.map((enabled, index) => ({
        ...limit,
        id: `limit-${index}`,
        enabled: enabled === "token" ? variable.booleanValue : enabled,
      }));
      new AiGateway(stack, "gateway", { spendLimits } as AiGatewayProps);
      return [problemsOf(stack), annotations(stack, "warn")];
    };

    expect(gateway(false, "token")).toEqual([
      [],
      [
        '[chat/gateway] spendLimits[1].enabled: only Terraform knows the value, so nobody can say now whether it is true. Write it out. Policy "spendLimit"; an exception is AiGatewayPolicyPack.exempt(construct, "spendLimit", "why").',
      ],
    ]);
    expect(gateway("token", true)).toEqual([[], []]);
  });

  test("holds spend limits to the providers that are allowed", () => {
    const limits = [
      { limit: 1, window: "1d" },
      { limit: 1, window: "1d", provider: ["openai", "groq"] },
    ];
    const { stack } = held({ ...off, allowedProviders: { providers: ["openai"] } }, {
      spendLimits: limits,
    } as AiGatewayProps);

    expect(problemsOf(stack).filter((line) => line.includes("Policy"))).toEqual([
      expect.stringMatching(
        /^\[chat\/gateway\] spendLimits\[1\]\.provider: got "groq"; allowed is "openai"/,
      ),
    ]);
  });

  test("holds what names providers to those that are allowed", () => {
    const { stack } = held({ ...off, allowedProviders: { providers: ["openai", "workers-ai"] } });
    new Router(stack, "route", "openai", "anthropic", "custom-a");

    expect(problemsOf(stack)).toEqual([
      expect.stringMatching(
        /^\[chat\/route\] elements\.1\.provider: got "anthropic"; allowed is "openai" or "workers-ai", because prompts go to no other provider\. Policy "allowedProviders"/,
      ),
      expect.stringMatching(/^\[chat\/route\] elements\.2\.provider: got "custom-a"/),
    ]);
  });

  test("knows the providers of routes, keys and custom providers", () => {
    const { stack, gateway } = held({ ...off, allowedProviders: { providers: ["openai"] } });
    const graph = routeGraph((g) =>
      g.model(
        { provider: "openai", model: "gpt" },
        { fallback: g.model({ provider: "groq", model: "llama" }, {}, "spare") },
      ),
    );
    new DynamicRoute(stack, "route", { gateway, graph });
    const secret = new SecretVariable(stack, "key_value");
    new ProviderKey(stack, "key", {
      gateway,
      providerSlug: "anthropic",
      secret,
      storeId: "0".repeat(32),
    });
    new CustomProvider(stack, "custom", {
      slug: "internal",
      baseUrl: "https://models.example.com",
    });

    const broken = problemsOf(stack).filter((line) => line.includes("Policy"));
    expect(broken.map((line) => line.replace(/; allowed.*$/, "")).sort()).toEqual([
      '[chat/custom] slug: got "custom-internal"',
      '[chat/key] providerSlug: got "anthropic"',
      '[chat/route] graph: provider of "spare": got "groq"',
    ]);
  });
});
