import { describe, expect, test } from "@jest/globals";
import { TerraformVariable } from "cdktf";
import type { WorkerProps } from "../../../lib/index.js";
import { canary } from "../../secrets/canary.js";
import { newBundle, newStack, problemsOf } from "../new-stack.js";
import { newWorker } from "./new-worker.js";

describe("a Worker's props fail", () => {
  const literal = canary("a Worker's secret");
  test.each<[string, Record<string, unknown>, string]>([
    [
      "a missing bundle",
      { bundle: "no/such.js" },
      'bundle: got "no/such.js"; there is no such file. Run the bundler first (such as npx esbuild src/worker.ts --bundle --format=esm "--external:cloudflare:*" --outfile=no/such.js)',
    ],
    ["no bundle at all", { bundle: undefined }, "bundle: got nothing; allowed is the path"],
    [
      "a bundle that is no module",
      { bundle: newBundle("addEventListener()") },
      "exports nothing, so it is no ES module.",
    ],
    [
      "a script name that is no DNS label",
      { scriptName: "Chat_Worker" },
      'scriptName: got "Chat_Worker"; allowed is 1 to 63',
    ],
    ["a script name that is too long", { scriptName: "x".repeat(64) }, "scriptName: got"],
    ["a script name with a hyphen at its end", { scriptName: "x-" }, "scriptName: got"],
    [
      "a date that is none",
      { compatibilityDate: "2026-02-30" },
      'compatibilityDate: got "2026-02-30"; allowed is a date',
    ],
    [
      "a share above 1",
      { observability: { headSamplingRate: 2 } },
      "observability.headSamplingRate: got 2; allowed is a number from 0",
    ],
    [
      "a share of logs below 0",
      { observability: { logs: { headSamplingRate: -1 } } },
      "observability.logs.headSamplingRate: got -1",
    ],
    [
      "a word for a truth value",
      { workersDev: "no" },
      'workersDev: got "no"; allowed is true or false.',
    ],
    [
      "a number for a truth value",
      { previewUrls: 1 },
      "previewUrls: got 1; allowed is true or false.",
    ],
    [
      "previews without workers.dev",
      { workersDev: false, previewUrls: true },
      "previewUrls: got true with workersDev false;",
    ],
    ["a slip of the pen", { var: {} }, "var: there is no such prop;"],
    [
      "a var that is no text",
      { vars: { PORT: 80 } },
      "vars.PORT: got 80; allowed is a text. Objects and arrays go into jsonVars.",
    ],
    [
      "a JSON var that is a text",
      { jsonVars: { A: "x" } },
      'jsonVars.A: got the text "x"; allowed are objects',
    ],
    [
      "a JSON var that is no JSON",
      { jsonVars: { A: { at: new Date(0) } } },
      "jsonVars.A: value.at is a Date; allowed are objects",
    ],
    [
      "JSON vars without the importable env",
      { jsonVars: { A: [] }, compatibilityFlags: ["disallow_importable_env"] },
      'compatibilityFlags: got "disallow_importable_env" with jsonVars;',
    ],
    [
      "a name that is no identifier",
      { vars: { "MY-VAR": "x" } },
      'binding name: got "MY-VAR" for a var; allowed are letters',
    ],
    [
      "a name used twice",
      { vars: { A: "x" }, jsonVars: { A: [] } },
      '"A" is used twice, for a var and for a JSON var;',
    ],
    [
      "a secret that is written out",
      { secrets: { API_KEY: literal } },
      'secrets.API_KEY: got a literal text; it would be readable in the synthesized JSON. Write new SecretVariable(stack, "api_key")',
    ],
  ])("for %s", (_, props, message) => {
    const { stack } = newWorker(props as Partial<WorkerProps>);

    const problems = problemsOf(stack);

    expect(problems).toEqual([expect.stringContaining(message)]);
    expect(problems[0]).toMatch(/^\[chat\/worker\] /);
    expect(problems[0]).not.toContain(literal);
  });

  test("not for tokens", () => {
    const stack = newStack();
    const name = new TerraformVariable(stack, "name", { type: "string" });

    newWorker({ scriptName: name.stringValue, vars: { A: name.stringValue } }, stack);

    expect(problemsOf(stack)).toEqual([]);
  });
});
