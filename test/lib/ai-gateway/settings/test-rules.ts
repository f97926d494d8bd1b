import { describe, expect, test } from "@jest/globals";
import {
  gatewayRules,
  validateGatewayProps,
} from "../../../../lib/ai-gateway/ai-gateway-validation.js";
import { AiGateway, type AiGatewayProps } from "../../../../lib/index.js";
import { newStack, problemsOf } from "../../new-stack.js";

/** Props as plain JavaScript may pass them, the rule that refuses them, and words of what it says. */
export type RefusedCase = readonly [rule: string, props: Record<string, unknown>, message: string];

interface Cases {
  readonly allowed: readonly AiGatewayProps[];
  /** One for each rule at least. */
  readonly refused: readonly RefusedCase[];
}

/** Tests what the rules of some of a gateway's props let pass and what they refuse, none of them left out. */
export function testRules(
  props: readonly (keyof typeof gatewayRules)[],
  { allowed, refused }: Cases,
): void {
  describe(`a gateway's ${props.join(", ")}`, () => {
    test.each(allowed)("may be %j", (given) => {
      expect(validateGatewayProps(given)).toEqual([]);
    });

    test.each(refused)("fail by the rule %s (%#)", (rule, given, message) => {
      const problems = validateGatewayProps(given as AiGatewayProps);

      expect(problems).toEqual([expect.stringContaining(message)]);
      const stack = newStack();
      new AiGateway(stack, "gateway", given as AiGatewayProps);
      expect(problemsOf(stack)).toEqual(problems.map((problem) => `[chat/gateway] ${problem}`));
      // What may be a secret is never repeated.
      expect(problems.join()).not.toMatch(/MII/);
      expect(`${rule}: ${whatRuleSays(rule, given)}`).toContain(message);
    });

    test("have a case for each of their rules", () => {
      const rules = props.flatMap((prop) => gatewayRules[prop].map(({ name }) => name));

      expect([...new Set(refused.map(([rule]) => rule))].sort()).toEqual(rules.sort());
    });
  });
}

function whatRuleSays(rule: string, props: AiGatewayProps): string {
  const found = Object.values(gatewayRules)
    .flat()
    .find(({ name }) => name === rule);
  return [found?.check(props as never) ?? []].flat().join("\n");
}
