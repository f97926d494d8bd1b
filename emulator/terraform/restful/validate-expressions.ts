import { type ObjectValue, text, texts } from "../core/cty-value.js";
import type { Diagnostics } from "../core/diagnostics.js";
import { pathFault } from "./path-builder.js";
import { Selector } from "./selector.js";

interface Expressions {
  readonly paths: readonly string[];
  /** Selectors; one with `$(…)` inside is checked when it is used. */
  readonly selectors: readonly string[];
  readonly selectorLists: readonly string[];
}

/** Refuses expressions this provider would read wrongly, before anything is sent. */
export function validateExpressions(
  { paths, selectors, selectorLists }: Expressions,
  config: ObjectValue,
  diagnostics: Diagnostics,
): void {
  for (const name of paths) {
    const fault = pathFault(text(config[name]) ?? "");
    if (fault) diagnostics.error(`Invalid ${name}`, fault, name);
  }
  const given = [
    ...selectors.flatMap((name) => pairs(name, [text(config[name]) ?? ""])),
    ...selectorLists.flatMap((name) => pairs(name, texts(config[name]) ?? [])),
  ];
  for (const { name, selector } of given) {
    if (selector === "" || selector.includes("$(")) continue;
    try {
      new Selector(selector);
    } catch (error) {
      diagnostics.error(`Invalid ${name}`, (error as Error).message, name);
    }
  }
}

const pairs = (name: string, selectors: readonly string[]) =>
  selectors.map((selector) => ({ name, selector }));
