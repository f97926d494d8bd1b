import { isObjectValue, type ObjectValue, type Value } from "../core/cty-value.js";
import type { Diagnostics } from "../core/diagnostics.js";

/**
 * Refuses the attributes this provider knows by name only: ignored, they would make an apply look
 * right that is not.
 *
 * @param paths - Attributes, or members of nested ones such as `client.certificates`.
 */
export function refuseUnsupported(
  paths: readonly string[],
  config: ObjectValue,
  diagnostics: Diagnostics,
): void {
  for (const path of paths) {
    const steps = path.split(".");
    const value = steps.reduce<Value>(
      (inner, step) => (isObjectValue(inner) ? (inner[step] ?? null) : null),
      config,
    );
    if (value === null) continue;
    diagnostics.error(
      `${path} is not emulated`,
      `The provider inside the emulator does not implement \`${path}\`. Leave it out, or run with ` +
        "the real provider.",
      steps[0],
    );
  }
}
