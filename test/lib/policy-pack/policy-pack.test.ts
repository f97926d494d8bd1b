import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { Aspects, type TerraformStack, TerraformVariable, Testing } from "cdktf";
import { Construct } from "constructs";
import {
  AiGateway,
  AiGatewayPolicyPack,
  type AiGatewayPolicyPackProps,
  type AiGatewayProps,
  CustomProvider,
  DynamicRoute,
  type IUsesProviders,
  type PolicyRule,
  ProviderKey,
  routeGraph,
  SecretVariable,
  type UsedProvider,
} from "../../../lib/index.js";
import { newStack, problemsOf } from "../new-stack.js";

const off = { authentication: "off", spendLimit: "off", logsWithoutPayload: "off" } as const;

function held(props: AiGatewayPolicyPackProps, gateway: AiGatewayProps = {}) {
  const stack = newStack();
  Aspects.of(stack).add(new AiGatewayPolicyPack(props));
  return { stack, gateway: new AiGateway(stack, "gateway", gateway) };
}

/** Annotations of a stack, as `cdktf synth` prints them. */
function annotations(stack: TerraformStack, type: "warn" | "info"): readonly string[] {
  return stack.node
    .findAll()
    .flatMap(({ node }) =>
      node.metadata
        .filter((entry) => entry.type === `@cdktf/${type}`)
        .map(({ data }) => `[${node.path}] ${data}`),
    );
}

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
  test("fails for everything at once, each with its construct, what to write and how to be exempt", () => {
    const { stack } = held(
      { logsWithoutPayload: "fail", maxCacheTtl: { seconds: 3_600 } },
      { cacheTtl: 3_601, authentication: false },
    );

    expect(problemsOf(stack)).toEqual([
      '[chat/gateway] authentication: got false; allowed is true, because whoever learns the gateway\'s URL could spend your money. Policy "authentication"; an exception is AiGatewayPolicyPack.exempt(construct, "authentication", "why").',
      '[chat/gateway] spendLimits: got nothing; allowed is one or more limits, one of them without model, provider and metadata, because nothing else ends the spending of all requests together. Policy "spendLimit"; an exception is AiGatewayPolicyPack.exempt(construct, "spendLimit", "why").',
      '[chat/gateway] collectLogs: got nothing; allowed is false, because a gateway that logs keeps prompts and answers of every request that does not say cf-aig-collect-log-payload: false itself. Policy "logsWithoutPayload"; an exception is AiGatewayPolicyPack.exempt(construct, "logsWithoutPayload", "why").',
      '[chat/gateway] cacheTtl: got 3601; allowed is 3,600 seconds or less, because answers would be given again for longer. Policy "maxCacheTtl"; an exception is AiGatewayPolicyPack.exempt(construct, "maxCacheTtl", "why").',
    ]);
  });

  test("is content with a gateway that keeps to it", () => {
    const { stack } = held(
      { spendLimit: "off", maxCacheTtl: { seconds: 60 } },
      { authentication: true, collectLogs: false, cacheTtl: 60 },
    );

    expect(problemsOf(stack)).toEqual([]);
    expect(annotations(stack, "warn")).toEqual([]);
  });

  test("warns where it is told to only warn, and is silent where it is off", () => {
    const { stack } = held({ ...off, authentication: "warn" });

    expect(problemsOf(stack)).toEqual([]);
    expect(annotations(stack, "warn")).toEqual([
      expect.stringMatching(/^\[chat\/gateway\] authentication: got nothing; allowed is true/),
    ]);
  });

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

  test("judges nothing that only Terraform knows, and says so", () => {
    const stack = newStack();
    const variable = new TerraformVariable(stack, "setting", {});
    Aspects.of(stack).add(new AiGatewayPolicyPack({ ...off, authentication: "fail" }));
    new AiGateway(stack, "gateway", { authentication: variable.booleanValue });

    expect(problemsOf(stack)).toEqual([]);
    expect(annotations(stack, "warn")).toEqual([
      '[chat/gateway] authentication: only Terraform knows the value, so nobody can say now whether it is true. Write it out. Policy "authentication"; an exception is AiGatewayPolicyPack.exempt(construct, "authentication", "why").',
    ]);
  });

  test("says so, too, of a spend limit that only Terraform knows to be on", () => {
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

  test("fails for an exemption from a rule that no pack of the stack has", () => {
    const app = Testing.app();
    const stack = newStack({}, "chat", app);
    Aspects.of(app).add(new AiGatewayPolicyPack(off));
    const gateway = new AiGateway(stack, "gateway");
    const own: PolicyRule = { name: "ours", level: "off", check: () => [] };
    Aspects.of(gateway).add(new AiGatewayPolicyPack({ ...off, rules: [own] }));
    AiGatewayPolicyPack.exempt(app, "cheap", "it is not");
    AiGatewayPolicyPack.exempt(gateway, "spendLimits", "it is a demonstration");
    // Rules that are off, have nothing to compare with, or are another pack's.
    for (const rule of ["authentication", "maxCacheTtl", "ours"]) {
      AiGatewayPolicyPack.exempt(gateway, rule, "it may be on again");
    }

    const rules =
      'The rules are "authentication", "spendLimit", "logsWithoutPayload", "maxCacheTtl", "allowedProviders", "ours".';
    expect(problemsOf(stack)).toEqual([
      `[chat] AiGatewayPolicyPack.exempt: got "cheap" for the app; there is no such rule, so it is exempt from nothing. ${rules}`,
      `[chat] AiGatewayPolicyPack.exempt: got "spendLimits" for chat/gateway; there is no such rule, so it is exempt from nothing. ${rules} Did you mean "spendLimit"?`,
    ]);
  });

  test("lets a construct be exempt from a rule, with all in it, and lists the reason", () => {
    const stack = newStack();
    Aspects.of(stack).add(new AiGatewayPolicyPack({ ...off, authentication: "fail" }));
    const playground = new Construct(stack, "playground");
    new AiGateway(playground, "gateway");
    new AiGateway(stack, "other");
    AiGatewayPolicyPack.exempt(playground, "authentication", "it answers from a script only");

    expect(problemsOf(stack)).toEqual([expect.stringMatching(/^\[chat\/other\] authentication/)]);
    expect(annotations(stack, "info")).toEqual([
      '[chat/playground] policy "authentication": exempt, because it answers from a script only',
    ]);
  });

  test("fails where an exemption has no reason", () => {
    const { gateway } = held(off);

    expect(() => AiGatewayPolicyPack.exempt(gateway, "authentication", " ")).toThrow(
      '[chat/gateway] AiGatewayPolicyPack.exempt: no reason is given for the exemption from "authentication". Say why; the synth lists it.',
    );
  });

  test("looks at every stack of the app it is added to, once, whenever the stack is made", () => {
    const app = Testing.app();
    const before = newStack({}, "before", app);
    const pack = new AiGatewayPolicyPack({ ...off, authentication: "fail" });
    Aspects.of(app).add(pack);
    const after = newStack({}, "after", app);
    Aspects.of(after).add(pack);
    for (const stack of [before, after]) new AiGateway(stack, "gateway");

    expect(problemsOf(before)).toEqual([expect.stringMatching(/^\[before\/gateway\] auth/)]);
    expect(problemsOf(after)).toEqual([expect.stringMatching(/^\[after\/gateway\] auth/)]);
  });

  test("says nothing of a gateway that is only referred to", () => {
    const { stack } = held({});
    stack.node.tryRemoveChild("gateway");
    AiGateway.fromGatewayId(stack, "shared", "shared");

    expect(problemsOf(stack)).toEqual([]);
  });

  test("takes rules of one's own", () => {
    const teamPrefix: PolicyRule = {
      name: "teamPrefix",
      check: (construct) =>
        construct instanceof AiGateway && construct.props.gatewayId?.startsWith("team-") !== true
          ? [
              {
                prop: "gatewayId",
                got: construct.props.gatewayId,
                allowed: 'a name with "team-" in front',
                why: "the bill is split by it",
              },
            ]
          : [],
    };

    expect(problemsOf(held({ ...off, rules: [teamPrefix] }, { gatewayId: "chat" }).stack)).toEqual([
      '[chat/gateway] gatewayId: got "chat"; allowed is a name with "team-" in front, because the bill is split by it. Policy "teamPrefix"; an exception is AiGatewayPolicyPack.exempt(construct, "teamPrefix", "why").',
    ]);
    expect(
      problemsOf(held({ ...off, rules: [teamPrefix] }, { gatewayId: "team-chat" }).stack),
    ).toEqual([]);
  });

  test.each<[string, object]>([
    ['authentication: got "error"; allowed is off, warn, fail', { authentication: "error" }],
    ["maxCacheTtl.seconds: got -1; allowed is 0 or more, whole", { maxCacheTtl: { seconds: -1 } }],
    ["allowedProviders.providers: got ", { allowedProviders: { providers: "openai" } }],
    ["allowedProviders.providers: got ", { allowedProviders: { providers: [] } }],
    ["x: got 1; allowed is off, warn, fail", { rules: [{ name: "x", level: 1, check: () => [] }] }],
    [
      "authentification: there is no such prop; the props are authentication, spendLimit, logsWithoutPayload, maxCacheTtl, allowedProviders, rules. Did you mean authentication?",
      { authentification: 1 },
    ],
    [
      'rules: got "spendLimit" twice; allowed is a name of its own for each rule',
      { rules: [{ name: "spendLimit", check: () => [] }] },
    ],
  ])("fails at once for what is no policy: %s", (message, props) => {
    expect(() => new AiGatewayPolicyPack(props as AiGatewayPolicyPackProps)).toThrow(
      `AiGatewayPolicyPack: ${message}`,
    );
  });

  test("has every rule in the pages", () => {
    const pages = ["docs/policy-pack.md", "docs/errors.md"].map((page) =>
      readFileSync(join(__dirname, "../../..", page), "utf8"),
    );
    for (const rule of [
      "authentication",
      "spendLimit",
      "logsWithoutPayload",
      "maxCacheTtl",
      "allowedProviders",
    ]) {
      for (const page of pages) expect(page).toMatch(new RegExp(`^\\| \`?${rule}\`? +\\|`, "m"));
    }
  });
});
