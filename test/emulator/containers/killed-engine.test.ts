import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "@jest/globals";
import { LocalEngine } from "../../../emulator/containers/local-engine.js";
import { temporaryDirectory } from "../state/temporary-directory.js";
import { isAlive, until } from "./echo-service.js";

test("an emulator that is killed leaves no container behind, nor what a container started", async () => {
  // GIVEN
  const { path, remove } = await temporaryDirectory();
  await writeFile(
    join(path, "server.mjs"),
    `import { spawn } from "node:child_process";
     const child = spawn("sleep", ["1000"]);
     process.on("SIGTERM", () => {});
     process.on("SIGHUP", () => {});
     console.log("listens as " + process.pid);
     console.log("listens as " + child.pid);
     setInterval(() => {}, 1000);`,
  );
  await writeFile(
    join(path, "Dockerfile"),
    'FROM node:22\nWORKDIR /app\nCOPY server.mjs ./\nCMD ["node", "/app/server.mjs"]\n',
  );
  const engine = spawn(
    process.execPath,
    ["--import", "tsx", join(__dirname, "engine-in-a-process.ts"), path],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const pids: number[] = [];
  createInterface({ input: engine.stdout }).on("line", (line) => {
    pids.push(Number(/^running (\d+)$/.exec(line)?.[1]));
  });
  await until(() => pids.length === 2, "the container runs");
  expect(pids.map(isAlive)).toEqual([true, true]);
  // WHEN
  engine.kill("SIGKILL");
  await once(engine, "exit");
  // THEN
  await until(() => !pids.some(isAlive), "nothing of it is left");
  await remove();
});

test("the next engine removes what one leaves that was killed with its reaper, and nothing of a living one", async () => {
  // GIVEN the folder of a process that is gone, and a program that still runs from it
  const gone = spawn(process.execPath, ["-e", ""]);
  await once(gone, "exit");
  const left = join(tmpdir(), `ai-gateway-containers-${gone.pid}-abcdef`);
  const app = join(left, "1", "app");
  await mkdir(app, { recursive: true });
  const orphan = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { cwd: app });
  const ended = once(orphan, "exit");
  const living = new LocalEngine({ image: () => undefined });
  await living.start();
  // WHEN
  const next = new LocalEngine({ image: () => undefined });
  await next.start();
  // THEN
  if (process.platform === "linux") expect((await ended)[1]).toBe("SIGKILL");
  else orphan.kill("SIGKILL");
  expect(existsSync(left)).toBe(false);
  expect(existsSync(living.socketPath().slice("unix:".length))).toBe(true);
  await Promise.all([living.close(), next.close()]);
  const mine = `ai-gateway-containers-${process.pid}-`;
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith(mine))).toEqual([]);
});
