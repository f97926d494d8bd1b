import type { IConstruct } from "constructs";

/** What a rule does: nothing, a warning at synth, or a synth that fails. */
export const policyLevels = ["off", "warn", "fail"] as const;
export type PolicyLevel = (typeof policyLevels)[number];

/** What a rule has against a construct. */
export interface PolicyFinding {
  /** The prop, or the place in it: "spendLimits". */
  readonly prop: string;

  /** Its value. One that only Terraform knows cannot be judged, and becomes a warning that says so. */
  readonly got: unknown;

  /** What may stand there instead, as the end of "allowed is …". */
  readonly allowed: string;

  /** What would happen otherwise, as the end of "because …". */
  readonly why: string;
}

/**
 * A rule that constructs are held to.
 *
 * @example
 * ```ts
 * const teamPrefix: PolicyRule = {
 *   name: "teamPrefix",
 *   check: (construct) =>
 *     construct instanceof AiGateway && construct.props.gatewayId?.startsWith("team-") !== true
 *       ? [{ prop: "gatewayId", got: construct.props.gatewayId, allowed: 'a name with "team-" in front', why: "the bill is split by it" }]
 *       : [],
 * };
 * Aspects.of(app).add(new AiGatewayPolicyPack({ rules: [teamPrefix] }));
 * ```
 */
export interface PolicyRule {
  /** Messages and exemptions name it. */
  readonly name: string;

  /** @default "fail" */
  readonly level?: PolicyLevel;

  /** All that is wrong with one construct; called once for each construct of a stack. */
  readonly check: (construct: IConstruct) => readonly PolicyFinding[];
}
