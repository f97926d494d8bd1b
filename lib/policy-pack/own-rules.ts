import type { IConstruct } from "constructs";
import { invalidPolicy, invalidPolicyCheck } from "../errors.js";
import { isRecord, show } from "../prop-rules.js";
import type { PolicyFinding, PolicyRule } from "./policy-rule.js";

const example = '{ name: "teamPrefix", check: (construct) => [] }';

/**
 * The further rules of a pack.
 * @throws {@link UsageError} for what is none
 */
export function checkedRules(rules: unknown): readonly PolicyRule[] {
  if (!Array.isArray(rules)) {
    throw invalidPolicy("rules", `got ${show(rules)}`, [`an array such as [${example}]`]);
  }
  for (const [index, rule] of rules.entries()) {
    const at = `rules[${index}]`;
    if (!isRecord(rule)) {
      throw invalidPolicy(at, `got ${show(rule)}`, [`an object such as ${example}`]);
    }
    const { name, check } = rule;
    if (typeof name !== "string" || name.trim() === "") {
      throw invalidPolicy(`${at}.name`, `got ${show(name)}`, ["a text that is not empty"]);
    }
    if (typeof check !== "function") {
      throw invalidPolicy(`${at}.check`, `got ${show(check)}`, [
        "a function such as (construct) => []",
      ]);
    }
  }
  return rules;
}

/**
 * What a rule has against a construct.
 * @throws {@link UsageError} where its check throws, or returns no findings: whom it holds to what is not known then
 */
export function findingsOf(
  { name, check }: PolicyRule,
  construct: IConstruct,
): readonly PolicyFinding[] {
  let findings: unknown;
  try {
    findings = check(construct);
  } catch (error) {
    const said = error instanceof Error ? error.message : show(error);
    throw invalidPolicyCheck(construct.node.path, name, `threw: ${said}`, { cause: error });
  }
  if (!Array.isArray(findings)) {
    const got = `returned ${show(findings)}; allowed is an array of findings, empty where nothing is wrong`;
    throw invalidPolicyCheck(construct.node.path, name, got);
  }
  const wrong = findings.find((finding) => !isFinding(finding));
  if (wrong !== undefined || findings.includes(undefined)) {
    const got = `returned the finding ${show(wrong)}; allowed is { prop, got, allowed, why } with texts but for got`;
    throw invalidPolicyCheck(construct.node.path, name, got);
  }
  return findings;
}

const isFinding = (finding: unknown): finding is PolicyFinding =>
  isRecord(finding) &&
  [finding.prop, finding.allowed, finding.why].every((text) => typeof text === "string");
