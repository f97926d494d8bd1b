import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { gatewayErrors, renderGatewayError } from "../../protocol/gateway-errors.js";
import { reply } from "./gateway-stub.js";
import type { DescribedError } from "./probe-call.js";
import { type RunningProbe, startProbe } from "./start-probe.js";

let probe: RunningProbe;
beforeAll(async () => {
  probe = await startProbe();
}, 30_000);
afterAll(() => probe.close());

async function errorOf(status: number, body: unknown): Promise<DescribedError> {
  probe.gateway.answer(reply(status, body));
  const { error } = await probe.get("/helpers");
  return error as DescribedError;
}

const refusal = (status: number, code: number, message = "Because") =>
  renderGatewayError({ status, code, message });

// Below 1000 are the emulator's own codes, which Cloudflare does not send.
const known = Object.entries(gatewayErrors).filter(([, { code }]) => code >= 1000);

describe("toAiGatewayError", () => {
  test.each(known)("knows the gateway's %s", async (code, facts) => {
    // GIVEN a refusal by the gateway
    // WHEN it is turned into an error
    const error = await errorOf(facts.status, renderGatewayError(facts));

    // THEN it is that one, in the gateway's words
    expect(error).toMatchObject({
      name: "AiGatewayError",
      code,
      status: facts.status,
      message: `${code}: ${facts.message}`,
    });
  });

  test.each([
    [429, 2003, "rate-limited", true],
    [400, 2005, "provider-failed", true],
    [401, 2009, "unauthorized", false],
    [424, 2016, "guardrail-blocked", false],
    [424, 2017, "guardrail-blocked", false],
    [402, 2021, "insufficient-credits", false],
    [400, 2029, "dlp-blocked", false],
    [400, 2030, "dlp-blocked", false],
    [403, 2036, "feature-unavailable", false],
    [400, 2040, "credential-not-found", false],
    [429, 2041, "spend-limited", false],
    [429, 2045, "spend-limited", false],
    [503, 7013, "guardrail-unavailable", true],
    [400, 2999, "gateway-failed", false],
    [500, 2999, "gateway-failed", true],
    [501, 2999, "gateway-failed", false],
    [504, 2999, "timeout", true],
    [408, 408, "timeout", true],
    [413, 413, "gateway-failed", false],
  ])("reads %i with code %i as %s, retryable: %s", async (status, internal, code, retryable) => {
    // GIVEN a refusal with an internal code
    // WHEN it is turned into an error
    const error = await errorOf(status, refusal(status, internal));

    // THEN code, status and whether to retry follow from it
    expect(error).toMatchObject({ code, status, retryable });
  });

  test("knows a gateway's refusal by its list alone", async () => {
    // GIVEN the shorter body that some refusals have
    const body = {
      success: false,
      result: [],
      messages: [],
      error: [{ code: 2009, message: "No" }],
    };

    // WHEN it is turned into an error
    // THEN it is known
    expect(await errorOf(401, body)).toMatchObject({ code: "unauthorized" });
  });

  test.each([
    [403, "Access denied by policy", "policy-denied"],
    [429, "Spending limit exceeded", "spend-limited"],
  ])("knows a policy's %i", async (status, message, code) => {
    // GIVEN a policy's refusal, which has no code
    // WHEN it is turned into an error
    const error = await errorOf(status, { success: false, error: { message } });

    // THEN it is known by its status, and not worth a retry
    expect(error).toMatchObject({ code, message: `${code}: ${message}`, retryable: false });
  });

  test.each([
    ["OpenAI's", 401, { error: { message: "Bad key", code: "invalid_api_key" } }, "Bad key", false],
    ["OpenAI's", 429, { error: { message: "Slow down", code: null } }, "Slow down", true],
    ["Anthropic's", 529, { type: "error", error: { message: "Overloaded" } }, "Overloaded", true],
    ["Ollama's", 404, { error: "model not found" }, "model not found", false],
    ["Bedrock's", 400, { message: "No such model" }, "No such model", false],
    [
      "Workers AI's",
      400,
      { success: false, result: {}, errors: [{ code: 5007, message: "No such model" }] },
      "No such model",
      false,
    ],
    ["a mute", 500, {}, "HTTP 500", true],
  ])("takes %s own %i for the provider's", async (_, status, body, message, retryable) => {
    // GIVEN an error of a provider, passed through
    // WHEN it is turned into an error
    const error = await errorOf(status, body);

    // THEN it says so, in the provider's words, and keeps the body
    expect(error).toMatchObject({
      code: "provider-failed",
      message: `provider-failed: ${message}`,
      status,
      retryable,
      cause: body,
    });
  });

  test("does not take a provider's number for a code of the gateway", async () => {
    // GIVEN a provider whose own codes look like the gateway's
    // WHEN its error comes
    // THEN it stays the provider's
    expect(await errorOf(400, { error: { code: 2009, message: "Other" } })).toMatchObject({
      code: "provider-failed",
    });
  });

  test.each(["<html>Bad gateway</html>", "", "null"])(
    "keeps %j, which says nothing",
    async (body) => {
      // GIVEN a failure that is no JSON object
      // WHEN it is turned into an error
      const error = await errorOf(502, body);

      // THEN what came is its cause
      expect(error).toMatchObject({ code: "bad-response", status: 502, retryable: true });
      expect(error.cause === null ? "null" : error.cause).toBe(body);
    },
  );

  test("leaves the response readable, and ensureOk throws the same error", async () => {
    // GIVEN a refusal with its facts
    const body = refusal(429, 2003, "Rate limited");
    probe.gateway.answer(reply(429, body, { "cf-aig-log-id": "log-1", "cf-aig-step": "0" }));

    // WHEN it is turned into an error, thrown, and read
    const result = await probe.get("/helpers");

    // THEN nothing of it is lost
    expect(JSON.parse(result.body as string)).toEqual(body);
    expect(result.error).toMatchObject({ logId: "log-1", cause: body });
    expect(result.thrown).toEqual(result.error);
    // AND an error made too late, of a body that is gone, says why it knows nothing
    expect(result.late).toMatchObject({ code: "bad-response", status: 429, logId: "log-1" });
    expect(result.late).toMatchObject({ cause: expect.stringContaining("TypeError") });
  });
});

