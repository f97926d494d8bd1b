import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ManualClock } from "../../../emulator/clock.js";
import { Harness } from "./harness.js";

/** On a minute's boundary, so that windows are easy to count. */
const NOON = Date.UTC(2026, 0, 1, 12);

let harness: Harness;
beforeEach(async () => {
  harness = await new Harness({ "workers-ai": { latencyMs: 0 } }, new ManualClock(NOON)).start();
});
afterEach(() => harness.close());

const limited = (technique: "fixed" | "sliding", limit: number, interval: number) =>
  harness.gateway("main", {
    rate_limiting_technique: technique,
    rate_limiting_limit: limit,
    rate_limiting_interval: interval,
  });

async function statuses(count: number): Promise<number[]> {
  const seen: number[] = [];
  for (let index = 0; index < count; index++) {
    seen.push((await harness.prompt(`prompt ${index}`)).status);
  }
  return seen;
}

describe("GIVEN a fixed limit of 2 per minute", () => {
  beforeEach(() => void limited("fixed", 2, 60));

  test("WHEN a third request comes in the same minute THEN it is refused with 429 / 2003", async () => {
    expect(await statuses(2)).toEqual([200, 200]);
    const refused = await harness.prompt("one too many");
    expect(refused.status).toBe(429);
    expect(refused.json).toEqual({
      success: false,
      result: [],
      messages: [],
      error: [{ code: 2003, message: "Rate limited" }],
      name: "AiGatewayError",
      httpCode: 429,
      internalCode: 2003,
      message: "Rate limited",
      description: "Rate limited",
    });
    expect(refused.headers["retry-after"]).toBeUndefined();
    expect(refused.headers["cf-aig-cache-status"]).toBeUndefined();
    expect(refused.headers["cf-aig-log-id"]).toBe(refused.headers["cf-aig-event-id"]);
  });

  test("WHEN the clock's minute turns THEN requests pass again, however late the first ones came", async () => {
    harness.manual.advance(59_000);
    expect(await statuses(3)).toEqual([200, 200, 429]);
    harness.manual.advance(1_000);
    expect(await statuses(3)).toEqual([200, 200, 429]);
  });

  test("WHEN a request is refused THEN its row says so", async () => {
    await statuses(3);
    expect(harness.rows().map(({ status_code, success }) => [status_code, success])).toEqual([
      [200, true],
      [200, true],
      [429, false],
    ]);
  });

  test("WHEN another gateway is asked THEN it has its own count", async () => {
    harness.gateway("other", { rate_limiting_limit: 1, rate_limiting_interval: 60 });
    await statuses(2);
    const answer = await harness.ask("other/workers-ai/@cf/meta/llama-3.1-8b-instruct", {
      body: { prompt: "hi" },
    });
    expect(answer.status).toBe(200);
  });

  test("WHEN the cache would have answered THEN the request counts all the same", async () => {
    harness.gateway("main", { cache_ttl: 60 });
    const seen = [];
    for (let index = 0; index < 3; index++) seen.push((await harness.prompt("same")).status);
    expect(seen).toEqual([200, 200, 429]);
  });

  test("WHEN the limit is raised THEN what was let through still counts", async () => {
    expect(await statuses(3)).toEqual([200, 200, 429]);
    limited("fixed", 3, 60);
    expect(await statuses(2)).toEqual([200, 429]);
  });

  test("WHEN the limit is taken off THEN everything passes", async () => {
    limited("fixed", 0, 0);
    expect(await statuses(4)).toEqual([200, 200, 200, 200]);
  });
});

describe("GIVEN a sliding limit of 2 per minute", () => {
  beforeEach(() => void limited("sliding", 2, 60));

  test("WHEN the clock's minute turns THEN the last 60 seconds still count", async () => {
    harness.manual.advance(59_000);
    expect(await statuses(3)).toEqual([200, 200, 429]);
    harness.manual.advance(1_000);
    expect(await statuses(1)).toEqual([429]);
  });

  test("WHEN a request becomes older than the interval THEN one more passes, and only one", async () => {
    expect(await statuses(1)).toEqual([200]);
    harness.manual.advance(30_000);
    expect(await statuses(2)).toEqual([200, 429]);
    harness.manual.advance(29_999);
    expect(await statuses(1)).toEqual([429]);
    harness.manual.advance(1);
    expect(await statuses(2)).toEqual([200, 429]);
  });

  test("WHEN hundreds of windows pass THEN the count stays right", async () => {
    for (let minute = 0; minute < 100; minute++) {
      expect(await statuses(3)).toEqual([200, 200, 429]);
      harness.manual.advance(60_000);
    }
  });
});
