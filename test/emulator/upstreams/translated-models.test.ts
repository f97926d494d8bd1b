import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ManualClock } from "../../../emulator/clock.js";
import { createUpstreams } from "../../../emulator/upstreams/create-upstreams.js";
import { canary } from "../../secrets/canary.js";
import { Harness, LLAMA, Provider } from "../data-plane/harness.js";

let harness: Harness;
let server: Provider;
let reply: { status: number; type: string; pieces: string[] };

beforeEach(async () => {
  reply = { status: 200, type: "application/json", pieces: ["{}"] };
  server = await new Provider(async (_request, response) => {
    response.writeHead(reply.status, { "content-type": reply.type });
    for (const piece of reply.pieces) {
      response.write(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
  }).start();
  const config = {
    baseUrl: `${server.url}/v1`,
    apiKey: canary("a model server's key"),
    models: { [LLAMA]: "llama3.1" },
  };
  harness = await new Harness({ "workers-ai": config }, new ManualClock()).start();
  harness.gateway("main");
});
afterEach(async () => {
  await harness.close();
  await server.close();
});

const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
const ask = (body: object) => harness.ask(`main/workers-ai/${LLAMA}`, { body });

describe("GIVEN an OpenAI-compatible server in the place of Workers AI", () => {
  test("WHEN a prompt comes THEN the server gets a chat, and its answer is Workers AI's", async () => {
    reply.pieces = [JSON.stringify({ choices: [{ message: { content: "Hello!" } }], usage })];
    const answer = await ask({ prompt: "hi", max_tokens: 5, raw: true });
    expect(answer.json).toEqual({
      result: { response: "Hello!", usage },
      success: true,
      errors: [],
      messages: [],
    });
    expect(answer.headers["cf-aig-model"]).toBe("llama3.1");
    const [seen] = server.requests;
    expect(seen?.url).toBe("/v1/chat/completions");
    expect(seen?.headers.authorization).toBe(`Bearer ${canary("a model server's key")}`);
    expect(JSON.parse(seen?.body ?? "")).toEqual({
      model: "llama3.1",
      messages: [{ role: "user", content: "hi" }],
      max_tokens: 5,
    });
  });

  test("WHEN a stream comes THEN events are translated one by one, wherever they are cut", async () => {
    const text = [
      'data: {"choices":[{"delta":{"role":"assistant","content":"Hé"}}]}',
      'data: {"choices":[{"delta":{"content":"llo"}}]}',
      `data: ${JSON.stringify({ choices: [], usage })}`,
      "data: [DONE]",
      "",
    ].join("\n\n");
    reply = { status: 200, type: "text/event-stream", pieces: text.match(/.{1,7}/gs) ?? [] };
    const answer = await ask({ prompt: "hi", stream: true });
    expect(answer.text).toBe(
      `data: {"response":"Hé"}\n\ndata: {"response":"llo"}\n\ndata: ${JSON.stringify({ response: "", usage })}\n\ndata: [DONE]\n\n`,
    );
    expect(JSON.parse(server.requests[0]?.body ?? "")).toMatchObject({
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  test("WHEN the caller already speaks OpenAI THEN only the model's name changes", async () => {
    reply.pieces = ['{"choices":[],"own":1}'];
    const answer = await harness.ask("main/workers-ai/v1/chat/completions", {
      body: { model: LLAMA, messages: [], own: 2 },
    });
    expect(answer.text).toBe('{"choices":[],"own":1}');
    expect(JSON.parse(server.requests[0]?.body ?? "")).toEqual({
      model: "llama3.1",
      messages: [],
      own: 2,
    });
  });

  test("WHEN the server refuses THEN its status and words come through", async () => {
    reply = { status: 404, type: "application/json", pieces: ['{"error":"no such model"}'] };
    const answer = await ask({ prompt: "hi" });
    expect(answer.status).toBe(404);
    expect(answer.json.errors[0].message).toContain("no such model");
  });

  test("WHEN the server speaks something else THEN that is a failure, not an empty answer", async () => {
    reply.pieces = ["<html>"];
    const answer = await ask({ prompt: "hi" });
    expect([answer.status, answer.json.internalCode]).toEqual([400, 2005]);
    expect(harness.warnings.join()).toContain("baseUrl");
  });

  test("WHEN its stream reports an error THEN the caller's stream breaks off", async () => {
    reply = {
      status: 200,
      type: "text/event-stream",
      pieces: ['data: {"error":"out of memory"}\n\n'],
    };
    await expect(ask({ prompt: "hi", stream: true })).rejects.toThrow();
    expect(harness.rows()[0]).toMatchObject({ success: false });
  });

  test("WHEN the caller's token is wrong THEN the server is not asked", async () => {
    const answer = await harness.ask(`main/workers-ai/${LLAMA}`, {
      body: { prompt: "hi" },
      headers: { authorization: `Bearer ${canary("a wrong token")}` },
    });
    expect(answer.status).toBe(401);
    expect(server.requests).toEqual([]);
  });
});

test.each([
  ["an unknown slug", { nobody: { baseUrl: "http://127.0.0.1" } }, /no provider "nobody"/],
  ["no URL", { openai: { baseUrl: "localhost:1" } }, /base URL of an upstream is "localhost:1"/],
  ["no base URL", { openai: {} }, /"openai" has no baseUrl/],
])("WHEN the configuration has %s THEN it is refused", (_what, config, message) => {
  const make = () =>
    createUpstreams({ config, apiToken: canary("the account's token"), clock: new ManualClock() });
  expect(make).toThrow(message);
});
