import type { Construct } from "constructs";

/** Problems that synth reports with all others. */
export function reportProblems(construct: Construct, problems: readonly string[]): void {
  if (problems.length > 0) {
    construct.node.addValidation({ validate: () => [...problems] });
  }
}
