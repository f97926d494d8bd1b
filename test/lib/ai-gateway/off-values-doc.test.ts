import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { propOf } from "../../../lib/ai-gateway/setting-values.js";
import {
  type GatewaySettings,
  gatewayDefaults,
  putOnlySettings,
} from "../../../protocol/gateway-settings.js";

const page = readFileSync(join(__dirname, "../../../docs/ai-gateway.md"), "utf8");
const table = /\| prop \| off \|[\s\S]*?\n\n/.exec(page)?.[0] ?? "";
const keys = Object.keys(gatewayDefaults) as (keyof GatewaySettings)[];

/** Each prop of the table with what its row says; one value may hold for all of a row. */
const rows = [...table.matchAll(/^\| (`.+?) \| (.+?) \|/gm)].flatMap(([, first = "", off = ""]) => {
  const props = [...first.matchAll(/`(\w+)`/g)].map(([, prop = ""]) => prop);
  const values = off.match(/`[^`]+`|null|none/g) ?? [];
  return props.map((prop, index) => ({
    prop,
    off: values[index] ?? values[0] ?? "",
    marks: first.replaceAll(/[^²³]/g, ""),
  }));
});

const readValue = (text: string): unknown =>
  text === "none" ? null : JSON.parse(text.replaceAll("`", "").replaceAll(/(\w+):/g, '"$1":'));

test.each(keys)("docs/ai-gateway.md says what %s is when it is off, as it is sent", (key) => {
  const row = rows.find(({ prop }) => prop === propOf(key));

  expect(row && readValue(row.off)).toEqual(gatewayDefaults[key]);
  // And how it is sent.
  const marks = [
    (putOnlySettings as readonly string[]).includes(key) ? "²" : "",
    ["otel", "stripe"].includes(key) ? "³" : "",
  ].join("");
  expect(row?.marks).toBe(marks);
});
