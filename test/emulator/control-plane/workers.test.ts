import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { canary } from "../../secrets/canary.js";
import { type Api, startApi, upload } from "./start-api.js";

const code = "export default { fetch: () => new Response('ok') };";
const script = "/workers/scripts/chat";
const basic = { main_module: "main.js", compatibility_date: "2026-01-01" };

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const put = (metadata: object = basic, modules: Record<string, string> = { "main.js": code }) =>
  api.call("PUT", script, upload(metadata, modules));

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

describe("reading a script", () => {
  test("shows the service with the script's own fields", async () => {
    const uploaded = await put();

    const { json } = await api.call("GET", "/workers/services/chat");

    expect(json.result).toEqual({
      id: "chat",
      default_environment: { environment: "production", script: uploaded.json.result },
    });
  });

  test("shows settings as they were sent: bindings by name, secrets without value", async () => {
    const observability = {
      enabled: true,
      head_sampling_rate: 1,
      logs: { enabled: true, invocation_logs: true, head_sampling_rate: 1, persist: true },
    };
    await put({
      ...basic,
      compatibility_flags: ["nodejs_compat"],
      observability,
      limits: { cpu_ms: 50 },
      bindings: [
        { type: "secret_text", name: "KEY", text: canary("a Worker's secret") },
        { type: "ai", name: "AI" },
      ],
    });

    const { json, text } = await api.call("GET", `${script}/settings`);

    expect(json.result).toEqual({
      bindings: [
        { type: "ai", name: "AI" },
        { type: "secret_text", name: "KEY" },
      ],
      compatibility_date: "2026-01-01",
      compatibility_flags: ["nodejs_compat"],
      usage_model: "standard",
      logpush: false,
      tail_consumers: null,
      placement: {},
      tags: [],
      observability,
      limits: { cpu_ms: 50 },
    });
    expect(text).not.toContain(canary("a Worker's secret"));
  });

  test("leaves observability and limits out when they were not set", async () => {
    await put();

    const { json } = await api.call("GET", `${script}/settings`);

    expect(Object.keys(json.result)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(observability|limits)$/)]),
    );
  });

  test("gives the code back byte for byte, the main module first", async () => {
    await put(basic, { "lib.js": "export {};", "main.js": code });

    const response = await fetch(
      `${api.origin}/client/v4/accounts/${api.state.accountId}${script}/content/v2`,
      { headers: { authorization: `Bearer ${api.state.apiToken}` } },
    );

    const parts = [...(await response.formData())] as unknown as [string, File][];
    expect(parts.map(([name]) => name)).toEqual(["main.js", "lib.js"]);
    expect(await parts[0]?.[1].text()).toBe(code);
    expect(parts[0]?.[1].type).toBe("application/javascript+module");
  });

  test("lists scripts by name", async () => {
    await put();
    await api.call("PUT", "/workers/scripts/a", upload(basic, { "main.js": code }));

    const { json } = await api.call("GET", "/workers/scripts");

    expect(json.result.map(({ id }: { id: string }) => id)).toEqual(["a", "chat"]);
  });

  test.each([
    ["GET", "/workers/services/none", 10090],
    ["GET", "/workers/scripts/none", 10007],
    ["GET", "/workers/scripts/none/settings", 10007],
    ["GET", "/workers/scripts/none/content/v2", 10007],
    ["DELETE", "/workers/scripts/none", 10007],
    ["GET", "/workers/scripts/none/secrets", 10007],
    ["GET", "/workers/scripts/none/subdomain", 10007],
    ["DELETE", "/workers/scripts/none/subdomain", 10007],
  ])("that is not there is a 404: %s %s", async (method, path, expected) => {
    const { status, json } = await api.call(method, path);

    expect(status).toBe(404);
    expect(json.errors[0].code).toBe(expected);
  });
});

describe("deleting a script", () => {
  test("stops it and forgets all of it", async () => {
    await put({
      ...basic,
      bindings: [{ type: "secret_text", name: "KEY", text: canary("a Worker's secret") }],
    });

    const { status, json } = await api.call("DELETE", script);

    expect(status).toBe(200);
    expect(json.result).toBeNull();
    expect(api.host.running.size).toBe(0);
    await put({ ...basic, keep_bindings: ["secret_text"] });
    expect(api.host.running.get("chat")?.bindings).toEqual([]);
  });
});

