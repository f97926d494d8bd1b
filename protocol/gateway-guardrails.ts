/** What a guardrail does with what it finds; without a word for a category, nothing is looked for. */
export const guardrailActions = ["FLAG", "BLOCK"] as const;

export type GuardrailAction = (typeof guardrailActions)[number];

/**
 * Hazard categories by their name, with the API's key: Llama Guard's thirteen, and prompt injection.
 * @see https://developers.cloudflare.com/ai-gateway/features/guardrails/usage-considerations/
 */
export const guardrailCategories = {
  violentCrimes: "S1",
  nonViolentCrimes: "S2",
  sexCrimes: "S3",
  childSexualExploitation: "S4",
  defamation: "S5",
  specializedAdvice: "S6",
  privacy: "S7",
  intellectualProperty: "S8",
  indiscriminateWeapons: "S9",
  hate: "S10",
  suicideAndSelfHarm: "S11",
  sexualContent: "S12",
  elections: "S13",
  promptInjection: "P1",
} as const;

export type GuardrailCategory = keyof typeof guardrailCategories;
export type GuardrailKey = (typeof guardrailCategories)[GuardrailCategory];

export type GuardrailActions = { readonly [Key in GuardrailKey]?: GuardrailAction };

/** The setting `guardrails` in the words of the REST API. */
export interface GuardrailsSetting {
  readonly prompt: GuardrailActions;
  readonly response: GuardrailActions;
}
