import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ManualClock } from "../../../emulator/clock.js";
import { canary } from "../../secrets/canary.js";
import { ACCOUNT, fetchAnswer, Harness, LLAMA, Provider, TOKEN } from "./harness.js";

let harness: Harness;
let provider: Provider;

const CONFIGURED = canary("a provider's key");

beforeEach(async () => {
  provider = await new Provider((request, response) => {
    const echo = { method: request.method, url: request.url };
    response.setHeader("x-own", "kept");
    response.setHeader("cf-aig-step", "7");
    response.end(JSON.stringify(echo));
  }).start();
  const upstreams = {
    "workers-ai": { latencyMs: 0 },
    openai: { baseUrl: `${provider.url}/v1`, apiKey: CONFIGURED },
    anthropic: { baseUrl: provider.url, apiKey: CONFIGURED },
  };
  harness = await new Harness(upstreams, new ManualClock()).start();
  harness.gateway("main");
});
afterEach(async () => {
  await harness.close();
  await provider.close();
});

const lastHeaders = () => provider.requests.at(-1)?.headers ?? {};

describe("GIVEN the URL of a provider", () => {
  test.each(["GET", "POST", "PUT", "DELETE"])(
    "WHEN it is asked with %s THEN path, query and method pass",
    async (method) => {
      const answer = await harness.ask("main/anthropic/v1/models?limit=2", { method });
      expect(answer.json).toEqual({ method, url: "/v1/models?limit=2" });
      expect(answer.headers).toMatchObject({ "x-own": "kept", "cf-aig-step": "0" });
    },
  );

  test("WHEN openai's path comes with or without v1 THEN it is the same one", async () => {
    expect((await harness.ask("main/openai/v1/embeddings")).json.url).toBe("/v1/embeddings");
    expect((await harness.ask("main/openai/embeddings")).json.url).toBe("/v1/embeddings");
  });

  test("WHEN the request goes on THEN headers of the gateway and of the connection stay behind", async () => {
    await harness.ask("main/openai/x", {
      headers: {
        "cf-aig-authorization": `Bearer ${TOKEN}`,
        "cf-aig-metadata": "{}",
        "cf-connecting-ip": "1.2.3.4",
        connection: "x-hop",
        "x-hop": "1",
        te: "trailers",
        "accept-encoding": "br",
        "x-own": "mine",
      },
    });
    const seen = lastHeaders();
    expect(Object.keys(seen).filter((name) => /^(cf-|x-hop|te$)/.test(name))).toEqual([]);
    expect(seen).toMatchObject({
      "x-own": "mine",
      "accept-encoding": "identity",
      host: provider.url.slice(7),
    });
  });

  test("WHEN the caller brings a key THEN it beats the configured one", async () => {
    const own = `Bearer ${canary("the caller's key")}`;
    await harness.ask("main/openai/x", { headers: { authorization: own } });
    expect(lastHeaders().authorization).toBe(own);
    await harness.ask("main/openai/x", { headers: { authorization: "" } });
    expect(lastHeaders().authorization).toBe(`Bearer ${CONFIGURED}`);
    await harness.ask("main/anthropic/x", { headers: { authorization: "" } });
    expect(lastHeaders()["x-api-key"]).toBe(CONFIGURED);
  });

  test("WHEN the prompt has a megabyte THEN it arrives whole", async () => {
    const prompt = "word ".repeat(200_000);
    const answer = await harness.prompt(prompt);
    expect(answer.json.result.usage.prompt_tokens).toBe(200_000);
    await harness.ask("main/openai/x", { body: { prompt } });
    expect(JSON.parse(provider.requests.at(-1)?.body ?? "")).toEqual({ prompt });
  });

  test("WHEN the body is larger than 25 MB THEN it is refused with 413", async () => {
    const body = Buffer.alloc((25 << 20) + 1, "x");
    const answer = await harness.ask("main/openai/x", { body }).catch(() => undefined);
    // The refusal closes the connection; a caller still writing may only see that.
    if (answer) expect([answer.status, answer.json.internalCode]).toEqual([413, 413]);
    expect(provider.requests).toHaveLength(0);
    const most = Buffer.alloc(25 << 20, "x");
    expect((await harness.ask("main/openai/x", { body: most })).status).toBe(200);
  });
});

