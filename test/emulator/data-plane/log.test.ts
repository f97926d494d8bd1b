import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ManualClock } from "../../../emulator/clock.js";
import { ACCOUNT, Harness, LLAMA, Provider } from "./harness.js";

let harness: Harness;
let provider: Provider;
/** What the provider says, and as what. */
let reply: { type: string; body: string };

beforeEach(async () => {
  reply = { type: "application/json", body: "{}" };
  provider = await new Provider((_request, response) => {
    response.writeHead(200, { "content-type": reply.type });
    // In two pieces that cut words apart.
    response.write(reply.body.slice(0, 10));
    setImmediate(() => response.end(reply.body.slice(10)));
  }).start();
  const upstreams = { "workers-ai": { latencyMs: 1000 }, openai: { baseUrl: provider.url } };
  harness = await new Harness(upstreams, new ManualClock()).start();
  harness.gateway("main");
});
afterEach(async () => {
  await harness.close();
  await provider.close();
});

const chat = (headers: Record<string, string> = {}, body: unknown = { model: "gpt-4o-mini" }) =>
  harness.ask("main/openai/chat/completions", { body, headers });
const payload = (id: string) => {
  const found = harness.logs.payload(ACCOUNT, "main", id);
  return found && [Buffer.from(found.request).toString(), Buffer.from(found.response).toString()];
};

describe("GIVEN a request that was answered", () => {
  test("WHEN its row is read THEN it says what happened", async () => {
    reply.body = '{"usage":{"prompt_tokens":3,"completion_tokens":5}}';
    const answer = await chat();
    const [row] = harness.rows();
    expect(row).toEqual({
      id: answer.headers["cf-aig-log-id"],
      event_id: answer.headers["cf-aig-event-id"],
      created_at: "2026-01-01T00:00:00.000Z",
      provider: "openai",
      model: "gpt-4o-mini",
      path: "chat/completions",
      duration: 0,
      success: true,
      cached: false,
      status_code: 200,
      step: 0,
      tokens_in: 3,
      tokens_out: 5,
      cost: 0,
      metadata: {},
      model_type: "",
      request_type: "",
      request_content_type: "application/json",
      response_content_type: "application/json",
      feedback: null,
      score: null,
    });
    expect(row?.event_id).toBe(row?.id);
    expect(payload(row?.id ?? "")).toEqual(['{"model":"gpt-4o-mini"}', reply.body]);
  });

  test("WHEN it took a second of the clock THEN the duration says so", async () => {
    const answer = harness.prompt("hi");
    await new Promise((resolve) => setTimeout(resolve, 30));
    harness.manual.advance(1000);
    await answer;
    expect(harness.rows()[0]).toMatchObject({ duration: 1000, model: LLAMA });
  });

  test("WHEN it was a HIT THEN it cost no tokens, and the row has the bodies", async () => {
    reply.body = '{"usage":{"prompt_tokens":3,"completion_tokens":5}}';
    harness.gateway("main", { cache_ttl: 60 });
    await chat();
    const hit = await chat();
    expect(harness.rows()[1]).toMatchObject({ cached: true, tokens_in: 0, tokens_out: 0 });
    expect(payload(String(hit.headers["cf-aig-log-id"]))).toEqual([
      '{"model":"gpt-4o-mini"}',
      reply.body,
    ]);
  });
});