describe("a good response", () => {
  test("passes ensureOk as the same object, with its facts", async () => {
    // GIVEN an answer from the cache
    probe.gateway.answer(
      reply(200, "{}", {
        "cf-aig-cache-status": "HIT",
        "cf-aig-log-id": "log-1",
        "cf-aig-step": "1",
        "cf-aig-event-id": "event-1",
      }),
    );

    // WHEN it is checked
    // THEN it is handed on
    expect(await probe.get("/helpers")).toEqual({
      same: true,
      facts: { cacheStatus: "HIT", logId: "log-1", step: 1, eventId: "event-1" },
    });
  });

  test("without facts has none", async () => {
    // GIVEN an answer without any header of the gateway
    probe.gateway.answer(reply(200, "{}"));

    // WHEN its facts are read
    // THEN there are none, rather than zeros or empty strings
    expect(await probe.get("/helpers")).toEqual({ same: true, facts: {} });
  });
});

test("every code of the table is documented in the type", () => {
  // GIVEN the sources of table and type
  const read = (file: string) => readFileSync(resolve(__dirname, "../../worker", file), "utf8");
  const table = read("response-error.ts").match(/\d+: "([a-z-]+)"/g) ?? [];
  const documented = [
    ...read("ai-gateway-error.ts").matchAll(/\/\*\* .+ \*\/\n {2}\| "([a-z-]+)"/g),
  ];

  // WHEN they are compared
  const undocumented = table
    .map((line) => line.replace(/.*"(.*)"/, "$1"))
    .filter((code) => !documented.some(([, name]) => name === code));

  // THEN no code lacks its sentence
  expect(table.length).toBeGreaterThan(10);
  expect(undocumented).toEqual([]);
});
