import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ManualClock } from "../../../emulator/clock.js";
import { type Answer, Harness, Provider, until } from "./harness.js";

let harness: Harness;
let provider: Provider;
/** What the provider answers, in order; the last one for ever. */
let statuses: number[];

beforeEach(async () => {
  statuses = [200];
  provider = await new Provider((_request, response, count) => {
    const status = statuses[Math.min(count, statuses.length) - 1] ?? 200;
    if (status === 0) {
      response.destroy();
      return;
    }
    response.writeHead(status, { "content-type": "application/json" });
    response.end(`{"attempt":${count}}`);
  }).start();
  harness = await new Harness({ openai: { baseUrl: provider.url } }, new ManualClock()).start();
  harness.gateway("main");
});
afterEach(async () => {
  await harness.close();
  await provider.close();
});

const ask = (headers: Record<string, string> = {}): Promise<Answer> =>
  harness.ask("main/openai/chat/completions", { body: { model: "m" }, headers });

const attempts = (count: number) =>
  until(() => provider.requests.length === count, `${count} attempts`);

/** The delay before the next attempt has begun: from now on time may pass. */
const asleep = () => until(() => harness.manual.sleepers > 0, "the delay begins");
/** Nothing happens until the clock moves: a little real time, for what should not come. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 30));

describe("GIVEN no retries are asked for", () => {
  test("WHEN the provider fails THEN its own answer comes back after one attempt", async () => {
    statuses = [503];
    const answer = await ask();
    expect([answer.status, answer.json]).toEqual([503, { attempt: 1 }]);
    expect(provider.requests).toHaveLength(1);
  });

  test("WHEN the connection breaks THEN the gateway answers 400 / 2005", async () => {
    statuses = [0];
    const answer = await ask();
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({
      error: [
        {
          code: 2005,
          message: `Failed to get response from provider: ${provider.url} did not answer: ECONNRESET`,
        },
      ],
      internalCode: 2005,
    });
    expect(harness.warnings.join()).toContain(provider.url);
  });
});

describe("GIVEN retries from the gateway's settings", () => {
  beforeEach(() => {
    harness.gateway("main", {
      retry_max_attempts: 3,
      retry_delay: 1000,
      retry_backoff: "constant",
    });
  });

  test.each([500, 502, 503, 408, 429, 0])(
    "WHEN the first attempt ends with %i THEN a second one is made after the delay, not before",
    async (status) => {
      statuses = [status, 200];
      const answer = ask();
      await attempts(1);
      await asleep();
      harness.manual.advance(999);
      await settle();
      expect(provider.requests).toHaveLength(1);
      harness.manual.advance(1);
      expect((await answer).json).toEqual({ attempt: 2 });
    },
  );

  test.each([400, 401, 404, 501])(
    "WHEN the answer is %i THEN asking again would not help",
    async (status) => {
      statuses = [status];
      expect((await ask()).status).toBe(status);
      expect(provider.requests).toHaveLength(1);
    },
  );

  test("WHEN every attempt fails THEN the third one's answer comes back, and one row is written", async () => {
    statuses = [500];
    const answer = ask();
    await attempts(1);
    await asleep();
    harness.manual.advance(1000);
    await attempts(2);
    await asleep();
    harness.manual.advance(1000);
    expect((await answer).json).toEqual({ attempt: 3 });
    expect(provider.requests).toHaveLength(3);
    expect(harness.rows()).toHaveLength(1);
  });

  test("WHEN headers say otherwise THEN they win", async () => {
    statuses = [500];
    await ask({ "cf-aig-max-attempts": "1" });
    expect(provider.requests).toHaveLength(1);
  });

  test("WHEN the caller leaves during the delay THEN no further attempt is made", async () => {
    statuses = [500];
    const controller = new AbortController();
    const gone = fetch(
      `${harness.url}/v1/0123456789abcdef0123456789abcdef/main/openai/chat/completions`,
      {
        method: "POST",
        body: "{}",
        signal: controller.signal,
      },
    ).catch(() => "gone");
    await attempts(1);
    await asleep();
    controller.abort();
    expect(await gone).toBe("gone");
    await until(() => harness.rows().length === 1, "the row of a caller who left");
    harness.manual.advance(10_000);
    await settle();
    expect(provider.requests).toHaveLength(1);
    expect(harness.rows()[0]).toMatchObject({ status_code: 499, success: false });
  });
});

describe("GIVEN a backoff", () => {
  test.each([
    ["constant", [100, 100, 100]],
    ["linear", [100, 200, 300]],
    ["exponential", [100, 200, 400]],
  ])("WHEN it is %s THEN the delays are %j ms", async (backoff, delays) => {
    statuses = [500];
    const answer = ask({
      "cf-aig-max-attempts": "4",
      "cf-aig-retry-delay": "100",
      "cf-aig-backoff": backoff,
    });
    for (const [index, delay] of delays.entries()) {
      await attempts(index + 1);
      await asleep();
      harness.manual.advance(delay - 1);
      await settle();
      expect(provider.requests).toHaveLength(index + 1);
      harness.manual.advance(1);
    }
    expect((await answer).json).toEqual({ attempt: 4 });
  });

  test("WHEN more than five attempts are asked for THEN five are made", async () => {
    statuses = [500];
    const answer = await ask({ "cf-aig-max-attempts": "9", "cf-aig-retry-delay": "0" });
    expect(answer.json).toEqual({ attempt: 5 });
    expect(provider.requests).toHaveLength(5);
  });
});
