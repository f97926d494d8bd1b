import { setImmediate } from "node:timers/promises";
import { afterEach, expect, test } from "@jest/globals";
import { ManualClock } from "../../../emulator/clock.js";
import { CronSchedule } from "../../../emulator/crons/cron-schedule.js";

const MINUTE = 60_000;
const clock = new ManualClock(Date.UTC(2026, 0, 1));
const calls: string[] = [];
const lines: string[] = [];
let running: CronSchedule | undefined;
let answer: () => Promise<"ok" | "failed" | "no-handler"> = async () => "ok";

function start(...scripts: readonly (readonly [name: string, ...crons: string[]])[]): CronSchedule {
  calls.length = 0;
  lines.length = 0;
  running = new CronSchedule({
    accountId: "a",
    clock,
    workers: {
      runScheduled: (_account, name, { cron, scheduledTime }) => {
        calls.push(`${name} ${cron} ${new Date(scheduledTime).toISOString().slice(11, 19)}`);
        return answer();
      },
    },
    scripts: () =>
      scripts.map(([name, ...crons]) => ({
        name,
        schedules: crons.map((cron) => ({ cron, created_on: "", modified_on: "" })),
      })),
    log: (line) => lines.push(line),
  });
  running.restart();
  return running;
}

async function pass(ms: number): Promise<void> {
  clock.advance(ms);
  for (let turn = 0; turn < 5; turn += 1) await setImmediate();
}

afterEach(async () => {
  answer = async () => "ok";
  await running?.close();
});

test("all that are due in one minute run, of every script, and go on running", async () => {
  start(["one", "*/2 * * * *", "* * * * *"], ["two", "*/2 * * * *"], ["three"]);

  const now = clock.now();
  await pass(MINUTE);
  await pass(MINUTE);

  const at = (minutes: number) => new Date(now + minutes * MINUTE).toISOString().slice(11, 19);
  expect(calls).toEqual([
    `one * * * * * ${at(1)}`,
    `one */2 * * * * ${at(2)}`,
    `one * * * * * ${at(2)}`,
    `two */2 * * * * ${at(2)}`,
  ]);
});

test("a handler that takes its time does not keep the next run", async () => {
  answer = () => new Promise((resolve) => void setTimeout(() => resolve("ok"), 50));
  start(["one", "* * * * *"]);

  await pass(MINUTE);
  await pass(MINUTE);

  expect(calls).toHaveLength(2);
});

test("an expression that cannot be read is told once, and keeps no other from running", async () => {
  start(["one", "every day", "* * * * *"]);

  await pass(MINUTE);
  await pass(MINUTE);

  expect(calls).toHaveLength(2);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('The cron "every day" does not run');
});

test("a host that fails is told with the script's name, and ends nothing", async () => {
  answer = () => Promise.reject(new Error("workerd is gone"));
  start(["one", "* * * * *"]);

  await pass(MINUTE);
  await pass(MINUTE);

  expect(lines).toEqual([
    '[one] scheduled "* * * * *": workerd is gone',
    '[one] scheduled "* * * * *": workerd is gone',
  ]);
});

test("nothing runs once it is closed, and close waits for what runs", async () => {
  let ended = false;
  answer = async () => {
    await setImmediate();
    ended = true;
    return "ok";
  };
  const crons = start(["one", "* * * * *"]);
  clock.advance(MINUTE);
  await Promise.resolve();
  await setImmediate();

  await crons.close();
  expect(ended).toBe(true);
  crons.restart();
  await pass(MINUTE);

  expect(calls).toHaveLength(1);
});
