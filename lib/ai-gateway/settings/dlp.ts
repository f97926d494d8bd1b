import {
  type DlpAction,
  type DlpCheck,
  type DlpPolicySetting,
  type DlpSetting,
  dlpActions,
  dlpChecks,
} from "../../../protocol/gateway-dlp.js";
import {
  checkBoolean,
  checkWord,
  type Rule,
  requireWord,
  show,
  unknownKeys,
} from "../../prop-rules.js";
import { isToken } from "../../terraform-text.js";
import { shortHash } from "./short-hash.js";
import { hasTexts, isWrittenObject } from "./written-out.js";

/** One action for whatever the profiles find. */
export interface DlpProfiles {
  /** "FLAG" lets it pass and marks it, "BLOCK" refuses it. */
  readonly action: DlpAction;

  /** Ids of the account's DLP profiles, at least one. */
  readonly profiles: readonly string[];
}

/** An action for each policy. */
export interface DlpPolicies {
  /** At least one. */
  readonly policies: readonly DlpPolicy[];
}

export interface DlpPolicy {
  /** Name of the policy in logs. @default a short hash of the policy */
  readonly id?: string;

  /** @default true */
  readonly enabled?: boolean;

  /** "FLAG" lets it pass and marks it, "BLOCK" refuses it. */
  readonly action: DlpAction;

  /** What is looked at. @default ["REQUEST", "RESPONSE"] */
  readonly check?: readonly DlpCheck[];

  /** Ids of the account's DLP profiles, at least one. */
  readonly profiles: readonly string[];
}

/**
 * Data loss prevention: one of two forms.
 * @see https://developers.cloudflare.com/ai-gateway/features/dlp/
 */
export type Dlp = DlpProfiles | DlpPolicies;

interface Props {
  readonly dlp?: Dlp;
}

export const dlpRules: readonly Rule<Props>[] = [
  { name: "gateway-dlp", check: ({ dlp }) => checkForm(dlp) },
  {
    name: "gateway-dlp-action",
    check: ({ dlp }) =>
      parts(dlp).flatMap(
        ({ prop, part }) => requireWord(`${prop}.action`, part.action, dlpActions) ?? [],
      ),
  },
  {
    name: "gateway-dlp-without-profiles",
    check: ({ dlp }) =>
      parts(dlp)
        .filter(({ part: { profiles } }) => !isToken(profiles) && !hasTexts(profiles))
        .map(
          ({ prop, part: { profiles } }) =>
            `${prop}.profiles: got ${Array.isArray(profiles) && profiles.length === 0 ? "none" : show(profiles)}; nothing would be looked for. Name the ids of DLP profiles, at least one.`,
        ),
  },
  {
    name: "gateway-dlp-policy",
    check: ({ dlp }) => parts(dlp).flatMap(({ prop, part }) => checkPolicy(prop, part)),
  },
  {
    name: "gateway-dlp-policy-ids",
    check: ({ dlp }) => {
      const ids =
        isWrittenObject(dlp) && Array.isArray(dlp.policies) ? renderIds(dlp.policies) : [];
      return ids
        .filter((id, index) => !isToken(id) && ids.indexOf(id) !== index)
        .map(
          (id) =>
            `dlp.policies: two have the id ${show(id)}; logs could not tell them apart. Give each policy an id of its own.`,
        );
    },
  },
];

export function renderDlp(dlp: Dlp): DlpSetting {
  if ("policies" in dlp) {
    return { enabled: true, policies: dlp.policies.map(renderPolicy) };
  }
  return { enabled: true, action: dlp.action, profiles: dlp.profiles };
}

function renderPolicy(policy: DlpPolicy): DlpPolicySetting {
  return {
    id: policy.id ?? shortHash(policy),
    enabled: policy.enabled ?? true,
    action: policy.action,
    check: policy.check ?? dlpChecks,
    profiles: policy.profiles,
  };
}

const renderIds = (policies: readonly unknown[]): readonly string[] =>
  policies
    .filter(isWrittenObject)
    .map((policy) => (policy.id as string | undefined) ?? shortHash(policy));

const forms =
  'allowed is { action: "BLOCK", profiles: ["…"] }, or { policies: [{ action: "FLAG", profiles: ["…"] }] }.';

function checkForm(dlp: unknown): string | readonly string[] | undefined {
  if (dlp === undefined) {
    return undefined;
  }
  if (!isWrittenObject(dlp)) {
    return `dlp: got ${show(dlp)}; ${forms}`;
  }
  const other = Object.keys(dlp).filter((key) => key !== "policies");
  if ("policies" in dlp && other.length > 0) {
    return `dlp: got policies together with ${other.join(", ")}; a gateway has one form only. Write the action and profiles into a policy of their own, or remove policies.`;
  }
  if ("policies" in dlp && (isToken(dlp.policies) || !someObjects(dlp.policies))) {
    const none = Array.isArray(dlp.policies) ? "none" : show(dlp.policies);
    return `dlp.policies: got ${isToken(dlp.policies) ? "a token" : none}; ${forms}`;
  }
  return unknownKeys("dlp", dlp, ["action", "profiles", "policies"]);
}

/** What carries an action and profiles: each policy, or the whole. */
function parts(
  dlp: unknown,
): readonly { readonly prop: string; readonly part: Record<string, unknown> }[] {
  if (!isWrittenObject(dlp)) {
    return [];
  }
  if (!("policies" in dlp)) {
    return [{ prop: "dlp", part: dlp }];
  }
  return Array.isArray(dlp.policies) && !isToken(dlp.policies)
    ? dlp.policies.flatMap((part: unknown, index) =>
        isWrittenObject(part) ? [{ prop: `dlp.policies[${index}]`, part }] : [],
      )
    : [];
}

const policyKeys: readonly string[] = [
  "id",
  "enabled",
  "action",
  "check",
  "profiles",
] satisfies (keyof DlpPolicy)[];

function checkPolicy(prop: string, part: Record<string, unknown>): readonly string[] {
  if (prop === "dlp") {
    return [];
  }
  const { check, enabled, id } = part;
  const words = Array.isArray(check) && !isToken(check) ? check : [];
  return [
    ...unknownKeys(prop, part, policyKeys),
    checkBoolean(`${prop}.enabled`, enabled),
    check !== undefined && !isToken(check) && !(Array.isArray(check) && check.length > 0)
      ? `${prop}.check: got ${Array.isArray(check) ? "none" : show(check)}; allowed is an array of "REQUEST" and "RESPONSE".`
      : undefined,
    ...words.map((word) => checkWord(`${prop}.check`, word, dlpChecks)),
    id !== undefined && !isToken(id) && !(typeof id === "string" && id.trim() !== "")
      ? `${prop}.id: got ${show(id)}; allowed is a text that is not empty.`
      : undefined,
  ].filter((problem) => problem !== undefined);
}

const someObjects = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.every(isWrittenObject);
