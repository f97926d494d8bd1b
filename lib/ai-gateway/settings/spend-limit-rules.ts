import {
  MAX_SPEND_LIMIT_RULES,
  spendLimitBounds,
  spendLimitTechniques,
} from "../../../protocol/gateway-spend-limits.js";
import { type Duration, durationInSeconds } from "../../duration.js";
import { checkExactNumber } from "../../exact-number.js";
import {
  checkBoolean,
  checkInteger,
  checkWord,
  type Rule,
  show,
  unknownKeys,
} from "../../prop-rules.js";
import { isToken } from "../../terraform-text.js";
import { type SpendLimit, spendLimitId } from "./spend-limits.js";
import { hasTexts, isPassedOn, isWrittenObject } from "./written-out.js";

interface Props {
  readonly spendLimits?: readonly SpendLimit[];
}

type Entry = { readonly prop: string; readonly rule: Record<string, unknown> };

/** A rule of the table that looks at each budget. */
const each = (
  name: string,
  check: (entry: Entry) => string | readonly string[] | undefined,
): Rule<Props> => ({
  name,
  check: ({ spendLimits }) => entries(spendLimits).flatMap((entry) => check(entry) ?? []),
});

const known = [
  "limit",
  "window",
  "technique",
  "metadata",
  "model",
  "provider",
  "id",
  "enabled",
] as const satisfies readonly (keyof SpendLimit)[];

export const spendLimitRules: readonly Rule<Props>[] = [
  { name: "gateway-spend-limits", check: ({ spendLimits }) => checkForm(spendLimits) },
  {
    name: "gateway-spend-limits-count",
    check: ({ spendLimits }) =>
      entries(spendLimits).length > MAX_SPEND_LIMIT_RULES
        ? `spendLimits: got ${entries(spendLimits).length} rules; allowed are ${MAX_SPEND_LIMIT_RULES}. A rule with metadata: { …: "partition" } keeps a budget for each value.`
        : undefined,
  },
  each("gateway-spend-limit-prop", ({ prop, rule }) => unknownKeys(prop, rule, known)),
  each("gateway-spend-limit", ({ prop, rule: { limit } }) =>
    isToken(limit) ||
    (typeof limit === "number" && limit >= spendLimitBounds.limit.min && Number.isFinite(limit))
      ? undefined
      : `${prop}.limit: got ${show(limit)}; allowed is a number of dollars, 0 or more.`,
  ),
  each("gateway-spend-limit-fraction", ({ prop, rule: { limit } }) =>
    typeof limit === "number" && limit >= spendLimitBounds.limit.min
      ? checkExactNumber(`${prop}.limit`, limit)
      : undefined,
  ),
  each("gateway-spend-limit-window", ({ prop, rule: { window } }) =>
    window !== undefined &&
    checkInteger("", durationInSeconds(window as Duration), spendLimitBounds.window) === undefined
      ? undefined
      : `${prop}.window: got ${show(window)}; allowed is a duration such as "30m", "1h" or "7d", or a whole number of seconds, 1 or more.`,
  ),
  each("gateway-spend-limit-technique", ({ prop, rule: { technique } }) =>
    checkWord(`${prop}.technique`, technique, spendLimitTechniques),
  ),
  each("gateway-spend-limit-filter", ({ prop, rule }) => [
    ...(["model", "provider"] as const)
      .filter((key) => rule[key] !== undefined && !isToken(rule[key]) && !hasTexts(rule[key]))
      .map(
        (key) =>
          `${prop}.${key}: got ${show(rule[key])}; allowed is an array of names, at least one.`,
      ),
    ...checkMetadata(prop, rule.metadata),
  ]),
  each("gateway-spend-limit-id", ({ prop, rule: { id } }) =>
    id === undefined || isToken(id) || (typeof id === "string" && id.trim() !== "")
      ? undefined
      : `${prop}.id: got ${show(id)}; allowed is a text that is not empty.`,
  ),
  {
    name: "gateway-spend-limit-same-id",
    check: ({ spendLimits }) => checkIds(entries(spendLimits)),
  },
  each("gateway-spend-limit-enabled", ({ prop, rule: { enabled } }) =>
    checkBoolean(`${prop}.enabled`, enabled),
  ),
];

const allowed = 'allowed is an array such as [{ limit: 25, window: "1d" }].';

function checkForm(limits: unknown): string | readonly string[] | undefined {
  if (limits === undefined || isToken(limits)) {
    return limits === undefined ? undefined : `spendLimits: got a token; ${allowed}`;
  }
  if (!Array.isArray(limits)) {
    return `spendLimits: got ${show(limits)}; ${allowed}`;
  }
  return limits.flatMap((rule, index) =>
    isWrittenObject(rule) ? [] : [`spendLimits[${index}]: got ${show(rule)}; ${allowed}`],
  );
}

function checkMetadata(prop: string, metadata: unknown): readonly string[] {
  const form = 'allowed is "partition", or an array of values, at least one';
  if (metadata === undefined || isToken(metadata)) {
    return [];
  }
  if (!isWrittenObject(metadata)) {
    return [
      `${prop}.metadata: got ${show(metadata)}; allowed is an object such as { userId: "partition" }.`,
    ];
  }
  if (Object.keys(metadata).length === 0) {
    return [
      `${prop}.metadata: got an empty object; allowed is an object with at least one key, such as { userId: "partition" }. Remove metadata for a budget of all requests.`,
    ];
  }
  const lost = Object.keys(metadata).filter((key) => !isPassedOn(key));
  return [
    ...lost.map(
      (key) =>
        `${prop}.metadata: got the key ${show(key)}, which would be lost; allowed is another one.`,
    ),
    ...Object.entries(metadata)
      .filter(([, by]) => by !== "partition" && !isToken(by) && !hasTexts(by))
      .map(([key, by]) => `${prop}.metadata.${key}: got ${show(by)}; ${form}.`),
  ];
}

function checkIds(all: readonly Entry[]): readonly string[] {
  const ids = all.map(({ rule }) => spendLimitId(rule as unknown as SpendLimit));
  return all.flatMap(({ prop }, index) => {
    const first = ids.indexOf(ids[index] as string);
    if (first === index || isToken(ids[index])) {
      return [];
    }
    return [
      `${prop}: has the id ${show(ids[index])} of spendLimits[${first}]; the two would share one counter. Without an id, it is made of everything but the limit: give one of them an id of its own, or remove it.`,
    ];
  });
}

const entries = (limits: unknown): readonly Entry[] =>
  Array.isArray(limits) && !isToken(limits)
    ? limits.flatMap((rule: unknown, index) =>
        isWrittenObject(rule) ? [{ prop: `spendLimits[${index}]`, rule }] : [],
      )
    : [];
