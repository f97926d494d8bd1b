import type { Construct } from "constructs";
import { invalidProps } from "./errors.js";
import { isRecord, type PropRules, type Rule } from "./prop-rules.js";

/**
 * The first step of every construct: its props without those that are faulty, for plain JavaScript lets anything through
 * and what is faulty cannot be rendered. The construct's own rules report it, with all else that is wrong.
 *
 * @throws {@link UsageError} where the props are no object
 */
export function soundProps<Props extends object>(
  owner: Construct,
  rules: PropRules<Props>,
  props: Props,
): Props {
  requireProps(owner, Object.keys(rules), props);
  return withoutFaulty(rules, props);
}

/** @throws {@link UsageError} where the props are no object */
export function requireProps(owner: Construct, known: readonly string[], props: unknown): void {
  if (!isRecord(props)) {
    throw invalidProps(owner.node.path, props, known);
  }
}

/** The props that none of their rules has anything against. */
function withoutFaulty<Props extends object>(rules: PropRules<Props>, props: Props): Props {
  const isFaulty = (prop: string): boolean => {
    const own: readonly Rule<Props>[] = Object.hasOwn(rules, prop)
      ? rules[prop as keyof Props]
      : [];
    return own.some(({ check }) => [check(props) ?? []].flat().length > 0);
  };
  return Object.fromEntries(Object.entries(props).filter(([prop]) => !isFaulty(prop))) as Props;
}

/** A text that a construct shows to others; what is none is reported by its rule. */
export const textOrNone = (text: unknown): string => (typeof text === "string" ? text : "");
