import type { IConstruct } from "constructs";

/** A provider somewhere in a construct's declaration. */
export interface UsedProvider {
  /** Its name in URLs, such as "openai", "workers-ai" or "custom-internal". May be a token. */
  readonly provider: string;

  /** Where it is declared, as messages name it: a prop, or an element of a graph. */
  readonly where: string;
}

/** A construct that names providers of models: a route, a key, a limit. Policies look at it. */
export interface IUsesProviders extends IConstruct {
  /** All that its declaration names, in its order; none where it names none. */
  readonly usedProviders: readonly UsedProvider[];
}

/** Whether a construct says which providers it uses. */
export const isUsingProviders = (construct: IConstruct): construct is IUsesProviders =>
  "usedProviders" in construct && Array.isArray(construct.usedProviders);
