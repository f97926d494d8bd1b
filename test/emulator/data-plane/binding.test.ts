import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ManualClock } from "../../../emulator/clock.js";
import { canary } from "../../secrets/canary.js";
import { ACCOUNT, Harness, LLAMA } from "./harness.js";

let harness: Harness;
beforeEach(async () => {
  harness = await new Harness({ "workers-ai": { latencyMs: 0 } }, new ManualClock()).start();
  harness.gateway("main");
});
afterEach(() => harness.close());

const item = { provider: "workers-ai", endpoint: LLAMA, headers: {}, query: { prompt: "hi" } };
const run = (headers: Record<string, string> = {}, body: unknown = [item]) =>
  harness.binding("/ai-gateway/universal/run/main", { body, headers });

describe("GIVEN the binding's address", () => {
  test.each([
    ["no token", { "cf-local-token": "" }],
    ["a wrong token", { "cf-local-token": canary("a wrong token") }],
    ["no script", { "cf-local-script": "" }],
  ])("WHEN a caller has %s THEN it is refused with 403", async (_what, headers) => {
    const answer = await run(headers);
    expect([answer.status, answer.json.errors[0].code]).toEqual([403, 403]);
    expect(harness.rows()).toEqual([]);
  });

  test("WHEN the script is another account's THEN this account's gateway is not there", async () => {
    const answer = await run({ "cf-local-account": "f".repeat(32) });
    expect([answer.status, answer.json.internalCode]).toEqual([400, 2001]);
  });

  test.each([
    ["GET", "/ai-api/models/search"],
    ["POST", "/ai-gateway/gateways/main/logs/x/y"],
    ["DELETE", "/ai-gateway/gateways/main/logs/x"],
  ])("WHEN %s %s is called THEN it answers 501 naming it", async (method, path) => {
    const answer = await harness.binding(path, { method });
    expect(answer.status).toBe(501);
    expect(answer.text).toContain(`${method} ${path}`);
  });
});

describe("GIVEN gateway(id).run", () => {
  test("WHEN a prompt comes THEN the body is Workers AI's envelope and no credential is asked", async () => {
    const answer = await run();
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toBe("application/json");
    expect(answer.json).toMatchObject({
      success: true,
      errors: [],
      messages: [],
      result: { response: expect.stringContaining("hi"), usage: { prompt_tokens: 1 } },
    });
    expect(answer.headers["cf-aig-log-id"]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{21}$/);
  });

  test("WHEN options come as headers THEN they hold", async () => {
    const options = { "cf-aig-cache-ttl": "60", "cf-aig-metadata": '{"user":"zoë"}' };
    const bytes = Object.entries(options).map(([name, value]) => [
      name,
      Buffer.from(value).toString("latin1"),
    ]);
    await run(Object.fromEntries(bytes));
    const second = await run(Object.fromEntries(bytes));
    expect(second.headers["cf-aig-cache-status"]).toBe("HIT");
    expect(harness.rows()[0]?.metadata).toEqual({ user: "zoë" });
  });
});

