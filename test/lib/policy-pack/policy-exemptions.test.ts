import { describe, expect, test } from "@jest/globals";
import { Aspects, Testing } from "cdktf";
import { Construct } from "constructs";
import { AiGateway, AiGatewayPolicyPack, type PolicyRule } from "../../../lib/index.js";
import { newStack, problemsOf } from "../new-stack.js";
import { annotations, held, off } from "./held-stack.js";

describe("the policy pack", () => {
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
});
