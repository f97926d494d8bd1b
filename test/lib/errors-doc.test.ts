import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { gatewayRules } from "../../lib/ai-gateway/ai-gateway-validation.js";
import { durableObjectNamespaceRules } from "../../lib/workers/durable-object-namespace.js";
import { assetsRules, workerRules } from "../../lib/workers/worker-validation.js";

const page = readFileSync(join(__dirname, "../../docs/errors.md"), "utf8");
const names = [gatewayRules, workerRules, assetsRules, durableObjectNamespaceRules].flatMap(
  (rules) =>
    Object.values(rules).flatMap((rows: readonly { readonly name: string }[]) =>
      rows.map(({ name }) => name),
    ),
);

describe("docs/errors.md", () => {
  test.each(names)("lists %s", (name) => {
    expect(page).toMatch(new RegExp(`^\\| ${name} +\\|`, "m"));
  });

  test("lists no rule that is gone", () => {
    const listed = [...page.matchAll(/^\| ((?:gateway|worker)-[a-z-]+) +\|/gm)].map(
      ([, name]) => name,
    );

    expect(listed.sort()).toEqual([...names].sort());
  });

  test("names each rule once", () => {
    expect(new Set(names).size).toBe(names.length);
  });
});
