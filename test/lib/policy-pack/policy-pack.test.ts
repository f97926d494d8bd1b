import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { Aspects, TerraformVariable, Testing } from "cdktf";
import {
  AiGateway,
  AiGatewayPolicyPack,
  type AiGatewayPolicyPackProps,
  type PolicyRule,
} from "../../../lib/index.js";
import { newStack, problemsOf } from "../new-stack.js";
import { annotations, held, off } from "./held-stack.js";

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