describe("GIVEN AI.run", () => {
  const call = (path: string, body: unknown, model = LLAMA) =>
    harness.binding(path, {
      body,
      headers: { "cf-consn-model-id": model, "cf-consn-sdk-version": "2.0.0" },
    });
  const through = (gateway: object, inputs: unknown = { prompt: "hi" }, model = LLAMA) =>
    call(
      "/ai-gateway/run?version=3",
      { inputs, options: { gateway: { id: "main", ...gateway } } },
      model,
    );

  test("WHEN it goes through a gateway THEN the body is the bare output, and a row is written", async () => {
    const answer = await through({});
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toBe("application/json");
    expect(Object.keys(answer.json)).toEqual(["response", "usage"]);
    expect(harness.rows()[0]).toMatchObject({ model: LLAMA, tokens_in: 1 });
    expect(answer.headers["cf-aig-log-id"]).toBe(harness.rows()[0]?.id);
  });

  test("WHEN options are in the body THEN they hold, a TTL of 0 too", async () => {
    harness.gateway("main", { cache_ttl: 60 });
    const status = async (gateway: object) =>
      (await through(gateway)).headers["cf-aig-cache-status"];
    expect(await status({ cacheTtl: 0 })).toBe("MISS");
    expect(await status({})).toBe("MISS");
    expect(await status({})).toBe("HIT");
    expect(await status({ skipCache: true })).toBe("MISS");
    expect(await status({ cacheKey: "zoë" })).toBe("MISS");
    expect(await status({ cacheKey: "zoë" })).toBe("HIT");
    expect((await through({ metadata: { a: 1 }, eventId: "e" })).headers["cf-aig-event-id"]).toBe(
      "e",
    );
    expect(harness.rows().at(-1)?.metadata).toEqual({ a: 1 });
  });

  test("WHEN a stream is asked for THEN the events are the bare ones", async () => {
    const answer = await through({}, { prompt: "hi", stream: true });
    expect(answer.headers["content-type"]).toBe("text/event-stream");
    expect(answer.text).toMatch(/^data: \{"response":/);
    expect(answer.text).toMatch(/data: \[DONE\]\n\n$/);
  });

  test.each([
    ["an unknown model", "@cf/nobody/nothing", { prompt: "hi" }, 404, "Model not found"],
    ["no prompt", LLAMA, {}, 400, "User Input Error"],
  ])(
    "WHEN it has %s THEN the body gives the client a name and a code",
    async (_what, model, inputs, status, text) => {
      const answer = await through({}, inputs, model);
      expect(answer.status).toBe(status);
      expect(answer.json).toMatchObject({ name: "AiGatewayError", internalCode: 7003 });
      expect(answer.json.description).toContain(text);
    },
  );

  test("WHEN the model is another provider's THEN it answers 501", async () => {
    expect((await through({}, { prompt: "hi" }, "openai/gpt-5")).status).toBe(501);
  });

  test("WHEN there is no gateway THEN the model answers and nothing is logged", async () => {
    const answer = await call("/run?version=3", { inputs: { prompt: "hi" }, options: {} });
    expect(answer.json.response).toContain("hi");
    expect(answer.headers["cf-aig-log-id"]).toBeUndefined();
    expect(harness.rows()).toEqual([]);
  });
});

describe("GIVEN getUrl", () => {
  const url = (name: string) =>
    harness.binding(`/ai-gateway/gateways/main/url/${name}`, { method: "GET" });

  test.each([
    ["universal", ""],
    ["", ""],
    ["openai", "/openai"],
    ["compat", "/compat"],
  ])("WHEN %j is asked THEN it is below the gateway's URL", async (name, path) => {
    const answer = await url(name);
    expect(answer.status).toBe(200);
    expect(answer.json.result).toEqual({ url: `${harness.url}/v1/${ACCOUNT}/main${path}` });
  });

  test("WHEN the provider is unknown THEN the failure has errors", async () => {
    expect((await url("nobody")).json.errors).toEqual([
      { code: 2008, message: "Invalid provider" },
    ]);
  });
});

describe("GIVEN getLog and patchLog", () => {
  const log = (id: string, method = "GET", body?: unknown) =>
    harness.binding(`/ai-gateway/gateways/main/logs/${id}`, { method, body });

  test("WHEN the row is read THEN it has both bodies' beginnings", async () => {
    const id = String((await run()).headers["cf-aig-log-id"]);
    const answer = await log(id);
    expect(answer.status).toBe(200);
    expect(answer.json.result).toMatchObject({
      id,
      provider: "workers-ai",
      model: LLAMA,
      status_code: 200,
      request_head: '{"prompt":"hi"}',
      request_head_complete: true,
      response_head: expect.stringContaining("Scripted answer"),
    });
  });

  test("WHEN feedback, score and metadata are patched THEN the row has them", async () => {
    const id = String((await run()).headers["cf-aig-log-id"]);
    const patch = { feedback: 1, score: 80, metadata: { seen: true } };
    expect((await log(id, "PATCH", patch)).status).toBe(200);
    expect((await log(id)).json.result).toMatchObject(patch);
  });

  test("WHEN there is no such row THEN the answer is 404 with errors", async () => {
    for (const method of ["GET", "PATCH"]) {
      const answer = await log("none", method, method === "GET" ? undefined : {});
      expect([answer.status, answer.json.errors[0].message]).toEqual([404, "Log Not Found"]);
    }
  });

  test.each([[{ feedback: "good" }], [{ metadata: { a: {} } }], ["text"]])(
    "WHEN the patch is %j THEN it is refused and nothing changes",
    async (patch) => {
      const id = String((await run()).headers["cf-aig-log-id"]);
      expect((await log(id, "PATCH", patch)).status).toBe(400);
      expect((await log(id)).json.result).toMatchObject({ feedback: null, metadata: {} });
    },
  );
});
