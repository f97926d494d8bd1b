import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { canary } from "../../secrets/canary.js";
import { basic, code, putScript, script } from "./put-script.js";
import { type Api, startApi, upload } from "./start-api.js";

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const put = (metadata?: object, modules?: Record<string, string>) =>
  putScript(api, metadata, modules);

describe("an upload", () => {
  test("runs the script and answers with what Cloudflare shows", async () => {
    const { status, json } = await put();

    expect(status).toBe(200);
    expect(json.result).toEqual({
      id: "chat",
      tag: expect.stringMatching(/^[0-9a-f]{32}$/),
      etag: expect.stringMatching(/^[0-9a-f]{64}$/),
      handlers: ["fetch"],
      named_handlers: [],
      created_on: "2026-01-01T00:00:00.000Z",
      modified_on: "2026-01-01T00:00:00.000Z",
      has_assets: false,
      has_modules: true,
      last_deployed_from: "api",
      startup_time_ms: expect.any(Number),
      compatibility_date: "2026-01-01",
      usage_model: "standard",
    });
    const running = api.host.running.get("chat");
    expect(running).toMatchObject({
      accountId: api.state.accountId,
      mainModule: "main.js",
      compatibilityDate: "2026-01-01",
      bindings: [],
    });
    expect(Buffer.from(running?.modules[0]?.content ?? "").toString()).toBe(code);
  });

  test("keeps tag, birth and etag when only settings change, and never the startup time", async () => {
    const first = await put();
    api.clock.advance(5_000);

    const second = await put({ ...basic, bindings: [{ type: "ai", name: "AI" }] });

    const { tag, etag, created_on } = first.json.result;
    expect(second.json.result).toMatchObject({ tag, etag, created_on });
    expect(second.json.result.modified_on).toBe("2026-01-01T00:00:05.000Z");
    expect(second.json.result.startup_time_ms).not.toBe(first.json.result.startup_time_ms);
  });

  test("changes the etag when the code changes", async () => {
    const first = await put();

    const second = await put(basic, { "main.js": `${code}\n` });

    expect(second.json.result.etag).not.toBe(first.json.result.etag);
  });

  test("that does not start is refused with the reason, and the running one goes on", async () => {
    await put();

    const { status, json } = await put(basic, { "main.js": "throw new Error('no')" });

    expect(status).toBe(400);
    expect(json.errors).toEqual([{ code: 10021, message: "Uncaught Error: no, at main.js:1" }]);
    const { text } = await api.call("GET", script);
    expect(text).toBe(code);
  });

  test("hands every kind of binding to the Worker, a json value as it was sent", async () => {
    const bindings = [
      { type: "ai", name: "AI" },
      { type: "plain_text", name: "GATEWAY", text: "chat" },
      { type: "json", name: "OBJECT", json: { a: [1, null] } },
      { type: "json", name: "TEXT", json: '{"a":1}' },
      { type: "secret_text", name: "KEY", text: canary("a Worker's secret") },
    ];

    await put({ ...basic, bindings });

    expect(api.host.running.get("chat")?.bindings).toEqual(bindings);
  });

  test("with a binding that is not emulated names it and its type", async () => {
    const { status, json } = await put({
      ...basic,
      bindings: [{ type: "hyperdrive", name: "DB", id: "1" }],
    });

    expect(status).toBe(501);
    expect(json.errors[0].message).toMatch(/"DB" of type "hyperdrive"/);
    expect(api.host.deploys).toBe(0);
  });

  test.each(["body_part", "annotations"])("with %s is refused by 501", async (key) => {
    const { status, json } = await put({ ...basic, [key]: { a: "b" } });

    expect(status).toBe(501);
    expect(json.errors[0].message).toContain(`"${key}"`);
  });

  test("takes null, and an empty date, for what is not set", async () => {
    const { status, json } = await put({
      main_module: "main.js",
      compatibility_date: "",
      migrations: null,
      placement: null,
      assets: null,
    });

    expect(status).toBe(200);
    expect(json.result).not.toHaveProperty("compatibility_date");
    expect(api.host.running.get("chat")?.compatibilityDate).toBe("2021-11-02");
  });

  test.each([
    ["an unknown setting", { ...basic, colour: "red" }],
    ["a date that is none", { ...basic, compatibility_date: "today" }],
    [
      "two bindings of one name",
      {
        ...basic,
        bindings: [
          { type: "ai", name: "A" },
          { type: "plain_text", name: "A", text: "" },
        ],
      },
    ],
    ["an assets binding without assets", { ...basic, bindings: [{ type: "assets", name: "A" }] }],
  ])("with %s is a 400", async (_, metadata) => {
    const { status, json } = await put(metadata);

    expect(status).toBe(400);
    expect(json.errors[0].code).toBe(10026);
  });

  test("never quotes a secret in a refusal", async () => {
    const { status, text } = await put({
      ...basic,
      bindings: [
        {
          type: "secret_text",
          name: "KEY",
          text: [canary("a Worker's secret")],
          more: canary("a Worker's secret"),
        },
      ],
    });

    expect(status).toBe(400);
    expect(text).not.toContain(canary("a Worker's secret"));
  });

  test("without its main module says which modules there are", async () => {
    const { status, json } = await put({ main_module: "other.js" });

    expect(status).toBe(400);
    expect(json.errors[0].message).toMatch(/"other.js".*"main.js"/);
  });

  test("that is no multipart, or has no metadata, is a 400", async () => {
    const json = await api.call("PUT", script, { main_module: "x" });
    const empty = await api.call("PUT", script, new FormData());

    expect(json.json.errors[0].message).toMatch(/multipart\/form-data was expected/);
    expect(empty.status).toBe(400);
  });

  test("of a module kind that cannot run is refused by its type", async () => {
    const form = upload(basic, { "main.js": code });
    form.set("a.py", new File(["x"], "a.py", { type: "text/x-python" }));

    const { status, json } = await api.call("PUT", script, form);

    expect(status).toBe(501);
    expect(json.errors[0].message).toContain('"text/x-python"');
  });

  test.each(["Upper", "a.b", "-a", "x".repeat(64)])(
    "under the name %s is refused",
    async (name) => {
      const { status, json } = await api.call("PUT", `/workers/scripts/${name}`, upload(basic));

      expect(status).toBe(400);
      expect(json.errors[0].code).toBe(10016);
    },
  );

  test("runs the last of several at once, and remembers that one", async () => {
    const codes = [1, 2, 3, 4].map((n) => `${code} // ${n}`);

    await Promise.all(codes.map((text) => put(basic, { "main.js": text })));

    const stored = (await api.call("GET", script)).text;
    const running = api.host.running.get("chat")?.modules[0]?.content ?? "";
    expect(codes).toContain(stored);
    expect(Buffer.from(running).toString()).toBe(stored);
  });
});
