import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ManualClock } from "../../../emulator/clock.js";
import { canary } from "../../secrets/canary.js";
import { type Answer, Harness, LLAMA, Provider, TOKEN, until } from "./harness.js";

let harness: Harness;
let provider: Provider;

beforeEach(async () => {
  // The path says what the provider does: a status, or "never".
  provider = await new Provider((request, response) => {
    if (request.url?.endsWith("/never")) return;
    const status = Number(/^\/(\d+)/.exec(request.url ?? "")?.[1]);
    response.writeHead(status, { "content-type": "application/json" });
    response.end(`{"status":${status}}`);
  }).start();
  const upstreams = { "workers-ai": { latencyMs: 0 }, openai: { baseUrl: provider.url } };
  harness = await new Harness(upstreams, new ManualClock()).start();
  harness.gateway("main");
});
afterEach(async () => {
  await harness.close();
  await provider.close();
});

const openai = (endpoint: string, more: object = {}) => ({
  provider: "openai",
  endpoint,
  headers: { authorization: `Bearer ${canary("a provider's key")}` },
  query: { model: "gpt-4o-mini" },
  ...more,
});
const workersAi = {
  provider: "workers-ai",
  endpoint: LLAMA,
  headers: { Authorization: `Bearer ${TOKEN}` },
  query: { prompt: "hi" },
};
const ask = (body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  harness.ask("main", { body, headers: { authorization: "", ...headers } });

describe("GIVEN several providers", () => {
  test("WHEN the first one answers THEN no other is asked, and the step is 0", async () => {
    const answer = await ask([openai("200"), openai("201")]);
    expect([answer.status, answer.headers["cf-aig-step"]]).toEqual([200, "0"]);
    expect(provider.requests).toHaveLength(1);
  });

  test("WHEN the first ones fail THEN the next answers, and the step says which", async () => {
    const answer = await ask([openai("500"), openai("404"), workersAi]);
    expect(answer.status).toBe(200);
    expect(answer.headers["cf-aig-step"]).toBe("2");
    expect(answer.json.result.response).toContain("hi");
  });

  test("WHEN all fail THEN the last one's own answer comes back", async () => {
    const answer = await ask([openai("500"), openai("418")]);
    expect([answer.status, answer.json, answer.headers["cf-aig-step"]]).toEqual([
      418,
      { status: 418 },
      "1",
    ]);
  });

  test("WHEN items are tried THEN each has its row, under one event", async () => {
    const answer = await ask([openai("500"), workersAi], { "cf-aig-event-id": "my-event" });
    const rows = harness.rows();
    expect(rows.map(({ step, provider, status_code }) => [step, provider, status_code])).toEqual([
      [0, "openai", 500],
      [1, "workers-ai", 200],
    ]);
    expect(rows.map(({ event_id }) => event_id)).toEqual(["my-event", "my-event"]);
    expect(answer.headers["cf-aig-event-id"]).toBe("my-event");
    expect(answer.headers["cf-aig-log-id"]).toBe(rows[1]?.id);
    expect(answer.headers["cf-aig-request-id"]).toBe(rows[0]?.id);
  });

  test("WHEN a provider does not begin in time THEN its request is dropped and the next one answers", async () => {
    const answer = ask([openai("never", { config: { requestTimeout: 500 } }), workersAi]);
    await until(() => provider.requests.length === 1, "the first provider is asked");
    harness.manual.advance(500);
    expect((await answer).headers["cf-aig-step"]).toBe("1");
    await until(() => provider.aborted === 1, "the slow request is dropped");
  });

  test("WHEN an item has its own settings THEN they beat the request's", async () => {
    const own = {
      headers: {
        authorization: `Bearer ${canary("a provider's key")}`,
        "cf-aig-max-attempts": "1",
      },
    };
    await ask([openai("500", own), openai("503", { config: { maxAttempts: 3, retryDelay: 0 } })], {
      "cf-aig-max-attempts": "2",
      "cf-aig-retry-delay": "0",
    });
    const urls = provider.requests.map(({ url }) => url);
    expect(urls).toEqual(["/500", "/503", "/503", "/503"]);
  });
});

describe("GIVEN one provider", () => {
  test("WHEN it comes as an object THEN it is a universal request too", async () => {
    expect((await ask(workersAi)).status).toBe(200);
  });

  test("WHEN it does not begin in time THEN the gateway answers 408", async () => {
    const answer = ask([openai("never", { config: { requestTimeout: 500 } })]);
    await until(() => provider.requests.length === 1, "the provider is asked");
    harness.manual.advance(500);
    const { status, json } = await answer;
    expect([status, json.message]).toEqual([
      408,
      "Request timeout: openai: No answer within 500 ms.",
    ]);
  });

  test("WHEN the item's credential is missing THEN the request's own does not stand in", async () => {
    const answer = await ask({ ...workersAi, headers: {} }, { authorization: `Bearer ${TOKEN}` });
    expect(answer.status).toBe(401);
  });

  test("WHEN the provider is asked THEN it gets query, headers and path, and nothing of the gateway's", async () => {
    await ask(openai("200?a=b", { headers: { "X-Own": 1, "cf-aig-cache-ttl": 60, gone: null } }));
    const [seen] = provider.requests;
    expect(seen).toMatchObject({
      method: "POST",
      url: "/200?a=b",
      body: '{"model":"gpt-4o-mini"}',
    });
    expect(seen?.headers).toMatchObject({ "x-own": "1", "content-type": "application/json" });
    expect(Object.keys(seen?.headers ?? {}).filter((name) => /^cf-|^gone$/.test(name))).toEqual([]);
  });
});

test.each([
  ["no JSON", "{", "the body is not JSON"],
  ["an empty array", "[]", "the array is empty"],
  ["an item that is none", "[1]", "item 0 is not an object"],
  ["no provider", '[{"endpoint":"x"}]', 'item 0 has no "provider"'],
  ["no endpoint", '[{"provider":"openai"}]', 'item 0 has no "endpoint"'],
  [
    "a header with a line break",
    '[{"provider":"openai","endpoint":"x","headers":{"a":"b\\nc"}}]',
    'header "a"',
  ],
])("WHEN the body is %s THEN the refusal says what is wrong", async (_what, body, message) => {
  const answer = await ask(body);
  expect(answer.status).toBe(400);
  expect(answer.json.error[0].message).toContain(message);
});
