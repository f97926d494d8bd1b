import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { reply } from "./gateway-stub.js";
import { type RunningProbe, startProbe } from "./start-probe.js";

const request = {
  provider: "workers-ai",
  endpoint: "@cf/meta/llama-3.1-8b-instruct",
  headers: { "content-type": "application/json" },
  query: { prompt: "Hello" },
};

let probe: RunningProbe;
beforeAll(async () => {
  probe = await startProbe();
}, 30_000);
afterAll(() => probe.close());
beforeEach(() => probe.gateway.answer(reply(200, { ok: true })));

/** The `cf-aig-*` headers of the one request that reached the gateway. */
function gatewayHeaders(): Record<string, string | undefined> {
  expect(probe.gateway.requests).toHaveLength(1);
  const headers = Object.entries(probe.gateway.requests[0]?.headers ?? {});
  return Object.fromEntries(headers.filter(([name]) => name.startsWith("cf-aig-")));
}

describe("what run sends", () => {
  test("a single request travels as an array of one, to the bound gateway", async () => {
    // GIVEN a gateway bound as "demo"
    // WHEN a single request is run
    await probe.call({ method: "run", args: [request] });

    // THEN it is on the wire as the platform's client sends it, without further headers
    expect(probe.gateway.requests).toMatchObject([
      { method: "POST", path: "/ai-gateway/universal/run/demo" },
    ]);
    expect(JSON.parse(probe.gateway.requests[0]?.body ?? "")).toEqual([request]);
    expect(gatewayHeaders()).toEqual({});
  });

  test("an array keeps its order", async () => {
    // GIVEN a first choice and a fallback
    const fallback = { ...request, provider: "openai", endpoint: "chat/completions" };

    // WHEN both are run
    await probe.call({ method: "run", args: [[request, fallback]] });

    // THEN they arrive in this order
    expect(JSON.parse(probe.gateway.requests[0]?.body ?? "")).toEqual([request, fallback]);
  });

  test("headers of a request may be left out", async () => {
    // GIVEN a request without headers, at which the platform's client throws
    const { headers: _, ...bare } = request;

    // WHEN it is run
    await probe.call({ method: "run", args: [bare] });

    // THEN it is sent
    expect(JSON.parse(probe.gateway.requests[0]?.body ?? "")).toEqual([{ ...bare, headers: {} }]);
  });

  test.each([
    ["cacheTtl", 60, { "cf-aig-cache-ttl": "60" }],
    ["cacheTtl", 0, { "cf-aig-cache-ttl": "0" }],
    ["skipCache", true, { "cf-aig-skip-cache": "true" }],
    ["skipCache", false, { "cf-aig-skip-cache": "false" }],
    ["cacheKey", "greeting", { "cf-aig-cache-key": "greeting" }],
    ["metadata", { user: "ann", n: 1 }, { "cf-aig-metadata": '{"user":"ann","n":1}' }],
    ["collectLog", false, { "cf-aig-collect-log": "false" }],
    ["eventId", "event-1", { "cf-aig-event-id": "event-1" }],
    ["requestTimeoutMs", 1500, { "cf-aig-request-timeout": "1500" }],
    ["retries", { maxAttempts: 2 }, { "cf-aig-max-attempts": "2" }],
    ["retries", { retryDelayMs: 0 }, { "cf-aig-retry-delay": "0" }],
    ["retries", { backoff: "linear" }, { "cf-aig-backoff": "linear" }],
    ["extraHeaders", { "cf-aig-byok-alias": "b" }, { "cf-aig-byok-alias": "b" }],
  ])("option %s of %j goes as its header and nothing else", async (name, value, expected) => {
    // GIVEN one option
    // WHEN a request is run with it
    await probe.call({ method: "run", args: [request, { [name]: value }] });

    // THEN exactly its header is on the wire
    expect(gatewayHeaders()).toEqual(expected);
  });

  test("extra headers beat the options", async () => {
    // GIVEN a TTL of zero and an extra header that says otherwise
    const options = { cacheTtl: 0, extraHeaders: { "cf-aig-cache-ttl": "90" } };

    // WHEN a request is run
    await probe.call({ method: "run", args: [request, options] });

    // THEN the extra header is what arrives
    expect(gatewayHeaders()).toEqual({ "cf-aig-cache-ttl": "90" });
  });

  test("the caller's objects stay as they were", async () => {
    // GIVEN headers of numbers and objects, which the platform's client overwrites with strings
    // WHEN they are run
    const { before, after } = await probe.get("/arguments");

    // THEN they went as strings
    const [item] = JSON.parse(probe.gateway.requests[0]?.body ?? "");
    expect(item.headers).toEqual({ a: "1", b: '{"c":2}' });
    // AND the caller's are untouched
    expect(after).toBe(before);
  });
});

describe("the other calls", () => {
  test("getUrl asks for a provider, or for the universal endpoint", async () => {
    // GIVEN a gateway that tells its URLs
    probe.gateway.answer(reply(200, { result: { url: "https://gateway.example/openai" } }));

    // WHEN both are asked for
    const response = await probe.call({ method: "getUrl", args: ["openai"] });
    await probe.call({ method: "getUrl", args: [] });

    // THEN the URL comes back
    expect(await response.json()).toMatchObject({ result: "https://gateway.example/openai" });
    // AND both paths were asked
    expect(probe.gateway.requests.map(({ path }) => path)).toEqual([
      "/ai-gateway/gateways/demo/url/openai",
      "/ai-gateway/gateways/demo/url/universal",
    ]);
  });

  test("getLog hands back the log with its time as a date", async () => {
    // GIVEN a log
    const log = { id: "log-1", success: true, created_at: "2026-01-01T00:00:00.000Z" };
    probe.gateway.answer(reply(200, { result: log }));

    // WHEN it is read
    const response = await probe.call({ method: "getLog", args: ["log-1"] });

    // THEN it is all there
    expect(await response.json()).toEqual({ result: log, date: true });
    expect(probe.gateway.requests[0]?.path).toBe("/ai-gateway/gateways/demo/logs/log-1");
  });

  test("patchLog sends the patch as it is", async () => {
    // GIVEN feedback, and metadata to be taken away
    const patch = { feedback: -1, score: 40, metadata: null };

    // WHEN a log is patched
    await probe.call({ method: "patchLog", args: ["log-1", patch] });

    // THEN it arrives
    const [sent] = probe.gateway.requests;
    expect(sent).toMatchObject({ method: "PATCH", path: "/ai-gateway/gateways/demo/logs/log-1" });
    expect(JSON.parse(sent?.body ?? "")).toEqual(patch);
  });
});
