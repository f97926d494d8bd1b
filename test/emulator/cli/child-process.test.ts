import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { expect, test } from "@jest/globals";

const root = resolve(__dirname, "../../..");

/** Starts a command that neither writes nor reads again, so that no closed pipe ends it. */
const starter = `
const { startChild } = require(${JSON.stringify(join(root, "emulator/cli/child-process.ts"))});
startChild(["sh", "-c", "echo $$; exec sleep 1000"], { env: process.env, onLine: console.log });
`;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test("a command ends when whoever started it was killed", async () => {
  const parent = spawn(process.execPath, ["--require", "tsx/cjs", "-e", starter], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const pid = await new Promise<number>((said) => {
    parent.stdout.once("data", (line) => said(Number(line)));
  });
  expect(isAlive(pid)).toBe(true);

  parent.kill("SIGKILL");

  for (let waited = 0; waited < 100 && isAlive(pid); waited++) {
    await new Promise((wait) => setTimeout(wait, 50));
  }
  const left = isAlive(pid);
  if (left) process.kill(pid, "SIGKILL");
  expect(left).toBe(false);
}, 30_000);
