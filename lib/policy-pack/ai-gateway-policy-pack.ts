import { Annotations, type IAspect, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { invalidPolicy, unknownPolicy } from "../errors.js";
import { isRecord, show } from "../prop-rules.js";
import { isToken } from "../terraform-text.js";
import { exempt, exemptionsAt, isExempt, refuseUnknownExemptions } from "./exemption.js";
import {
  checkAllowedProviders,
  checkAuthentication,
  checkLogsWithoutPayload,
  checkMaxCacheTtl,
  checkSpendLimit,
} from "./gateway-rules.js";
import { checkedRules, findingsOf } from "./own-rules.js";
import { appliesBelow } from "./policies-above.js";
import {
  type PolicyFinding,
  type PolicyLevel,
  type PolicyRule,
  policyLevels,
} from "./policy-rule.js";

export interface AiGatewayPolicyPackProps {
  /**
   * Requests need a token: `authentication` of every gateway is true.
   * @default "fail"
   */
  readonly authentication?: PolicyLevel;

  /**
   * Spending ends somewhere: every gateway has a limit that counts all requests.
   * @default "fail"
   */
  readonly spendLimit?: PolicyLevel;

  /**
   * Prompts and answers are not kept: `collectLogs` of every gateway is false, the only setting that says so. Logs without payloads
   * are up to each request (`cf-aig-collect-log-payload: false`), which no synth can know: exempt a gateway whose callers do.
   * @default "warn"
   * @see https://developers.cloudflare.com/ai-gateway/observability/logging/
   */
  readonly logsWithoutPayload?: PolicyLevel;

  /**
   * No gateway's `cacheTtl` is longer, in seconds. A request's own TTL is not seen.
   * @default none: any TTL
   */
  readonly maxCacheTtl?: {
    /** 0 or more. */
    readonly seconds: number;
    /** @default "fail" */
    readonly level?: PolicyLevel;
  };

  /**
   * The only providers that routes, keys, custom providers and spend limits name. What a Worker's code asks for is not seen.
   * @default none: any provider
   */
  readonly allowedProviders?: {
    /** Names in URLs, such as "openai", "workers-ai" or "custom-internal". */
    readonly providers: readonly string[];
    /** @default "fail" */
    readonly level?: PolicyLevel;
  };

  /**
   * Further rules.
   * @default none
   */
  readonly rules?: readonly PolicyRule[];
}

/**
 * Rules that every gateway of an app is held to, and what is around it: added to the app, a stack, or a construct.
 *
 * What fails is reported at synth, all of it at once; what warns is an annotation. What is only known to Terraform cannot be judged
 * and is a warning. A gateway that is only referred to (`fromGatewayId`) is not judged.
 *
 * @throws {@link UsageError} for a level, a ceiling or a list that is none
 *
 * @example
 * ```ts
 * Aspects.of(app).add(
 *   new AiGatewayPolicyPack({
 *     logsWithoutPayload: "off",
 *     maxCacheTtl: { seconds: 3_600 },
 *     allowedProviders: { providers: ["openai", "workers-ai"], level: "warn" },
 *   }),
 * );
 * ```
 */
export class AiGatewayPolicyPack implements IAspect {
  /**
   * Exempts a construct and what is in it from a rule. The synth lists it, with the reason, as information.
   * @param rule The rule's name, such as "spendLimit"
   * @param reason Why, for whoever reads the synth's output
   * @throws {@link UsageError} without a reason
   */
  static exempt(construct: IConstruct, rule: string, reason: string): void {
    exempt(construct, rule, reason);
  }

  readonly [appliesBelow] = true;
  readonly #rules: readonly Required<PolicyRule>[];
  /** Those that are off or have nothing to compare with, too. */
  readonly #names: readonly string[];
  /** A stack and the app above it may both have this pack. */
  readonly #seen = new WeakSet<IConstruct>();

  constructor(props: AiGatewayPolicyPackProps = {}) {
    const rules = rulesOf(props);
    this.#rules = rules.filter(({ level }) => level !== "off");
    const further = rules.map(({ name }) => name);
    this.#names = [...new Set([...ownRules, ...further])];
  }

  /** Called by cdktf for every construct. */
  visit(construct: IConstruct): void {
    if (this.#seen.has(construct)) return;
    this.#seen.add(construct);
    refuseUnknownExemptions(TerraformStack.of(construct), this.#names);
    for (const { rule, reason } of exemptionsAt(construct)) {
      Annotations.of(construct).addInfo(
        `policy ${JSON.stringify(rule)}: exempt, because ${reason}`,
      );
    }
    for (const rule of this.#rules) {
      if (isExempt(construct, rule.name)) continue;
      for (const finding of findingsOf(rule, construct)) this.#report(construct, rule, finding);
    }
  }

  #report(construct: IConstruct, { name, level }: Required<PolicyRule>, finding: PolicyFinding) {
    if (isToken(finding.got)) {
      Annotations.of(construct).addWarning(unjudged(name, finding));
    } else if (level === "warn") {
      Annotations.of(construct).addWarning(broken(name, finding));
    } else {
      construct.node.addValidation({ validate: () => [broken(name, finding)] });
    }
  }
}

const exception = (rule: string): string =>
  `Policy ${JSON.stringify(rule)}; an exception is AiGatewayPolicyPack.exempt(construct, ${JSON.stringify(rule)}, "why").`;

const broken = (rule: string, { prop, got, allowed, why }: PolicyFinding): string =>
  `${prop}: got ${show(got)}; allowed is ${allowed}, because ${why}. ${exception(rule)}`;

const unjudged = (rule: string, { prop, allowed }: PolicyFinding): string =>
  `${prop}: only Terraform knows the value, so nobody can say now whether it is ${allowed}. Write it out. ${exception(rule)}`;

function rulesOf(props: AiGatewayPolicyPackProps): readonly Required<PolicyRule>[] {
  const given: unknown = props;
  if (!isRecord(given)) {
    throw invalidPolicy("props", `got ${show(given)}`, ["an object"]);
  }
  for (const prop in props) {
    if (!knownProps.includes(prop)) throw unknownPolicy(prop, knownProps);
  }
  const { maxCacheTtl, allowedProviders, rules = [] } = props;
  const built: Required<PolicyRule>[] = [
    rule("authentication", props.authentication, checkAuthentication),
    rule("spendLimit", props.spendLimit, checkSpendLimit),
    rule("logsWithoutPayload", props.logsWithoutPayload ?? "warn", checkLogsWithoutPayload),
  ];
  for (const prop of ["maxCacheTtl", "allowedProviders"] as const) {
    if (given[prop] !== undefined && !isRecord(given[prop])) {
      throw invalidPolicy(prop, `got ${show(given[prop])}`, [
        `an object such as ${examples[prop]}`,
      ]);
    }
  }
  if (maxCacheTtl !== undefined) {
    const { seconds, level } = maxCacheTtl;
    if (!Number.isInteger(seconds) || seconds < 0) {
      throw invalidPolicy("maxCacheTtl.seconds", `got ${show(seconds)}`, ["0 or more, whole"]);
    }
    built.push(rule("maxCacheTtl", level, checkMaxCacheTtl(seconds)));
  }
  if (allowedProviders !== undefined) {
    const { providers, level } = allowedProviders;
    const isList = Array.isArray(providers) && providers.length > 0;
    if (!isList || providers.some((slug) => typeof slug !== "string" || slug === "")) {
      const got = `got ${show(providers)}`;
      throw invalidPolicy("allowedProviders.providers", got, ['an array such as ["openai"]']);
    }
    built.push(rule("allowedProviders", level, checkAllowedProviders(providers)));
  }
  for (const { name, level, check } of checkedRules(rules)) {
    if (built.some((other) => other.name === name)) {
      throw invalidPolicy("rules", `got ${show(name)} twice`, ["a name of its own for each rule"]);
    }
    built.push(rule(name, level, check));
  }
  return built;
}

const examples = {
  maxCacheTtl: "{ seconds: 3_600 }",
  allowedProviders: '{ providers: ["openai"] }',
} as const;

/** Each is called as its prop. */
const ownRules = [
  "authentication",
  "spendLimit",
  "logsWithoutPayload",
  "maxCacheTtl",
  "allowedProviders",
] as const satisfies readonly (keyof AiGatewayPolicyPackProps)[];

const knownProps: readonly string[] = [
  ...ownRules,
  "rules",
] satisfies (keyof AiGatewayPolicyPackProps)[];

function rule(
  name: string,
  level: PolicyLevel = "fail",
  check: PolicyRule["check"],
): Required<PolicyRule> {
  if (!policyLevels.includes(level)) {
    throw invalidPolicy(name, `got ${show(level)}`, policyLevels);
  }
  return { name, level, check };
}
