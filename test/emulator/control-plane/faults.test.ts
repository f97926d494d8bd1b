import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ArgumentError, parseArguments } from "../../../emulator/cli/arguments.js";
import { type Emulator, ManualClock, startEmulator } from "../../../emulator/index.js";
import { emulatedCallsPath, emulatedFaultsPath, gatewaysPath } from "../../../protocol/urls.js";
import { startTestEmulator } from "../start-test-emulator.js";

let emulator: Emulator;
let clock: ManualClock;
const lines: string[] = [];

beforeEach(async () => {
  clock = new ManualClock();
  lines.length = 0;
  emulator = await startTestEmulator({ clock, announce: false, log: (line) => lines.push(line) });
}, 60_000);
afterEach(() => emulator.close());

const call = (method: string, path: string, body?: unknown) =>
  fetch(`${emulator.apiUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${emulator.apiToken}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const gateways = () => gatewaysPath(emulator.accountId);
const faults = () => emulatedFaultsPath(emulator.accountId);
const create = (id: string) =>
  call("POST", gateways(), {
    id,
    cache_ttl: 0,
    collect_logs: true,
    cache_invalidate_on_update: false,
    rate_limiting_interval: 0,
    rate_limiting_limit: 0,
  });
const outcomes = () => emulator.faults.calls.map(({ outcome }) => outcome);
const list = async () => {
  const { result } = (await (await call("GET", gateways())).json()) as { result: { id: string }[] };
  return result.map(({ id }) => id);
};

describe("a rule", () => {
  test("answers every third call with a status, in the API's envelope, and carries nothing out", async () => {
    emulator.faults.add({ every: 3, answer: 503, retryAfter: 2 });

    const answers = [];
    for (const id of ["one", "two", "three", "four", "five", "six"]) answers.push(await create(id));

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 503, 200, 200, 503]);
    expect(answers[2]?.headers.get("retry-after")).toBe("2");
    expect(await answers[2]?.json()).toMatchObject({
      success: false,
      errors: [{ code: 99503, message: expect.stringContaining("A fault that a rule") }],
      result: null,
    });
    emulator.faults.clear();
    expect(await list()).toEqual(["one", "two", "four", "five"]);
  });

  test("cuts the connection before a call is carried out, or after", async () => {
    emulator.faults.add(
      { method: "POST", nth: 1, answer: "cut" },
      { method: "POST", nth: 2, answer: "lost" },
    );

    await expect(create("cut")).rejects.toThrow("fetch failed");
    await expect(create("lost")).rejects.toThrow("fetch failed");

    expect((await create("after")).status).toBe(200);
    expect(await list()).toEqual(["lost", "after"]);
    expect(outcomes()).toEqual(["cut", "lost", 200, 200]);
  });

  test("lets a call wait by the emulator's clock", async () => {
    emulator.faults.add({ delayMs: 3_000 });
    let answered = false;

    const answer = create("slow").then(({ status }) => {
      answered = true;
      return status;
    });
    while (clock.sleepers === 0) await setImmediate();
    clock.advance(2_999);
    await setImmediate();
    expect(answered).toBe(false);
    clock.advance(1);

    expect(await answer).toBe(200);
  });

  test.each([
    [{ method: "GET" }, [200, 400, 200, 400]],
    [{ path: "/accounts/*/ai-gateway/gateways" }, [400, 400, 200, 200]],
    [{ path: "**/gateways/*" }, [200, 200, 400, 400]],
    [{ first: 2 }, [400, 400, 200, 200]],
    [{ from: 3 }, [200, 200, 400, 400]],
    [{ nth: 3 }, [200, 200, 400, 200]],
    [{ method: "GET", nth: 2 }, [200, 200, 200, 400]],
  ] as const)("strikes what it names: %j", async (rule, expected) => {
    await create("mine");
    emulator.faults.add({ ...rule, answer: 400 });

    const made = { cache_ttl: 1, collect_logs: true, cache_invalidate_on_update: false };
    const statuses = [
      await create("another"),
      await call("GET", gateways()),
      await call("PUT", `${gateways()}/mine`, {
        ...made,
        rate_limiting_interval: 0,
        rate_limiting_limit: 0,
      }),
      await call("GET", `${gateways()}/mine`),
    ].map(({ status }) => status);

    expect(statuses).toEqual(expected);
  });

  test("tells a listener of what it struck, before the caller knows", async () => {
    emulator.faults.add({ method: "POST", nth: 2, answer: "lost" });
    const told: unknown[] = [];
    emulator.faults.onStrike(async (struck) => {
      told.push(struck, await list());
    });

    await create("first");
    await expect(create("second")).rejects.toThrow("fetch failed");

    expect(told).toEqual([
      { number: 2, method: "POST", path: gateways(), outcome: "lost", struck: true },
      ["first", "second"],
    ]);
  });
});

describe("the record of calls", () => {
  test("has method, path and outcome in order, and nothing that may be a secret", async () => {
    emulator.faults.record();

    await create("mine");
    await call("GET", `${gateways()}?search=secret`);
    await call("GET", "/accounts/other/ai-gateway/gateways");

    const record = (await (await call("GET", emulatedCallsPath(emulator.accountId))).json()) as {
      result: unknown;
    };
    expect(record.result).toEqual([
      { number: 1, method: "POST", path: gateways(), outcome: 200, struck: false },
      { number: 2, method: "GET", path: gateways(), outcome: 200, struck: false },
      {
        number: 3,
        method: "GET",
        path: "/accounts/other/ai-gateway/gateways",
        outcome: 400,
        struck: false,
      },
    ]);
  });

  test("is empty while nobody asks for it", async () => {
    await create("mine");

    expect(emulator.faults.calls).toEqual([]);
  });
});

describe("rules from outside", () => {
  test("are set, counted and removed by calls that no rule strikes", async () => {
    const set = await call("PUT", faults(), [{ answer: 500 }]);
    expect(set.status).toBe(200);
    expect((await create("mine")).status).toBe(500);
    expect(await (await call("GET", faults())).json()).toMatchObject({
      result: [{ rule: { answer: 500 }, matched: 1, struck: 1 }],
    });
    await call("POST", faults(), { answer: "cut" });

    expect(await (await call("DELETE", faults())).json()).toMatchObject({ result: [] });

    expect((await create("mine")).status).toBe(200);
    expect(lines).toEqual([
      "Fault of the API by rule: each call: is answered 500.",
      "Fault of the API by rule: each call: is cut off.",
      "No more faults of the API: the rules are removed.",
    ]);
  });

  test("are refused with everything that is wrong", async () => {
    const answer = await call("POST", faults(), { every: 2, nth: 3, answer: 200, method: "get" });

    expect(answer.status).toBe(400);
    const { errors } = (await answer.json()) as { errors: { message: string }[] };
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringContaining("method: "),
      expect.stringContaining('answer: allowed is a status from 400 to 599, "cut" or "lost"'),
    ]);
    expect(emulator.faults.rules).toEqual([]);
  });

  test("come from the command line and the environment", () => {
    const env = { AI_GATEWAY_EMULATOR_FAULTS: '[{"nth": 1, "answer": "lost"}]' };

    const { faults } = parseArguments(["--fault", '{"every": 3, "answer": 429}', "true"], env);

    expect(faults).toEqual([
      { nth: 1, answer: "lost" },
      { every: 3, answer: 429 },
    ]);
    expect(() => parseArguments(["--fault", "503"], {})).toThrow(ArgumentError);
    expect(() => parseArguments(["--fault", '{"every": 0}'], {})).toThrow(
      /^--fault: rule 1, every: .*/,
    );
  });
});

test("An emulator is not started with a rule that is none", async () => {
  await expect(startEmulator({ faults: [{ every: 1, first: 1, answer: 500 }] })).rejects.toThrow(
    "faults: rule 1: at most one of every, first, nth, from says which calls are struck.",
  );
});
