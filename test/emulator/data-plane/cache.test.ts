import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ManualClock } from "../../../emulator/clock.js";
import { canary } from "../../secrets/canary.js";
import { Harness, LLAMA, Provider, TOKEN } from "./harness.js";

let harness: Harness;
let provider: Provider;
/** Runs once, before the provider answers. */
let whileWorking: (() => void) | undefined;

beforeEach(async () => {
  // Each answer is another one, so a repeated answer can only come from the cache.
  provider = await new Provider((request, response, count) => {
    whileWorking?.();
    whileWorking = undefined;
    const status = Number(request.headers["x-status"] ?? 200);
    response.writeHead(status, { "content-type": request.headers["x-type"] ?? "application/json" });
    response.end(`{"answer":${count}}`);
  }).start();
  const upstreams = { "workers-ai": { latencyMs: 0 }, openai: { baseUrl: provider.url } };
  harness = await new Harness(upstreams, new ManualClock()).start();
  harness.gateway("main", { cache_ttl: 60 });
});
afterEach(async () => {
  await harness.close();
  await provider.close();
});

const chat = (body: unknown = { model: "m" }, headers: Record<string, string> = {}, gw = "main") =>
  harness.ask(`${gw}/openai/chat/completions`, { body, headers });
const status = (answer: { headers: Record<string, unknown> }) =>
  answer.headers["cf-aig-cache-status"];

describe("GIVEN a gateway with a cache TTL", () => {
  test("WHEN the same prompt comes twice THEN the second answer is a HIT with the same bytes", async () => {
    const first = await harness.prompt("hello");
    const second = await harness.prompt("hello");
    expect([status(first), status(second)]).toEqual(["MISS", "HIT"]);
    expect(second.text).toBe(first.text);
    expect(second.headers["content-type"]).toBe("application/json");
  });

  test("WHEN another prompt comes THEN it is a MISS", async () => {
    await harness.prompt("hello");
    expect(status(await harness.prompt("hello!"))).toBe("MISS");
  });

  test("WHEN the TTL is over THEN the same prompt is a MISS, and not a moment earlier", async () => {
    await chat();
    harness.manual.advance(59_999);
    expect(status(await chat())).toBe("HIT");
    harness.manual.advance(1);
    const late = await chat();
    expect([status(late), late.text]).toEqual(["MISS", '{"answer":2}']);
  });

  test("WHEN the cache is skipped THEN the provider answers and the fresh answer is stored", async () => {
    await chat();
    const skipped = await chat({ model: "m" }, { "cf-aig-skip-cache": "true" });
    expect([status(skipped), skipped.text]).toEqual(["MISS", '{"answer":2}']);
    expect((await chat()).text).toBe('{"answer":2}');
  });

  test("WHEN the header sets a TTL of 0 THEN nothing is read and nothing stored", async () => {
    const off = { "cf-aig-cache-ttl": "0" };
    await chat({ model: "m" }, off);
    expect((await chat()).text).toBe('{"answer":2}');
    expect((await chat({ model: "m" }, off)).text).toBe('{"answer":3}');
  });

  test("WHEN the header sets another TTL THEN it beats the gateway's, by its old name too", async () => {
    await chat({ model: "a" }, { "cf-aig-cache-ttl": "600" });
    await chat({ model: "b" }, { "cf-cache-ttl": "600" });
    await chat({ model: "c" });
    harness.manual.advance(61_000);
    expect(status(await chat({ model: "a" }))).toBe("HIT");
    expect(status(await chat({ model: "b" }))).toBe("HIT");
    expect(status(await chat({ model: "c" }))).toBe("MISS");
  });

  test("WHEN requests share an own key THEN they share the answer, whatever they ask", async () => {
    const own = { "cf-aig-cache-key": "greeting" };
    await chat({ model: "a" }, own);
    const other = await chat({ model: "b" }, own);
    expect([status(other), other.text]).toEqual(["HIT", '{"answer":1}']);
    expect(status(await chat({ model: "a" }))).toBe("MISS");
  });

  test("WHEN the provider refuses THEN the refusal is not stored", async () => {
    await chat({ model: "m" }, { "x-status": "400" });
    expect((await chat()).text).toBe('{"answer":2}');
  });

  test("WHEN the answer is an event stream THEN it is not stored", async () => {
    await chat({ model: "m" }, { "x-type": "text/event-stream" });
    expect(status(await chat())).toBe("MISS");
  });

  test("WHEN another provider credential asks the same THEN it does not get the answer", async () => {
    const one = `Bearer ${canary("a provider's key")}`;
    const two = `Bearer ${canary("another provider's key")}`;
    await chat({ model: "m" }, { authorization: one });
    expect(status(await chat({ model: "m" }, { authorization: two }))).toBe("MISS");
    expect(status(await chat({ model: "m" }, { authorization: one }))).toBe("HIT");
  });

  test("WHEN a Worker's binding filled the cache THEN a caller without a credential is refused", async () => {
    await harness.binding("/ai-gateway/universal/run/main", {
      body: [{ provider: "workers-ai", endpoint: LLAMA, headers: {}, query: { prompt: "hi" } }],
    });
    const answer = await harness.ask(`main/workers-ai/${LLAMA}`, {
      body: { prompt: "hi" },
      headers: { authorization: "" },
    });
    expect(answer.status).toBe(401);
  });

  test("WHEN another gateway is asked the same THEN it has its own cache", async () => {
    harness.gateway("other", { cache_ttl: 60 });
    await chat();
    expect(status(await chat({ model: "m" }, {}, "other"))).toBe("MISS");
  });

  test("WHEN the gateway is deleted and made again THEN its cache is empty", async () => {
    await chat();
    harness.deleteGateway("main");
    harness.gateway("main", { cache_ttl: 60 });
    expect(status(await chat())).toBe("MISS");
  });
});

