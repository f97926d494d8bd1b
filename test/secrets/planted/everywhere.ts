import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { canary, watchSecret } from "../canary.js";
import { handIn, removeFolder, temporaryFolder } from "../temporary-folder.js";

/** Not a test of the run: it leaves a secret in each kind of place, for leaks.test.ts to see it found. */
const left = temporaryFolder("left-");
const looked = temporaryFolder("looked-");
const inProject = temporaryFolder(".left-", __dirname);

const write = (folder: string, name: string, content: string) => {
  mkdirSync(join(folder, "logs"), { recursive: true });
  writeFileSync(join(folder, name), content);
};

test("Terraform's plan and state", () => {
  const block = { terraform_data: { leak: { input: canary("one in plan and state") } } };
  write(left, "main.tf.json", JSON.stringify({ resource: block }));
  handIn(join(left, "main.tf.json"), "the configuration that Terraform is to read");
  const terraform = (...args: string[]) => execFileSync("terraform", args, { cwd: left });
  terraform("init");
  terraform("plan", "-out=plan");
  terraform("apply", "plan");
}, 120_000);

test("a log, in base64, and a token that something else has made", () => {
  const line = Buffer.from(`Bearer ${canary("one in a log")}`).toString("base64");
  write(left, "logs/requests.ndjson", line);
  watchSecret("a token of an emulator", "made-elsewhere-0123456789");
  write(left, "exports", "made-elsewhere-0123456789");
});

test("a folder of the project, and one that nobody looked into", () => {
  write(inProject, "gateway.ts", canary("one in the project"));
  rmSync(temporaryFolder("removed-"), { recursive: true });
});

test("a folder that is looked into", async () => {
  write(looked, "state.json", canary("one in a folder"));
  await removeFolder(looked);
});

afterAll(() => expect(left).toContain("left-"));
