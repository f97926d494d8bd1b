import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "@jest/globals";
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
