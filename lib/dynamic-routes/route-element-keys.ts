import { didYouMean } from "../nearest-word.js";
import { isRecord, shorten, show } from "../prop-rules.js";
import { propertiesOf } from "./route-element.js";
import type { RouteGraphRule } from "./route-graph-rule.js";

const elementKeys = ["id", "type", "properties", "outputs"];

/** Slips of the pen that plain JavaScript lets through: a key that nothing reads. */
export const keyRules: readonly RouteGraphRule[] = [
  {
    name: "dynamic-route-element-key",
    check: (elements) =>
      elements.flatMap(({ id, unknown }) =>
        unknown.map((key) => unknownKey(id, "", key, "an element", elementKeys)),
      ),
  },
  {
    name: "dynamic-route-property",
    check: (elements) =>
      elements.flatMap(({ id, type, properties }) => {
        const known = Object.entries(propertiesOf).find(([name]) => name === type)?.[1];
        return known === undefined
          ? []
          : Object.keys(properties)
              .filter((key) => !(known as readonly string[]).includes(key))
              .map((key) => unknownKey(id, "properties.", key, `the type "${type}"`, known));
      }),
  },
  {
    name: "dynamic-route-edge-key",
    check: (elements) =>
      elements.flatMap(({ id, outputs }) =>
        Object.entries(outputs).flatMap(([output, edge]) =>
          (isRecord(edge) ? Object.keys(edge) : [])
            .filter((key) => key !== "elementId")
            .map((key) => unknownKey(id, `outputs.${output}.`, key, "an edge", ["elementId"])),
        ),
      ),
  },
];

const unknownKey = (
  id: string,
  at: string,
  key: string,
  of: string,
  known: readonly string[],
): string =>
  `graph: ${shorten(`${at}${key}`)} of ${show(id)}: there is no such key; ${of} has ${known.join(", ") || "none"}.${didYouMean(key, known)}`;
