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
