import {
  type GuardrailAction,
  type GuardrailActions,
  type GuardrailCategory,
  type GuardrailsSetting,
  guardrailActions,
  guardrailCategories,
} from "../../../protocol/gateway-guardrails.js";
import { didYouMean } from "../../nearest-word.js";
import { checkWord, type Rule, show } from "../../prop-rules.js";
import { isWrittenObject } from "./written-out.js";

/**
 * What is done with each category of hazard; one that is not named is not looked for.
 * @see https://developers.cloudflare.com/ai-gateway/features/guardrails/
 */
export interface Guardrails {
  /** In what is asked. @default nothing is looked for */
  readonly prompt?: GuardrailRules;

  /** In what is answered. @default nothing is looked for */
  readonly response?: GuardrailRules;
}

/** "FLAG" lets it pass and marks it in the log, "BLOCK" refuses it. */
export type GuardrailRules = { readonly [Category in GuardrailCategory]?: GuardrailAction };

interface Props {
  readonly guardrails?: Guardrails;
}

const sides = ["prompt", "response"] as const;
const categories = Object.keys(guardrailCategories);

export const guardrailRules: readonly Rule<Props>[] = [
  { name: "gateway-guardrails", check: ({ guardrails }) => checkForm(guardrails) },
  {
    name: "gateway-guardrails-category",
    check: ({ guardrails }) =>
      given(guardrails)
        .filter(({ category }) => !Object.hasOwn(guardrailCategories, category))
        .map(({ side, category }) => unknownCategory(side, category)),
  },
  {
    name: "gateway-guardrails-action",
    check: ({ guardrails }) =>
      given(guardrails).flatMap(
        ({ side, category, action }) =>
          checkWord(`guardrails.${side}.${category}`, action, guardrailActions) ?? [],
      ),
  },
  {
    name: "gateway-guardrails-empty",
    check: ({ guardrails }) =>
      isWrittenObject(guardrails) && given(guardrails).length === 0
        ? 'guardrails: got no category; nothing would be looked for. Name one, such as { prompt: { violentCrimes: "BLOCK" } }, or remove guardrails.'
        : undefined,
  },
];

/** Guardrails read an answer as a whole. */
export const guardrailsStopStreaming = ({ guardrails }: Props): string | undefined =>
  given(guardrails).length > 0
    ? "guardrails are on: the gateway reads each answer as a whole, so a request with stream: true is answered in one piece. Remove guardrails where answers must stream."
    : undefined;

export function renderGuardrails({ prompt, response }: Guardrails): GuardrailsSetting {
  return { prompt: renderRules(prompt), response: renderRules(response) };
}

function renderRules(rules: GuardrailRules = {}): GuardrailActions {
  return Object.fromEntries(
    Object.entries(guardrailCategories).flatMap(([category, key]) => {
      const action = rules[category as GuardrailCategory];
      return action === undefined ? [] : [[key, action]];
    }),
  );
}

function checkForm(guardrails: unknown): string | readonly string[] | undefined {
  if (guardrails === undefined) {
    return undefined;
  }
  const allowed =
    'allowed is an object such as { prompt: { violentCrimes: "BLOCK" }, response: { hate: "FLAG" } }.';
  if (!isWrittenObject(guardrails)) {
    return `guardrails: got ${show(guardrails)}; ${allowed}`;
  }
  return Object.entries(guardrails).flatMap(([side, rules]) => {
    if (!(sides as readonly string[]).includes(side)) {
      return [
        `guardrails.${side}: there is no such side; there are prompt and response.${didYouMean(side, sides)}`,
      ];
    }
    return rules === undefined || isWrittenObject(rules)
      ? []
      : [`guardrails.${side}: got ${show(rules)}; ${allowed}`];
  });
}

/** What is written out, whatever it is. */
function given(
  guardrails: unknown,
): readonly { readonly side: string; readonly category: string; readonly action: unknown }[] {
  if (!isWrittenObject(guardrails)) {
    return [];
  }
  return sides.flatMap((side) => {
    const rules = guardrails[side];
    return isWrittenObject(rules)
      ? Object.entries(rules)
          .filter(([, action]) => action !== undefined)
          .map(([category, action]) => ({ side, category, action }))
      : [];
  });
}

function unknownCategory(side: string, category: string): string {
  const byKey = Object.entries(guardrailCategories).find(([, key]) => key === category)?.[0];
  const hint = byKey === undefined ? didYouMean(category, categories) : ` Did you mean ${byKey}?`;
  return `guardrails.${side}.${category}: there is no such category; there are ${categories.join(", ")}.${hint}`;
}
