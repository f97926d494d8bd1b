import type { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { exemptionWithoutReason } from "../errors.js";
import { didYouMean } from "../nearest-word.js";
import { show } from "../prop-rules.js";

/** A rule that a construct and what is in it are not held to, and why. */
export interface PolicyExemption {
  readonly rule: string;
  readonly reason: string;
}

// Metadata of the construct: it stands in the synthesized metadata, and another copy of the library finds it.
const metadataType = "cdktf-cloudflare-ai-gateway/policy-exemption";

export function exempt(construct: IConstruct, rule: string, reason: string): void {
  if (typeof reason !== "string" || reason.trim() === "") {
    throw exemptionWithoutReason(construct.node.path, rule);
  }
  construct.node.addMetadata(metadataType, { rule, reason } satisfies PolicyExemption);
}

/** What was said at this construct itself. */
export const exemptionsAt = (construct: IConstruct): readonly PolicyExemption[] =>
  construct.node.metadata
    .filter(({ type }) => type === metadataType)
    .map(({ data }) => data as PolicyExemption);

/** Whether this construct or one around it is exempt. */
export const isExempt = (construct: IConstruct, rule: string): boolean =>
  construct.node.scopes.some((scope) => exemptionsAt(scope).some((entry) => entry.rule === rule));

/** Stack → rules that the packs which look at it have. */
const rulesOfStack = new WeakMap<TerraformStack, Set<string>>();

/**
 * Reports at synth exemptions from rules that no pack has: whoever misspells one believes that it holds.
 * @param rules Those of one pack, also where they are off
 */
export function refuseUnknownExemptions(stack: TerraformStack, rules: readonly string[]): void {
  const known = rulesOfStack.get(stack);
  if (known !== undefined) {
    for (const rule of rules) known.add(rule);
    return;
  }
  const all = new Set(rules);
  rulesOfStack.set(stack, all);
  stack.node.addValidation({ validate: () => unknownExemptions(stack, [...all]) });
}

const unknownExemptions = (stack: TerraformStack, known: readonly string[]): string[] =>
  [...stack.node.scopes.slice(0, -1), ...stack.node.findAll()].flatMap((place) =>
    exemptionsAt(place)
      .filter(({ rule }) => !known.includes(rule))
      .map(({ rule }) => unknownRule(place.node.path || "the app", rule, known)),
  );

function unknownRule(path: string, rule: string, known: readonly string[]): string {
  const names = known.map((name) => JSON.stringify(name)).join(", ");
  return `AiGatewayPolicyPack.exempt: got ${show(rule)} for ${path}; there is no such rule, so it is exempt from nothing. The rules are ${names}.${didYouMean(rule, known, show)}`;
}
