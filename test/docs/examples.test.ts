import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { removeFolder, temporaryFolder } from "../secrets/temporary-folder.js";
import { completeExample } from "./complete-example.js";
import { type Example, type ExampleKind, readExamples, root } from "./read-examples.js";

const examples = readExamples();
const tsc = join(dirname(createRequire(__filename).resolve("typescript/package.json")), "bin/tsc");

/** What examples name and the reader has: a bundle, a page, a Dockerfile. */
const files = {
  "bindings.ts":
    'import { aiGatewayBinding } from "cdktf-cloudflare-ai-gateway/binding";\nexport const GATEWAY = aiGatewayBinding("GATEWAY");\n',
  "dist/worker.js":
    "export class Room {} export class SummarizeRoom {} export class Pdf {} export default {};",
  "dist/pdf.js": "export class Pdf {} export default {};",
  "services/pdf/Dockerfile": "FROM scratch\n",
  "public/index.html": "<!doctype html>",
};

const paths = {
  "cdktf-cloudflare-ai-gateway": "lib/index.ts",
  "cdktf-cloudflare-ai-gateway/binding": "protocol/binding.ts",
  "cdktf-cloudflare-ai-gateway/emulator": "emulator/index.ts",
  "cdktf-cloudflare-ai-gateway/worker": "worker/index.ts",
  "cdktf-cloudflare-ai-gateway/worker/container": "worker/container/index.ts",
  "cdktf-cloudflare-ai-gateway/worker/effect": "worker/effect/index.ts",
  "cdktf-cloudflare-ai-gateway/worker/env": "worker/worker-env.ts",
};

describe("the examples of the pages and of the docstrings", () => {
  // Inside the checkout, so that modules are found as for any file of it.
  const directory = temporaryFolder(".examples-", __dirname);
  const fileOf = (example: Example) => `${example.kind}-${examples.indexOf(example)}.ts`;
  let problems: string;
  let synthesized: Readonly<Record<string, string>>;

  beforeAll(async () => {
    for (const [name, text] of Object.entries(files)) write(name, text);
    for (const example of examples) write(fileOf(example), completeExample(example));
    const compiled = await Promise.all([
      compile("stack", "tsconfig.json", [...ofKind("stack"), ...ofKind("emulator")]),
      compile("worker", "worker/tsconfig.json", ofKind("worker")),
    ]);
    problems = compiled.join("\n");
    write("run.ts", runner(ofKind("stack")));
    const ran = await run(process.execPath, ["--import", "tsx", "run.ts"]);
    const answer = /^RESULT (.*)$/m.exec(ran);
    if (!answer?.[1]) throw new Error(`The examples could not be run:\n${ran}`);
    synthesized = JSON.parse(answer[1]) as Record<string, string>;
  }, 240_000);

  afterAll(() => removeFolder(directory));

  test("whoever copies one sees no stack of Node's: an app is in synthApp", () => {
    const bare = examples.filter(({ code }) => /\bnew App\(|\.synth\(\)/.test(code));

    expect(bare.map(({ place }) => place)).toEqual([]);
  });

  test.each(examples.map((example) => [example.place, example] as const))(
    "%s compiles",
    (_, example) => {
      const own = problems.split("\n").filter((line) => line.includes(fileOf(example)));
      expect(own.length === 0 ? "" : `${own.join("\n")}\n${completeExample(example)}`).toBe("");
    },
  );

  test.each(
    examples.filter(({ kind }) => kind === "stack").map((one) => [one.place, one] as const),
  )("%s synthesizes", (_, example) => {
    expect(synthesized[fileOf(example)]).toBe("");
  });

  const ofKind = (kind: ExampleKind) =>
    examples.filter((example) => example.kind === kind).map(fileOf);

  function write(name: string, text: string): void {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }

  function compile(name: string, base: string, include: readonly string[]): Promise<string> {
    const toRoot = relative(directory, root);
    const config = {
      extends: join(toRoot, base),
      compilerOptions: {
        paths: Object.fromEntries(
          Object.entries(paths).map(([module, file]) => [module, [join(toRoot, file)]]),
        ),
        // For the runner too, which finds the modules by this file.
        noEmit: true,
      },
      include,
      exclude: [],
    };
    write(name === "stack" ? "tsconfig.json" : `tsconfig.${name}.json`, JSON.stringify(config));
    const file = name === "stack" ? "tsconfig.json" : `tsconfig.${name}.json`;
    return run(process.execPath, [tsc, "-p", file, "--pretty", "false"]);
  }

  function run(command: string, args: readonly string[]): Promise<string> {
    const env = {
      ...process.env,
      CLOUDFLARE_ACCOUNT_ID: "a".repeat(32),
      CHECKPOINT_DISABLE: "1",
      // What a CI has to say.
      STAGE: "staging",
      // Lets synthApp throw, so that the runner sees what is wrong.
      AI_GATEWAY_STACK_TRACE: "1",
      NODE_OPTIONS: "",
    };
    return new Promise((resolve) => {
      execFile(command, args, { cwd: directory, env, maxBuffer: 1 << 26 }, (_, out, err) =>
        resolve(`${out}${err}`),
      );
    });
  }
});

/** Runs one example after another, each with an app of its own; the last line says what failed. */
const runner = (names: readonly string[]): string => `
const result: Record<string, string> = {};
async function main() {
  for (const name of ${JSON.stringify(names)}) {
    try {
      await require("./" + name).synthesized;
      result[name] = "";
    } catch (error) {
      result[name] = String((error as Error).stack);
    }
  }
  console.log("RESULT " + JSON.stringify(result));
}
void main();
export {};
`;
