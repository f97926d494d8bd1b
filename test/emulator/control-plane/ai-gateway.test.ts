import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Api, startApi } from "./start-api.js";
import { createGateway, gateways, required } from "./start-gateway.js";

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const create = (id: string, more?: object) => createGateway(api, id, more);

describe("creating a gateway", () => {
  test("answers with what was sent and the product's defaults for the rest", async () => {
    const { status, json } = await create("chat");

    expect(status).toBe(200);
    expect(json).toEqual({
      success: true,
      errors: [],
      messages: [],
      result: {
        id: "chat",
        ...required,
        rate_limiting_technique: "fixed",
        authentication: false,
        log_management: 100_000,
        log_management_strategy: "STOP_INSERTING",
        retry_max_attempts: null,
        retry_delay: null,
        retry_backoff: null,
        byok_only: false,
        dlp: { enabled: false, action: "FLAG", profiles: [] },
        guardrails: null,
        log_classification: false,
        logpush: false,
        logpush_public_key: null,
        otel: null,
        spend_limits: null,
        store_id: "",
        stripe: null,
        workers_ai_billing_mode: "postpaid",
        zdr: false,
        is_default: false,
        created_at: "2026-01-01T00:00:00.000Z",
        modified_at: "2026-01-01T00:00:00.000Z",
      },
    });
  });

  test("refuses an id that is taken, and leaves the first gateway as it was", async () => {
    await create("chat");

    const { status, json } = await create("chat", { cache_ttl: 5 });

    expect(status).toBe(400);
    expect(json.errors).toEqual([
      { code: 7001, message: 'A gateway with the id "chat" already exists.' },
    ]);
    expect(api.state.gateways.get(api.state.accountId, "chat")?.cache_ttl).toBe(60);
  });

  test("tells every fault at once, with what was got", async () => {
    const { status, json } = await create("chat", {
      cache_ttl: -1,
      retry_max_attempts: 6,
      log_management: 9_999,
      rate_limiting_technique: "leaky",
    });

    expect(status).toBe(400);
    expect(json.success).toBe(false);
    const faults = (json.errors as { code: number; message: string }[]).map(
      ({ code, message }) => `${code} ${message}`,
    );
    expect(faults).toEqual([
      expect.stringMatching(/^7001 cache_ttl: .*>=0 \(got -1\)$/),
      expect.stringMatching(/^7001 rate_limiting_technique: .*"fixed"\|"sliding" \(got "leaky"\)$/),
      expect.stringMatching(/^7001 log_management: .*>=10000 \(got 9999\)$/),
      expect.stringMatching(/^7001 retry_max_attempts: .*<=5 \(got 6\)$/),
    ]);
  });

  test.each(["", "Upper", "a--b", "-a", "a.b", "x".repeat(65)])("refuses the id %j", async (id) => {
    const { status, json } = await create(id);

    expect(status).toBe(400);
    expect(json.errors[0].code).toBe(7001);
  });

  test("asks for the five settings that have no default", async () => {
    const { status, json } = await api.call("POST", gateways, { id: "chat" });

    expect(status).toBe(400);
    expect(json.errors.map(({ path }: { path: string[] }) => path[1])).toEqual(
      expect.arrayContaining(Object.keys(required)),
    );
  });

  test("refuses a setting that Cloudflare does not have", async () => {
    const { status, json } = await create("chat", { cache_tll: 5 });

    expect(status).toBe(400);
    expect(json.errors[0]).toMatchObject({ code: 7001, path: ["body", "cache_tll"] });
  });

  test("marks the gateway named default", async () => {
    const { json } = await create("default");

    expect(json.result.is_default).toBe(true);
  });

  test("takes ids that are names of object members", async () => {
    expect((await api.call("GET", `${gateways}/constructor`)).status).toBe(404);
    expect((await create("constructor")).status).toBe(200);
    expect((await create("__proto__")).status).toBe(200);
    expect((await api.call("GET", gateways)).json.result).toHaveLength(2);
  });
});