describe("secrets", () => {
  const secret = { name: "KEY", type: "secret_text", text: canary("a Worker's secret") };

  test("reach the running Worker at once and are never shown", async () => {
    await put();

    const { status, json } = await api.call("PUT", `${script}/secrets`, secret);

    expect(status).toBe(200);
    expect(json.result).toEqual({ name: "KEY", type: "secret_text" });
    expect(api.host.running.get("chat")?.bindings).toEqual([secret]);
    const one = await api.call("GET", `${script}/secrets/KEY`);
    const list = await api.call("GET", `${script}/secrets`);
    expect(one.json.result).toEqual({ name: "KEY", type: "secret_text" });
    expect(list.json.result).toEqual([{ name: "KEY", type: "secret_text" }]);
  });

  test("are replaced by a new value", async () => {
    await put();
    await api.call("PUT", `${script}/secrets`, secret);

    await api.call("PUT", `${script}/secrets`, { ...secret, text: "new" });

    expect(api.host.running.get("chat")?.bindings).toEqual([{ ...secret, text: "new" }]);
  });

  test("survive an upload only when it keeps them", async () => {
    await put();
    await api.call("PUT", `${script}/secrets`, secret);

    await put({ ...basic, keep_bindings: ["secret_text"] });
    expect(api.host.running.get("chat")?.bindings).toEqual([secret]);

    await put();
    expect(api.host.running.get("chat")?.bindings).toEqual([]);
  });

  test("go away from the running Worker when deleted", async () => {
    await put();
    await api.call("PUT", `${script}/secrets`, secret);

    const { status } = await api.call("DELETE", `${script}/secrets/KEY`);

    expect(status).toBe(200);
    expect(api.host.running.get("chat")?.bindings).toEqual([]);
  });

  test("cannot take the name of another binding", async () => {
    await put({ ...basic, bindings: [{ type: "ai", name: "KEY" }] });

    const { status, json } = await api.call("PUT", `${script}/secrets`, secret);

    expect(status).toBe(400);
    expect(json.errors[0].code).toBe(10053);
  });

  test.each(["GET", "DELETE"])("that are not there: %s is a 404", async (method) => {
    await put();

    const { status, json } = await api.call(method, `${script}/secrets/NONE`);

    expect(status).toBe(404);
    expect(json.errors[0].code).toBe(10056);
  });

  test("of another type are refused without being quoted", async () => {
    await put();

    const { status, text } = await api.call("PUT", `${script}/secrets`, {
      ...secret,
      type: "secret_key",
    });

    expect(status).toBe(400);
    expect(text).not.toContain(canary("a Worker's secret"));
  });
});

describe("workers.dev", () => {
  test("is off for a new script, and stays as it was set over uploads", async () => {
    await put();
    expect(api.host.public.get("chat")).toBe(false);
    const first = await api.call("GET", `${script}/subdomain`);

    const on = await api.call("POST", `${script}/subdomain`, { enabled: true });
    await put();

    expect(first.json.result).toEqual({ enabled: false, previews_enabled: false });
    expect(on.json.result).toEqual({ enabled: true, previews_enabled: false });
    expect(api.host.public.get("chat")).toBe(true);
    expect((await api.call("GET", `${script}/subdomain`)).json.result).toEqual(on.json.result);
  });

  test("is turned off by DELETE", async () => {
    await put();
    await api.call("POST", `${script}/subdomain`, { enabled: true, previews_enabled: true });

    const { json } = await api.call("DELETE", `${script}/subdomain`);

    expect(json.result).toEqual({ enabled: false, previews_enabled: false });
    expect(api.host.public.get("chat")).toBe(false);
  });

  test("needs to know whether it is on", async () => {
    await put();

    const { status } = await api.call("POST", `${script}/subdomain`, {});

    expect(status).toBe(400);
  });

  test("has a name for the account", async () => {
    const { json } = await api.call("GET", "/workers/subdomain");

    expect(json.result.subdomain).toMatch(/^[a-z0-9-]+$/);
  });

  test("is a loopback address here, known before the script is there", async () => {
    const { json } = await api.call("GET", "/emulator/workers/chat");

    expect(json.result).toEqual({ url: "http://127.0.0.1:40000/chat" });
  });
});
