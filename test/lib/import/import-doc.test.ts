import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { TerraformElement } from "cdktf";
import { Construct } from "constructs";
import * as library from "../../../lib/index.js";

const page = readFileSync(join(__dirname, "../../../docs/import.md"), "utf8");

/** Rows of the table: a construct, and the static method that only uses what exists. */
const rows = new Map(
  [...page.matchAll(/^\| `(\w+)` \|[^\n|]*\|[^\n|]*\| (?:`(from\w+)` )?\|$/gm)].map(
    ([, name = "", from]) => [name, from] as const,
  ),
);

/** Constructs that can take over what exists. */
const importing = Object.entries(library).filter(
  ([, value]) =>
    typeof value === "function" &&
    value.prototype instanceof Construct &&
    // What constructs are made of is none itself.
    !(value.prototype instanceof TerraformElement) &&
    Object.hasOwn(value.prototype as object, "importFrom"),
) as [string, { new (...args: never[]): Construct }][];

const staticsOf = (name: string): readonly string[] =>
  Object.getOwnPropertyNames(new Map<string, unknown>(Object.entries(library)).get(name)).filter(
    (member) => /^from[A-Z]/.test(member),
  );

describe("the page about importing", () => {
  test.each(importing.map(([name]) => name))("lists %s, and how it is only used", (name) => {
    expect([...rows.keys()]).toContain(name);
    expect([rows.get(name)].filter((from) => from !== undefined)).toEqual(staticsOf(name));
  });

  test("lists no construct that cannot be imported", () => {
    const names = importing.map(([name]) => name);

    // A cron has nothing to import, which the page says.
    expect([...rows.keys()].filter((name) => !names.includes(name))).toEqual(["WorkerCron"]);
  });

  test.each([
    "AiGateway",
    "AiGatewayToken",
    "CustomDomain",
    "CustomProvider",
    "Dataset",
    "DynamicRoute",
    "Evaluation",
    "GatewayPolicy",
    "ProviderKey",
  ])("finds importFrom in %s, which belongs to a gateway", (name) => {
    expect(importing.map(([known]) => known)).toContain(name);
  });
});
