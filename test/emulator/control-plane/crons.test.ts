import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Api, startApi, upload } from "./start-api.js";

const code = "export default { fetch: () => new Response('ok'), scheduled() {} };";
const script = "/workers/scripts/chat";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let api: Api;
beforeEach(async () => {
  api = await startApi();
  await api.call("PUT", script, upload({ main_module: "main.js" }, { "main.js": code }));
});
afterEach(() => api.close());

const schedule = (...crons: string[]) =>
  api.call(
    "PUT",
    `${script}/schedules`,
    crons.map((cron) => ({ cron })),
  );

/** Lets time pass, and what waited for it run. */
async function pass(ms: number): Promise<void> {
  api.clock.advance(ms);
  for (let turn = 0; turn < 5; turn += 1) await setImmediate();
}

describe("schedules", () => {
  test("are a bare array, and come back in their order", async () => {
    const { status, json } = await schedule("0 9 * * *", "*/5 * * * *");

    expect(status).toBe(200);
    const at = "2026-01-01T00:00:00.000Z";
    expect(json.result).toEqual({
      schedules: [
        { cron: "0 9 * * *", created_on: at, modified_on: at },
        { cron: "*/5 * * * *", created_on: at, modified_on: at },
      ],
    });
    const { json: read } = await api.call("GET", `${script}/schedules`);
    expect(read.result).toEqual(json.result);
  });

  test("keep their birth when they are set again, and are gone when left out", async () => {
    await schedule("0 9 * * *", "*/5 * * * *");
    api.clock.advance(1000);

    const { json } = await schedule("0 9 * * *");

    expect(json.result.schedules).toEqual([
      {
        cron: "0 9 * * *",
        created_on: "2026-01-01T00:00:00.000Z",
        modified_on: "2026-01-01T00:00:01.000Z",
      },
    ]);
  });

  test("survive an upload, and not the script", async () => {
    await schedule("0 9 * * *");

    await api.call("PUT", script, upload({ main_module: "main.js" }, { "main.js": code }));
    const kept = await api.call("GET", `${script}/schedules`);
    await api.call("DELETE", script);
    await api.call("PUT", script, upload({ main_module: "main.js" }, { "main.js": code }));
    const gone = await api.call("GET", `${script}/schedules`);

    expect(kept.json.result.schedules).toHaveLength(1);
    expect(gone.json.result.schedules).toEqual([]);
  });

  test("that are none are refused with the reason, and change nothing", async () => {
    await schedule("0 9 * * *");

    const { status, json } = await schedule("0 22 * * 0");

    expect(status).toBe(400);
    expect(json.errors).toEqual([{ code: 10100, message: "invalid cron string: 0 22 * * 0" }]);
    expect(json.messages[0].message).toMatch(/"0" is no weekday: allowed are 1 to 7/);
    const { json: read } = await api.call("GET", `${script}/schedules`);
    expect(read.result.schedules).toHaveLength(1);
  });

  test.each([
    ["no array", { cron: "* * * * *" }],
    ["an array of texts", ["* * * * *"]],
    ["one twice", [{ cron: "* * * * *" }, { cron: "* * * * *" }]],
    [
      "more than an account may have",
      Array.from({ length: 251 }, (_, n) => ({ cron: `${n % 60} ${Math.floor(n / 60)} * * *` })),
    ],
  ])("as %s are a 400", async (_, body) => {
    const { status } = await api.call("PUT", `${script}/schedules`, body);

    expect(status).toBe(400);
  });

  test("of a form that is not emulated are a 501", async () => {
    const { status } = await schedule("0 0 L-3 * *");

    expect(status).toBe(501);
  });

  test("of a script that is not there are a 404", async () => {
    const { status, json } = await api.call("PUT", "/workers/scripts/nobody/schedules", []);

    expect(status).toBe(404);
    expect(json.errors[0].code).toBe(10007);
  });
});

describe("the clock", () => {
  test("calls the handler when it is due, with the time it was due at", async () => {
    await schedule("*/5 * * * *", "7 * * * *");

    await pass(5 * MINUTE);
    await pass(2 * MINUTE);

    const start = Date.UTC(2026, 0, 1);
    expect(api.host.scheduled).toEqual([
      expect.objectContaining({
        scriptName: "chat",
        cron: "*/5 * * * *",
        scheduledTime: start + 5 * MINUTE,
      }),
      expect.objectContaining({ cron: "7 * * * *", scheduledTime: start + 7 * MINUTE }),
    ]);
  });

  test("does not make up for what was missed", async () => {
    await schedule("30 * * * *");

    await pass(5 * HOUR);
    expect(api.host.scheduled).toEqual([]);

    await pass(30 * MINUTE);
    expect(api.host.scheduled).toHaveLength(1);
  });

  test("does not call a schedule that was removed", async () => {
    await schedule("*/5 * * * *");
    await schedule();

    await pass(5 * MINUTE);

    expect(api.host.scheduled).toEqual([]);
  });

  test("says which script's handler failed", async () => {
    await schedule("*/5 * * * *");
    api.host.scheduledOutcome = "failed";

    await pass(5 * MINUTE);

    expect(api.lines).toEqual(['[chat] scheduled "*/5 * * * *": the handler failed.']);
  });
});

describe("on demand", () => {
  const run = (query = "") => api.call("POST", `/emulator/workers/chat/scheduled${query}`);

  test("calls the handler with the cron that is asked for", async () => {
    const { status, json } = await run("?cron=0+9+*+*+*");

    expect(status).toBe(200);
    expect(json.result).toEqual({
      cron: "0 9 * * *",
      scheduled_time: "2026-01-01T00:00:00.000Z",
      outcome: "ok",
    });
    expect(api.host.scheduled).toHaveLength(1);
  });

  test("takes the only cron there is, and asks when there are more", async () => {
    await schedule("0 9 * * *");
    const only = await run();
    await schedule("0 9 * * *", "0 10 * * *");
    const more = await run();

    expect(only.json.result.cron).toBe("0 9 * * *");
    expect(more.status).toBe(400);
    expect(more.json.errors[0].message).toContain('"0 9 * * *", "0 10 * * *"');
  });

  test("tells of a handler that failed, and of one that is not there", async () => {
    api.host.scheduledOutcome = "failed";
    const failed = await run("?cron=0+9+*+*+*");
    api.host.scheduledOutcome = "no-handler";
    const missing = await run("?cron=0+9+*+*+*");

    expect([failed.status, missing.status]).toEqual([500, 400]);
    expect(failed.json.errors[0].message).toBe('The scheduled() handler of "chat" failed.');
    expect(missing.json.errors[0].message).toBe('The Worker "chat" has no scheduled() handler.');
  });

  test("refuses a cron that is none, and a script that is not there", async () => {
    const bad = await run("?cron=daily");
    const nobody = await api.call("POST", "/emulator/workers/nobody/scheduled?cron=*+*+*+*+*");

    expect([bad.status, nobody.status]).toEqual([400, 404]);
    expect(api.host.scheduled).toEqual([]);
  });
});