describe("GIVEN what providers say about tokens", () => {
  test.each([
    [
      "OpenAI's stream",
      "text/event-stream",
      'data: {"choices":[{"delta":{"content":"a"}}],"usage":null}\n\ndata: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":9}}\n\ndata: [DONE]\n\n',
      7,
      9,
    ],
    [
      "Anthropic's stream",
      "text/event-stream",
      'event: message_start\ndata: {"message":{"usage":{"input_tokens":11,"output_tokens":1}}}\n\nevent: message_delta\ndata: {"usage":{"output_tokens":13}}\n\n',
      11,
      13,
    ],
    [
      "Google's answer",
      "application/json",
      '{"candidates":[],"usageMetadata":{"promptTokenCount":2,"candidatesTokenCount":4}}',
      2,
      4,
    ],
    [
      "nested details",
      "application/json",
      '{"usage":{"prompt_tokens":1,"prompt_tokens_details":{"cached_tokens":0},"completion_tokens":2}}',
      1,
      2,
    ],
    [
      "an answer that talks of usage",
      "application/json",
      '{"text":"\\"usage\\":{\\"prompt_tokens\\":99}"}',
      null,
      null,
    ],
    ["nothing", "application/json", "{}", null, null],
  ])("WHEN it is %s THEN the row has them", async (_what, type, body, tokensIn, tokensOut) => {
    reply = { type, body };
    const answer = await chat();
    expect(answer.text).toBe(body);
    expect(harness.rows()[0]).toMatchObject({ tokens_in: tokensIn, tokens_out: tokensOut });
  });

  test("WHEN the answer is longer than what a row keeps THEN its last words are still counted", async () => {
    const text = "x".repeat(11_000_000);
    reply.body = `{"text":"${text}","usage":{"prompt_tokens":1,"completion_tokens":2}}`;
    const answer = await chat();
    expect(answer.text).toHaveLength(reply.body.length);
    const [row] = harness.rows();
    expect(row).toMatchObject({ tokens_in: 1, tokens_out: 2 });
    expect(payload(row?.id ?? "")).toBeUndefined();
  });
});

describe("GIVEN what a request wants to be kept", () => {
  test("WHEN it wants no row THEN there is none, and no id", async () => {
    const answer = await chat({ "cf-aig-collect-log": "false" });
    expect(harness.rows()).toEqual([]);
    expect(answer.headers["cf-aig-log-id"]).toBeUndefined();
    expect(answer.headers["cf-aig-event-id"]).toBeDefined();
  });

  test("WHEN the gateway keeps no logs but the request wants one THEN there is one", async () => {
    harness.gateway("main", { collect_logs: false });
    await chat();
    await chat({ "cf-aig-collect-log": "true" });
    expect(harness.rows()).toHaveLength(1);
  });

  test("WHEN it wants no payload THEN the row has no bodies", async () => {
    const answer = await chat({ "cf-aig-collect-log-payload": "false" });
    const id = String(answer.headers["cf-aig-log-id"]);
    expect(harness.logs.get(ACCOUNT, "main", id)).toBeDefined();
    expect(payload(id)).toBeUndefined();
  });

  test.each([
    ["flat values", '{"a":"x","b":1,"c":true}', { a: "x", b: 1, c: true }],
    ["more than five", '{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6}', { a: 1, b: 2, c: 3, d: 4, e: 5 }],
    [
      "reserved names",
      '{"cf.user":1,"a":1,"b":2,"c":3,"d":4,"e":5}',
      { a: 1, b: 2, c: 3, d: 4, e: 5 },
    ],
    ["a null", '{"a":1,"b":null}', {}],
    ["an object", '{"a":1,"b":{}}', {}],
    ["no JSON", "a=1", {}],
    ["an array", "[1]", {}],
  ])("WHEN its metadata has %s THEN the product's rules hold", async (_what, header, metadata) => {
    await chat({ "cf-aig-metadata": header });
    expect(harness.rows()[0]?.metadata).toEqual(metadata);
  });
});

describe("GIVEN a limit of two rows", () => {
  const events = () => harness.rows().map(({ event_id }) => event_id);
  const fill = async () => {
    for (const id of ["one", "two", "three"]) await chat({ "cf-aig-event-id": id });
  };

  test("WHEN it stops inserting THEN the first rows stay", async () => {
    harness.gateway("main", { log_management: 2, log_management_strategy: "STOP_INSERTING" });
    await fill();
    expect(events()).toEqual(["one", "two"]);
  });

  test("WHEN it deletes the oldest THEN the last rows stay", async () => {
    harness.gateway("main", { log_management: 2, log_management_strategy: "DELETE_OLDEST" });
    await fill();
    expect(events()).toEqual(["two", "three"]);
  });
});

test("WHEN a gateway is deleted THEN its log goes with it", async () => {
  await chat();
  harness.deleteGateway("main");
  harness.gateway("main");
  expect(harness.rows()).toEqual([]);
});

test("WHEN the row cannot be written THEN the caller has the answer and a person is told", async () => {
  harness.logs.append = () => {
    throw new Error("the disk is gone");
  };
  expect((await chat()).status).toBe(200);
  expect(harness.warnings).toEqual(["A request was not logged: the disk is gone"]);
});
