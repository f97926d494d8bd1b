import type { PolicyTerms } from "../../state/stored-gateway-resources.js";
import { notEmulated } from "../api-error.js";
import type { Simulation } from "./schema.js";

/**
 * Whether policies let a request through, as far as the documentation settles it: a policy that blocks wins, one
 * without a cap allows, and what none matches is blocked.
 *
 * @throws {ApiError} 501 for a condition other than `true`, and where a spend cap would decide: what a budget looks
 * like in the answer is in no source.
 * @see https://developers.cloudflare.com/ai-gateway/features/policies/
 */
export function simulate(policies: readonly PolicyTerms[], request: Simulation) {
  const odd = policies.find(({ condition }) => condition.trim() !== "true");
  if (odd) {
    throw notEmulated(`the condition of the policy "${odd.name}"; only the condition "true" is`);
  }
  const matching = policies.filter((policy) => applies(policy, request));
  const blocked = matching.length === 0 || matching.some(({ action }) => action.type === "block");
  const capped = matching.find(({ action }) => action.type === "limit");
  if (!blocked && capped) {
    throw notEmulated(`the budget of the policy "${capped.name}"; blocking and no limit are`);
  }
  return {
    evaluation: { decision: blocked ? "block" : "no-limit", buckets: [] },
    enforcement: blocked ? { allowed: false, reason: "blocked" } : { allowed: true },
    policiesEvaluated: policies.length,
  };
}

function applies(
  { name, actor, resource, action }: PolicyTerms,
  { identity, model, provider }: Simulation,
): boolean {
  const names = resource === "*" ? {} : resource;
  const covered =
    some(names.model, (pattern) => matchesModel(pattern, model)) &&
    some(names.provider, (one) => one === provider);
  // An allowlist is turned round: it blocks what it does not name.
  if (covered === (action.type === "block" && action.except === true)) return false;
  // Who it is for cannot be told: a block blocks, all else does not apply.
  return action.type === "block" || actorIsKnown(name, actor, identity);
}

/** What is not named is not asked for. */
const some = (
  names: string | readonly string[] | undefined,
  matches: (name: string) => boolean,
): boolean => names === undefined || [names].flat().some(matches);

/** `*` stands for anything but a slash. */
function matchesModel(pattern: string, model: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^/]*")}$`).test(model);
}

/** Whether every field in an actor's braces has a value. */
function actorIsKnown(policy: string, actor: string, identity: Record<string, unknown>): boolean {
  return [...actor.matchAll(/\{([^{}]*)\}/g)].every(([, field = ""]) => {
    if (!/^\w+(\.\w+)*$/.test(field)) {
      throw notEmulated(`"{${field}}" in the actor of the policy "${policy}"; names of fields are`);
    }
    const value = field
      .split(".")
      .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | null)?.[key], identity);
    return value !== undefined && value !== null;
  });
}
