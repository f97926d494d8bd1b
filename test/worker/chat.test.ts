import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type GatewayStub, reply, startGatewayStub } from "./gateway-stub.js";
import { type RunningWorker, startWorker } from "./start-worker.js";

let gateway: GatewayStub;
let worker: RunningWorker;
beforeAll(async () => {
  gateway = await startGatewayStub();
  worker = await startWorker({
    entry: resolve(__dirname, "../../worker/chat/worker.ts"),
    gateway: gateway.address,
    vars: { GATEWAY: "demo" },
  });
}, 30_000);
afterAll(async () => {
  await worker.close();
  await gateway.close();
});
beforeEach(() => gateway.answer(reply(200, { result: { response: "Hello!" } })));

const ask = (body: string, init: RequestInit = {}) =>
  fetch(new URL("/ai", worker.url), { method: "POST", body, ...init });

const sent = () => JSON.parse(gateway.requests[0]?.body ?? "");

describe("POST /ai", () => {
  test("asks the model through the gateway and hands the answer on", async () => {
    // GIVEN a gateway that has the answer in its cache
    const answer = { result: { response: "Hello!" } };
    gateway.answer(reply(200, answer, { "cf-aig-cache-status": "HIT" }));

    // WHEN a prompt is sent
    const response = await ask('{"prompt":"  Hi  "}');

    // THEN the answer comes back with its cache status
    expect(response.status).toBe(200);
    expect(response.headers.get("cf-aig-cache-status")).toBe("HIT");
    expect(await response.json()).toEqual(answer);
    // AND the gateway got the prompt without the blanks around it
    expect(gateway.requests[0]?.path).toBe("/ai-gateway/universal/run/demo");
    expect(sent()).toEqual([
      {
        provider: "workers-ai",
        endpoint: "@cf/meta/llama-3.1-8b-instruct",
        headers: { "content-type": "application/json" },
        query: { prompt: "Hi" },
      },
    ]);
  });

  test.each(["{}", '{"prompt":""}', '{"prompt":" \\n "}'])(
    "asks for a greeting when %s",
    async (body) => {
      // GIVEN a body without a prompt
      // WHEN it is sent
      await ask(body);

      // THEN the gateway is asked for a greeting
      expect(sent()[0].query).toEqual({ prompt: "Say hello in one short sentence." });
    },
  );

  test("asks for a stream when told so, and lets it through as it comes", async () => {
    // GIVEN a gateway that goes on only when the first part was seen
    let finish = () => {};
    const seen = new Promise<void>((resolve) => {
      finish = resolve;
    });
    gateway.answer(async (_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).write("data: one\n\n");
      await seen;
      response.end("data: [DONE]\n\n");
    });

    // WHEN a stream is asked for
    const response = await ask('{"prompt":"Hi","stream":true}');
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const first = await reader?.read();
    finish();

    // THEN the first part arrives before the last is written
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    expect(first?.value).toBe("data: one\n\n");
    expect((await reader?.read())?.value).toBe("data: [DONE]\n\n");
    expect(sent()[0].query).toEqual({ prompt: "Hi", stream: true });
  });

  test.each([
    ["", "not JSON"],
    ["hello", "not JSON"],
    ["null", "not a JSON object"],
    ["[]", "not a JSON object"],
    ['"hello"', "not a JSON object"],
    ['{"prompt":1}', '"prompt" must be a string'],
    ['{"prompt":null}', '"prompt" must be a string'],
    ['{"stream":"yes"}', '"stream" must be true or false'],
  ])("answers %j with 400 and a sentence", async (body, sentence) => {
    // GIVEN a body that is no question
    // WHEN it is sent
    const response = await ask(body);

    // THEN the answer says what is wrong, and the gateway is not asked
    expect(response.status).toBe(400);
    expect(((await response.json()) as { error: string }).error).toContain(sentence);
    expect(gateway.requests).toEqual([]);
  });

  test.each([400, 401, 402, 424, 429, 500])("hands the gateway's %i on", async (status) => {
    // GIVEN a gateway that refuses
    const body = { success: false, error: [{ code: 2003, message: "Rate limited" }] };
    gateway.answer(reply(status, body, { "cf-aig-log-id": "log-1" }));

    // WHEN a prompt is sent
    const response = await ask('{"prompt":"Hi"}');

    // THEN the refusal keeps its meaning
    expect(response.status).toBe(status);
    expect(response.headers.get("cf-aig-log-id")).toBe("log-1");
    expect(await response.json()).toEqual(body);
  });

  test("answers 502 with a code when the gateway hangs up", async () => {
    // GIVEN a gateway that breaks the connection
    gateway.answer((_, response) => void response.destroy());

    // WHEN a prompt is sent
    const response = await ask('{"prompt":"Hi"}');

    // THEN the Worker says so
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ code: "network" });
  });

  test("stops the gateway's answer when the client leaves", async () => {
    // GIVEN an answer that goes on for ever
    gateway.answer(async (_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      while (!response.destroyed) {
        response.write("data: more\n\n");
        await sleep(20);
      }
    });
    const controller = new AbortController();
    const response = await ask('{"stream":true}', { signal: controller.signal });
    await response.body?.getReader().read();

    // WHEN the client leaves
    controller.abort();

    // THEN the gateway's side ends
    await gateway.cut;
  });
});

test.each([
  ["GET", "/ai"],
  ["PUT", "/ai"],
  ["POST", "/"],
  ["POST", "/ai/more"],
  ["GET", "/missing"],
])("%s %s is not found", async (method, path) => {
  // GIVEN anything but POST /ai
  // WHEN it is asked for
  const response = await fetch(new URL(path, worker.url), { method });

  // THEN it is not there
  expect(response.status).toBe(404);
  expect(gateway.requests).toEqual([]);
});
