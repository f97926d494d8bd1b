import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { TokenBench } from "./token-bench.js";

let token: TokenBench;

beforeAll(async () => {
  token = await TokenBench.start();
}, 60_000);
afterAll(() => token.close());

test("The delivery of a token ends with its Terraform, so that it brings no older value after the next deploy", async () => {
  // GIVEN a rotation whose Terraform is killed, and nothing else, while a Worker cannot be reached
  const { faults } = token.bench.emulator;
  token.declare({ rotation: "1" });
  await token.deploy();
  const before = await token.ask();
  token.declare({ rotation: "2" });
  const terraform = spawn("terraform", ["apply", "-auto-approve", "-no-color"], {
    cwd: token.bench.stackDirectory,
    env: token.bench.environment() as NodeJS.ProcessEnv,
    stdio: "ignore",
    detached: true,
  });
  const ended = once(terraform, "exit");
  faults.record();
  faults.onStrike(async () => {
    terraform.kill("SIGKILL");
    await ended;
  });
  faults.add({ method: "PUT", path: "**/secrets", answer: 503 });

  // WHEN there is time for two more attempts
  await ended;
  await setTimeout(3_000);
  const sent = faults.calls.filter(({ struck }) => struck);
  faults.clear();
  faults.onStrike(undefined);
  // What the killed one left: providers that are no part of the emulator.
  try {
    process.kill(-(terraform.pid as number), "SIGKILL");
  } catch {
    // There is nothing left.
  }

  // THEN there was none, and the next deploy delivers
  expect(sent).toHaveLength(1);
  await token.deploy();
  const after = await token.ask();
  expect(after.status).toBe(200);
  expect(after.value).not.toBe(before.value);
}, 180_000);
