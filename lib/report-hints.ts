import { Annotations } from "cdktf";
import type { Construct } from "constructs";

/** What is odd, but no mistake: synth warns and goes on. */
export function reportHints(construct: Construct, hints: readonly string[]): void {
  for (const hint of hints) {
    Annotations.of(construct).addWarning(hint);
  }
}
