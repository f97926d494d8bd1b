import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { CANARY_MARK } from "./canary.js";

const root = join(__dirname, "../..");

/** A run of jest with files that are no tests of ours. */
function run(name: string, ...options: readonly string[]) {
  const program = join(root, "node_modules/jest/bin/jest.js");
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [program, "--testMatch", `<rootDir>/test/secrets/planted/${name}.ts`, ...options],
    // Its own folder stands beside ours: what it leaves on purpose is no leak of this run.
    { cwd: root, encoding: "utf8", env: { ...process.env, TMPDIR: process.env.SHARED_TMPDIR } },
  );
  const [said = "", report = ""] = (stdout + stderr).split("globalTeardown");
  const found = report.split("\n").filter((line) => /^ {2}.*: in /.test(line));
  return { status, said, report, found: found.sort() };
}

describe("a run whose tests leave secrets", () => {
  test("fails, and names each secret and where it is, but no value", () => {
    const { status, said, report, found } = run("everywhere", "--maxWorkers=1");

    expect(status).toBe(1);
    expect(said + report).not.toContain(CANARY_MARK);
    expect(found).toEqual(
      [
        /^ {2}a token of an emulator, plain: in left-\w+\/exports$/,
        /^ {2}anything, as nobody looked before it was removed: in .*\/removed-\w+$/,
        /^ {2}one in a log, base64: in left-\w+\/logs\/requests\.ndjson$/,
        /^ {2}one in plan and state, plain: in left-\w+\/plan \(tfconfig.*\)$/,
        /^ {2}one in plan and state, plain: in left-\w+\/plan \(tfplan\)$/,
        /^ {2}one in plan and state, plain: in left-\w+\/terraform\.tfstate$/,
        /^ {2}one in the project, plain: in .*\/test\/secrets\/planted\/\.left-\w+: gateway\.ts$/,
      ].map((line) => expect.stringMatching(line)),
    );
    // AND the test that looked into its own folder has failed for what was there
    expect(said).toContain("  one in a folder, plain: in state.json");
    // AND all of it is gone
    expect(readdirSync(join(__dirname, "planted"))).toEqual(["everywhere.ts", "printed.ts"]);
  }, 180_000);

  test.each([
    ["in jest's own process", "printed", "--maxWorkers=1"],
    // The limit keeps jest from running two short files in its own process.
    ["in processes of its workers", "*", "--maxWorkers=2", "--workerIdleMemoryLimit=1GB"],
  ])(
    "fails for what they print %s",
    (_, name, ...options) => {
      const { status, report, found } = run(name, ...options, "--testNamePattern=console|failure");

      expect(status).toBe(1);
      expect(report).not.toContain(CANARY_MARK);
      expect(found.filter((line) => line.includes("jest printed"))).toEqual(
        ["in a failure", "on stderr", "on stdout", "on the console"].flatMap((where) => [
          `  one ${where}, plain: in what jest printed`,
          `  one ${where}, plain: in what jest printed, without its colours`,
        ]),
      );
    },
    180_000,
  );
});
