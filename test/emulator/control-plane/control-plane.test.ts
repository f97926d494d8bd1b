import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { canary } from "../../secrets/canary.js";
import { graph } from "./chat-routes.js";
import { type Answer, type Api, startApi, upload } from "./start-api.js";

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

describe("the token", () => {
  test.each([
    ["no header", {}],
    ["another token", { authorization: `Bearer ${canary("a wrong token")}` }],
    ["another scheme", { authorization: `Basic ${canary("a password")}` }],
    ["an empty token", { authorization: "Bearer " }],
  ])("is asked for: %s is 403/10000", async (_, headers) => {
    const path = `/client/v4/accounts/${api.state.accountId}/workers/scripts`;

    const { status, json } = await api.raw(path, { headers: headers as Record<string, string> });

    expect(status).toBe(403);
    expect(json).toMatchObject({
      success: false,
      errors: [{ code: 10000, message: "Authentication error" }],
      result: null,
    });
    expect(JSON.stringify(json)).not.toContain(api.state.apiToken);
  });

  test("is asked for before anything is said about a path", async () => {
    expect((await api.raw("/client/v4/nothing/here")).status).toBe(403);
  });
});

describe("the account", () => {
  const get = (account: string) =>
    api.raw(`/client/v4/accounts/${account}/workers/scripts`, {
      headers: { authorization: `Bearer ${api.state.apiToken}` },
    });

  test("of somebody else is 403/10000, with the emulator's own in the message", async () => {
    const { status, json } = await get("f".repeat(32));

    expect(status).toBe(403);
    expect(json.errors[0].code).toBe(10000);
    expect(json.messages[0].message).toContain(api.state.accountId);
  });

  test("that is no id is 400/7003", async () => {
    const { status, json } = await get("mine");

    expect(status).toBe(400);
    expect(json.errors[0].code).toBe(7003);
  });
});

describe("what is not emulated", () => {
  test.each([
    ["GET", "/hyperdrive/configs"],
    ["DELETE", "/ai-gateway/gateways"],
    ["POST", "/workers/subdomain"],
    ["PATCH", "/workers/scripts/chat/settings"],
    ["PATCH", "/ai-gateway/gateways/chat/policies"],
    ["PATCH", "/ai-gateway/gateways/chat/logs"],
    ["PUT", "/ai-gateway/gateways/chat/routes/support"],
  ])("is 501 and named: %s %s", async (method, path) => {
    const { status, json, headers } = await api.call(method, path);

    expect(status).toBe(501);
    expect(json).toEqual({
      success: false,
      errors: [
        {
          code: 99501,
          message: `Not emulated: ${method} /client/v4/accounts/${api.state.accountId}${path}`,
        },
      ],
      messages: [],
      result: null,
    });
    // Cloudflare's clients would repeat a 5xx, with pauses, before they show it.
    expect(headers.get("x-should-retry")).toBe("false");
  });
});

describe("a path without /client/v4", () => {
  test("that exists below it is answered with the path that was meant, query and all", async () => {
    const path = `/accounts/${api.state.accountId}/emulator/workers/chat/scheduled`;

    const { status, json } = await api.raw(`${path}?cron=0+9+*+*+*`, { method: "POST" });

    expect(status).toBe(501);
    expect(json.errors[0].message).toBe(
      `Not emulated: POST ${path}; did you mean POST /client/v4${path}?cron=0+9+*+*+*?`,
    );
  });
});

