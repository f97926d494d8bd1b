import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { WorkingDirectory } from "../../../../emulator/terraform/core/working-directory.js";
import { removeFolder, temporaryFolder } from "../../../secrets/temporary-folder.js";

describe("WorkingDirectory", () => {
  let folder: string;
  let child: ChildProcess | undefined;
  beforeEach(() => {
    folder = temporaryFolder("wd-");
    for (const name of ["root/cdktf.out/stacks/app", "elsewhere"]) {
      mkdirSync(join(folder, name), { recursive: true });
    }
  });
  afterEach(async () => {
    if (child) {
      const gone = new Promise((resolve) => child?.once("close", resolve));
      child.kill();
      await gone;
    }
    child = undefined;
    await removeFolder(folder);
  });

  const root = () => join(folder, "root");

  test("an absolute path is taken as it is", async () => {
    const directory = new WorkingDirectory("/nowhere/socket", [root()]);
    expect((await directory.find("/a/b")).path).toBe("/a/b");
  });

  test("a stack's own file is found below the project", async () => {
    const file = join(root(), "cdktf.out/stacks/app/worker.js");
    writeFileSync(file, "");
    const directory = new WorkingDirectory("/nowhere/socket", [root()]);
    expect((await directory.find("worker.js")).path).toBe(file);
  });

  test("of several files the one with the right content is taken", async () => {
    const right = join(root(), "cdktf.out/stacks/app/worker.js");
    writeFileSync(join(root(), "worker.js"), "old");
    writeFileSync(right, "new");
    const directory = new WorkingDirectory("/nowhere/socket", [root()]);
    const accept = async (path: string) => (await readFile(path, "utf8")) === "new";
    expect((await directory.find("worker.js", accept)).path).toBe(right);
  });

  test("the places are told when the file is in none", async () => {
    const directory = new WorkingDirectory("/nowhere/socket", [root()]);
    expect((await directory.find("worker.js")).tried).toContain(join(root(), "worker.js"));
  });

  const whereProcessesTell = ["linux", "darwin"].includes(process.platform) ? test : test.skip;
  whereProcessesTell("the directory of the process that has the address comes first", async () => {
    // GIVEN
    const address = join(folder, "the-socket");
    writeFileSync(join(root(), "worker.js"), "");
    writeFileSync(join(folder, "elsewhere", "worker.js"), "");
    child = spawn(process.execPath, ["-e", "console.log(1); setInterval(() => {}, 1000)"], {
      cwd: join(folder, "elsewhere"),
      env: { ...process.env, TF_REATTACH_PROVIDERS: JSON.stringify({ String: address }) },
      stdio: ["ignore", "pipe", "ignore"],
    });
    await new Promise((resolve) => child?.stdout?.once("data", resolve));
    // WHEN
    const found = await new WorkingDirectory(address, [root()]).find("worker.js");
    // THEN
    expect(found.path).toBe(join(folder, "elsewhere", "worker.js"));
  });
});