describe("GIVEN an update of the gateway", () => {
  test("WHEN it invalidates on update THEN the cache is empty", async () => {
    harness.gateway("main", { cache_invalidate_on_update: true });
    await chat();
    harness.gateway("main", { collect_logs: false });
    expect(status(await chat())).toBe("MISS");
  });

  test("WHEN it changes while the provider works THEN that answer is not stored", async () => {
    harness.gateway("main", { cache_invalidate_on_update: true });
    // GIVEN a provider that is still at work
    whileWorking = () => harness.gateway("main", { collect_logs: false });
    await chat();
    expect(status(await chat())).toBe("MISS");
  });

  test("WHEN it does not THEN answers stay", async () => {
    await chat();
    harness.gateway("main", { collect_logs: false });
    expect(status(await chat())).toBe("HIT");
  });
});

describe("GIVEN a gateway whose cache is off", () => {
  beforeEach(() => void harness.gateway("main", { cache_ttl: 0 }));

  test("WHEN the same request comes twice THEN both are answered by the provider", async () => {
    expect([status(await chat()), status(await chat())]).toEqual(["MISS", "MISS"]);
  });

  test("WHEN an own key comes THEN the answer lives five minutes", async () => {
    const own = { "cf-aig-cache-key": "k" };
    await chat({ model: "m" }, own);
    harness.manual.advance(299_999);
    expect(status(await chat({ model: "m" }, own))).toBe("HIT");
    harness.manual.advance(1);
    expect(status(await chat({ model: "m" }, own))).toBe("MISS");
  });
});

test("WHEN a cached prompt comes with a wrong token THEN Workers AI refuses it still", async () => {
  expect((await harness.prompt("hello")).status).toBe(200);
  const wrong = await harness.prompt("hello", { authorization: `Bearer x${TOKEN}` });
  expect(wrong.status).toBe(401);
  expect(wrong.json).toEqual({
    result: {},
    success: false,
    errors: [{ code: 10000, message: "Authentication error" }],
    messages: [],
  });
});