describe("reading gateways", () => {
  test("gives one back as it was created", async () => {
    const created = await create("chat");

    const { status, json } = await api.call("GET", `${gateways}/chat`);

    expect(status).toBe(200);
    expect(json).toEqual(created.json);
  });

  test.each(["GET", "PUT", "DELETE"])("answers %s of a missing one with 7002", async (method) => {
    const body = method === "PUT" ? required : undefined;

    const { status, json } = await api.call(method, `${gateways}/missing`, body);

    expect(status).toBe(404);
    expect(json).toMatchObject({ success: false, errors: [{ code: 7002, message: "Not Found" }] });
  });

  test("lists page by page, and nothing past the end", async () => {
    for (const id of ["a1", "a2", "b1"]) await create(id);

    const first = await api.call("GET", `${gateways}?per_page=2`);
    const past = await api.call("GET", `${gateways}?per_page=2&page=3`);
    const found = await api.call("GET", `${gateways}?search=b`);

    expect(first.json.result.map(({ id }: { id: string }) => id)).toEqual(["a1", "a2"]);
    expect(first.json.result_info).toEqual({ page: 1, per_page: 2, count: 2, total_count: 3 });
    expect(past.json.result).toEqual([]);
    expect(found.json.result.map(({ id }: { id: string }) => id)).toEqual(["b1"]);
  });

  test("refuses a page that is no number", async () => {
    const { status, json } = await api.call("GET", `${gateways}?page=x`);

    expect(status).toBe(400);
    expect(json.errors[0]).toMatchObject({ code: 7001, path: ["query", "page"] });
  });
});

describe("changing a gateway", () => {
  test("replaces all settings and keeps id and birth", async () => {
    const events: unknown[] = [];
    await create("chat", { retry_max_attempts: 3 });
    api.state.gateways.subscribe((event) => events.push(event));
    api.clock.advance(1_000);

    const { status, json } = await api.call("PUT", `${gateways}/chat`, {
      ...required,
      cache_ttl: 5,
    });

    expect(status).toBe(200);
    expect(json.result).toMatchObject({
      id: "chat",
      cache_ttl: 5,
      retry_max_attempts: null,
      created_at: "2026-01-01T00:00:00.000Z",
      modified_at: "2026-01-01T00:00:01.000Z",
    });
    expect(events).toMatchObject([{ type: "updated", gateway: { id: "chat", cache_ttl: 5 } }]);
  });

  test("stores a cache_ttl of null as 0", async () => {
    await create("chat");

    const { json } = await api.call("PUT", `${gateways}/chat`, { ...required, cache_ttl: null });

    expect(json.result.cache_ttl).toBe(0);
  });

  test("asks for all five required settings again", async () => {
    await create("chat");
    const { collect_logs, ...rest } = required;

    const { status, json } = await api.call("PUT", `${gateways}/chat`, rest);

    expect(status).toBe(400);
    expect(json.errors[0].path).toEqual(["body", "collect_logs"]);
  });

  test("takes its own id along, and refuses another", async () => {
    await create("chat");

    const same = await api.call("PUT", `${gateways}/chat`, { id: "chat", ...required });
    const other = await api.call("PUT", `${gateways}/chat`, { id: "other", ...required });

    expect(same.status).toBe(200);
    expect(other.status).toBe(400);
    expect(other.json.errors[0].path).toEqual(["body", "id"]);
  });

  test("deletes and answers with what was", async () => {
    const events: unknown[] = [];
    await create("chat");
    api.state.gateways.subscribe((event) => events.push(event));

    const { status, json } = await api.call("DELETE", `${gateways}/chat`);

    expect(status).toBe(200);
    expect(json.result.id).toBe("chat");
    expect((await api.call("GET", `${gateways}/chat`)).status).toBe(404);
    expect(events).toMatchObject([{ type: "deleted", gateway: { id: "chat" } }]);
  });
});

describe("the URL of a provider", () => {
  test("is a string", async () => {
    await create("chat");

    const { json } = await api.call("GET", `${gateways}/chat/url/workers-ai`);

    expect(json.result).toBe(`http://127.0.0.1:1/v1/${api.state.accountId}/chat/workers-ai`);
  });

  test("is refused for a gateway that is not there, and for a provider that is no word", async () => {
    await create("chat");

    expect((await api.call("GET", `${gateways}/nope/url/openai`)).status).toBe(404);
    expect((await api.call("GET", `${gateways}/chat/url/a%2Fb`)).json.errors[0].code).toBe(7001);
  });
});
