import type { Construct } from "constructs";
import { wrongValue } from "../prop-rules.js";
import { isToken } from "../terraform-text.js";

/** Problems that synth reports with all others. */
export function reportProblems(construct: Construct, problems: readonly string[]): void {
  if (problems.length > 0) {
    construct.node.addValidation({ validate: () => [...problems] });
  }
}

/** An id Cloudflare gave, written out; it goes into paths. A token is fine. */
export const checkStorageId = (prop: string, id: unknown): readonly string[] =>
  isToken(id) || (typeof id === "string" && /^[\w-]+$/.test(id))
    ? []
    : [
        wrongValue(
          prop,
          id,
          'an id as Cloudflare gave it: letters, digits, "-" and "_". The dashboard shows it beside the name',
        ),
      ];
