import { z } from "zod";
import { EmulatorError } from "../../emulator-error.js";
import { withoutUndefined } from "../../without-undefined.js";
import { type FaultRule, faultRuleSchema } from "./fault-rule.js";

/**
 * Rules from a text: one as a JSON object, or several as an array.
 * @param name what the text was given as, for the message
 * @throws {EmulatorError} naming everything that is wrong
 */
export function parseFaultRules(text: string, name: string): readonly FaultRule[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new EmulatorError(
      `${name}: got ${text}, allowed is JSON such as {"every": 3, "answer": 503}, or an array of such rules.`,
    );
  }
  return checkFaultRules(Array.isArray(json) ? json : [json], name);
}

/** @throws {EmulatorError} naming everything that is wrong */
export function checkFaultRules(rules: readonly unknown[], name: string): readonly FaultRule[] {
  const result = z.array(faultRuleSchema).safeParse(rules);
  if (result.success) return result.data.map(withoutUndefined);
  const problems = result.error.issues.map(({ path: [index, ...path], message }) => {
    const place = [`rule ${Number(index) + 1}`, ...path].join(", ");
    return `${name}: ${place}: ${message}.`;
  });
  throw new EmulatorError(problems.join("\n"));
}