describe("what the account has already", () => {
  const path = (account: string) => `/workers/scripts/${account}`;
  const gateway = {
    id: "chat",
    cache_ttl: 60,
    collect_logs: true,
    cache_invalidate_on_update: false,
    rate_limiting_interval: 0,
    rate_limiting_limit: 0,
  };
  const customDomain = { domain: "ai.example.com", zone_id: "0".repeat(32) };
  const customProvider = { name: "Own", slug: "own", base_url: "https://models.example.com" };
  /** In Cloudflare's words, and then the emulator's. */
  const expectAdoption = ({ status, json }: Answer) => {
    expect(status).toBeGreaterThanOrEqual(400);
    expect(json.errors[0].message).not.toMatch(/Terraform|deploy/);
    expect(json.messages[0].message).toContain(
      `The emulated account in ${api.state.directory} has it already. If a deploy of this stack was interrupted or ` +
        "lost an answer within the last day, deploy again: it takes over what it had begun. Otherwise choose another " +
        "name, or take it over with",
    );
  };
  const withClass = () =>
    upload(
      {
        main_module: "main.js",
        migrations: { new_tag: "v1", steps: [{ new_sqlite_classes: ["Room"] }] },
      },
      { "main.js": "export class Room {}\nexport default { fetch() {} };" },
    );

  test.each([
    ["a gateway", "/gateways", gateway],
    ["a dynamic route", "/gateways/chat/routes", { name: "smart", elements: graph }],
    ["a custom domain", "/gateways/chat/custom-domains", customDomain],
    ["a dataset", "/gateways/chat/datasets", { name: "slow", enable: true, filters: [] }],
    ["a custom provider", "/custom-providers", customProvider],
  ])("is first said to be there of a deploy that did not end: %s", async (_, path, body) => {
    await api.call("POST", "/ai-gateway/gateways", gateway);
    await api.call("POST", `/ai-gateway${path}`, body);

    expectAdoption(await api.call("POST", `/ai-gateway${path}`, body));
  });

  test("is first said to be there of a deploy that did not end: a secret of a store", async () => {
    const stores = "/secrets_store/stores";
    const [{ id }] = (await api.call("POST", stores, [{ name: "default" }])).json.result;
    const secrets = [{ name: "KEY", value: canary("a store's secret"), scopes: ["ai_gateway"] }];
    await api.call("POST", `${stores}/${id}/secrets`, secrets);

    expectAdoption(await api.call("POST", `${stores}/${id}/secrets`, secrets));
  });

  test.each([
    ["a KV namespace", "POST", "/storage/kv/namespaces", () => ({ title: "titles" })],
    ["a bucket", "POST", "/r2/buckets", () => ({ name: "files" })],
    ["a database", "POST", "/d1/database", () => ({ name: "rows" })],
    ["a queue", "POST", "/queues", () => ({ queue_name: "jobs" })],
    ["a Worker", "POST", "/workers/workers", () => ({ name: "chat" })],
    ["a Worker's classes", "PUT", path("rooms"), withClass],
  ])(
    "is refused in Cloudflare's words, then says the ways out: %s",
    async (_, method, path, body) => {
      expect((await api.call(method, path, body())).status).toBe(200);

      const { status, json } = await api.call(method, path, body());

      expect(status).toBeGreaterThanOrEqual(400);
      expect(json.errors[0].message).not.toMatch(/Terraform/);
      expect(json.messages[0].message).toContain(
        `The emulated account in ${api.state.directory} has it already. Choose another name, or take it over`,
      );
      expect(json.messages[0].message).toMatch(
        /Only if Terraform's state was removed .*, stop the emulator and remove \S+ as well\.$/,
      );
    },
  );
});

describe("a body", () => {
  test("that is no JSON is a 400 which does not quote it", async () => {
    const secret = canary("a secret without quotes");
    const { status, json, text } = await api.call("POST", "/ai-gateway/gateways", undefined, {
      body: `{"secret": ${secret}`,
    });

    expect(status).toBe(400);
    expect(json.errors[0]).toMatchObject({ code: 7001, message: "The body is not JSON in UTF-8." });
    expect(text).not.toContain(secret);
  });

  test("that is empty is a 400", async () => {
    const { status, json } = await api.call("POST", "/ai-gateway/gateways");

    expect(status).toBe(400);
    expect(json.errors[0].message).toMatch(/empty/);
  });

  test("that is too large is a 400 naming the limit", async () => {
    const { status, json } = await api.call("POST", "/ai-gateway/gateways", undefined, {
      body: "x".repeat(16 * 1024 * 1024 + 1),
    });

    expect(status).toBe(400);
    expect(json.errors[0].message).toContain("16777216 bytes");
  });
});