describe("GIVEN the unified endpoint", () => {
  const compat = (body: unknown) => harness.ask("main/compat/chat/completions", { body });
  const messages = [{ role: "user", content: "hello" }];

  test("WHEN the model is one of Workers AI THEN it answers as OpenAI would", async () => {
    const { status, json } = await compat({ model: `workers-ai/${LLAMA}`, messages });
    expect(status).toBe(200);
    expect(json).toMatchObject({ object: "chat.completion", model: LLAMA });
    expect(json.choices[0].message.content).toContain("hello");
    expect(harness.rows()[0]).toMatchObject({ provider: "workers-ai", model: LLAMA });
  });

  test("WHEN the model is another provider's THEN that one gets the bare model name", async () => {
    await compat({ model: "openai/gpt-4o-mini", messages });
    const [seen] = provider.requests;
    expect(seen?.url).toBe("/v1/chat/completions");
    expect(JSON.parse(seen?.body ?? "")).toEqual({ model: "gpt-4o-mini", messages });
  });

  test.each([
    [{ messages }, 400, "{provider}/{model}"],
    [{ model: "gpt-4o", messages }, 400, "{provider}/{model}"],
    [{ model: "nobody/gpt", messages }, 400, "Invalid provider"],
    [{ model: "dynamic/route", messages }, 501, "dynamic/route"],
  ])("WHEN the body is %j THEN the answer is %i", async (body, status, message) => {
    const answer = await compat(body);
    expect([answer.status, answer.json.success]).toEqual([status, false]);
    expect(answer.json.message).toContain(message);
  });
});

describe("GIVEN an authenticated gateway", () => {
  beforeEach(() => void harness.gateway("main", { authentication: true }));

  test.each([
    ["no token", {}],
    ["a wrong token", { "cf-aig-authorization": `Bearer ${canary("a wrong token")}` }],
    ["the token without Bearer", { "cf-aig-authorization": TOKEN }],
  ])("WHEN %s comes THEN it answers 401 / 2009", async (_what, headers) => {
    const answer = await harness.prompt("hi", headers as Record<string, string>);
    expect(answer.status).toBe(401);
    expect(answer.json).toMatchObject({
      internalCode: 2009,
      error: [{ code: 2009, message: "Unauthorized" }],
    });
  });

  test("WHEN the token comes THEN it answers", async () => {
    const answer = await harness.prompt("hi", { "cf-aig-authorization": `Bearer ${TOKEN}` });
    expect(answer.status).toBe(200);
  });

  test("WHEN a Worker's binding comes THEN it needs no token", async () => {
    const item = { provider: "workers-ai", endpoint: LLAMA, headers: {}, query: { prompt: "hi" } };
    const answer = await harness.binding("/ai-gateway/universal/run/main", { body: [item] });
    expect(answer.status).toBe(200);
  });
});

describe("GIVEN what does not exist", () => {
  test("WHEN the gateway is unknown THEN it answers 400 / 2001", async () => {
    const answer = await harness.ask(`none/workers-ai/${LLAMA}`, { body: { prompt: "hi" } });
    expect([answer.status, answer.json.internalCode]).toEqual([400, 2001]);
  });

  test("WHEN the account is another one THEN its gateway is unknown", async () => {
    const url = `${harness.url}/v1/${"f".repeat(32)}/main/workers-ai/${LLAMA}`;
    expect((await fetchAnswer(url, { body: { prompt: "hi" } })).json.internalCode).toBe(2001);
  });

  test("WHEN the provider is unknown THEN it answers 400 / 2008", async () => {
    const answer = await harness.ask("main/nobody/x");
    expect([answer.status, answer.json.internalCode]).toEqual([400, 2008]);
  });

  test("WHEN the provider has no upstream THEN it answers 501 and says how to give it one", async () => {
    const answer = await harness.ask("main/mistral/v1/chat/completions");
    expect(answer.status).toBe(501);
    expect(answer.json.message).toContain('"mistral": { baseUrl }');
  });

  test("WHEN a WebSocket is asked for THEN it answers 501 with method and path", async () => {
    const answer = await harness.ask("main/openai/realtime?model=x", {
      method: "GET",
      headers: { connection: "upgrade", upgrade: "websocket" },
    });
    expect(answer.status).toBe(501);
    expect(answer.json.message).toBe(`Not emulated: GET /v1/${ACCOUNT}/main/openai/realtime.`);
  });

  test("WHEN the gateway's own URL is read THEN it answers 501", async () => {
    expect((await harness.ask("main", { method: "GET" })).status).toBe(501);
  });
});
