import type { IConstruct } from "constructs";
import { exemptionWithoutReason } from "../errors.js";

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
