import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { gatewayDefaults } from "../../../protocol/gateway-settings.js";
import { canary } from "../../secrets/canary.js";
import { type Api, startApi, upload } from "./start-api.js";

let api: Api;
let store: string;
beforeEach(async () => {
  api = await startApi();
  const made = await api.call("POST", "/secrets_store/stores", [{ name: "default" }]);
  store = made.json.result[0].id;
  for (const [id, store_id] of Object.entries({ main: store, bare: "" })) {
    const gateway = { ...gatewayDefaults, id, store_id };
    expect((await api.call("POST", "/ai-gateway/gateways", gateway)).status).toBe(200);
  }
});
afterEach(() => api.close());

const configs = "/ai-gateway/gateways/main/provider_configs";
const WORKER = "export default { fetch: () => new Response('ok') };";
const key = { provider_slug: "openai", alias: "default", default_config: true };
const addSecret = async (name = "main_openai_default", scopes = ["ai_gateway"]) => {
  const body = [{ name, scopes, value: canary("a provider's key") }];
  return (await api.call("POST", `/secrets_store/stores/${store}/secrets`, body)).json.result[0].id;
};

describe("a provider config", () => {
  test("names a secret of the gateway's store, and shows neither it nor its value", async () => {
    // GIVEN
    const secret_id = await addSecret();
    // WHEN
    const made = await api.call("POST", configs, { ...key, secret_id, rate_limit: 5 });
    const listed = await api.call("GET", configs);
    // THEN
    expect(made.json.result).toMatchObject({
      provider_slug: "openai",
      alias: "default",
      // As it was seen live.
      default_config: 1,
      gateway_id: "main",
      secret_id,
      rate_limit: 5,
    });
    expect(listed.json.result).toEqual([made.json.result]);
    expect(listed.json.result_info).toMatchObject({ page: 1, total_count: 1 });
    expect(made.text).not.toContain(canary("a provider's key"));
    expect((await api.call("GET", `${configs}?page=2`)).json.result).toEqual([]);
  });

  test("makes the secret of a key that is sent along, by the name the contract asks for", async () => {
    const made = await api.call("POST", configs, {
      ...key,
      secret: canary("a provider's key, sent along"),
    });

    const secrets = await api.call("GET", `/secrets_store/stores/${store}/secrets`);
    expect(secrets.json.result).toMatchObject([
      { id: made.json.result.secret_id, name: "main_openai_default", scopes: ["ai_gateway"] },
    ]);
    const file = readFileSync(join(api.state.directory, "state.json"), "utf8");
    for (const text of [made.text, secrets.text, file])
      expect(text).not.toContain(canary("a provider's key, sent along"));
  });

  test("is there once for a provider and an alias", async () => {
    // GIVEN
    await api.call("POST", configs, { ...key, secret: canary("a provider's key") });
    // WHEN
    const twice = await api.call("POST", configs, {
      ...key,
      secret: canary("another provider's key"),
    });
    const other = await api.call("POST", configs, {
      ...key,
      alias: "eu",
      secret: canary("a third provider's key"),
    });
    // THEN
    expect([twice.status, twice.json.errors[0].code]).toEqual([400, 7001]);
    expect(twice.json.errors[0].message).toContain("already exists");
    expect(other.status).toBe(200);
    expect((await api.call("GET", configs)).json.result).toHaveLength(2);
  });

  test("is refused with a secret of another name or scope, and at a gateway without a store", async () => {
    const wrongName = await addSecret("openai");
    const wrongScope = await addSecret("main_openai_default", ["workers"]);
    const bare = "/ai-gateway/gateways/bare/provider_configs";
    const refused = [
      await api.call("POST", configs, { ...key, secret_id: wrongName }),
      await api.call("POST", configs, { ...key, secret_id: wrongScope }),
      await api.call("POST", configs, { ...key, secret_id: "none" }),
      await api.call("POST", bare, { ...key, secret: canary("a provider's key") }),
    ];

    for (const { status, json } of refused) {
      expect([status, json.errors[0].code]).toEqual([400, 7001]);
      expect(json.errors[0].message).toContain("was not found");
    }
  });

  test("needs either a secret or its id, and nothing unknown", async () => {
    const bodies = [
      key,
      { ...key, secret: canary("a provider's key"), secret_id: "b" },
      { ...key, secret: canary("a provider's key"), color: "red" },
      { ...key, secret: canary("a provider's key"), default_config: "yes" },
      { ...key, secret: canary("a provider's key"), rate_limit: 0 },
    ];
    for (const body of bodies) {
      const { status, text } = await api.call("POST", configs, body);
      expect([body, status]).toEqual([body, 400]);
      expect(text).not.toContain(canary("a provider's key"));
    }
  });

  test("is gone when it is deleted, and with its gateway", async () => {
    // GIVEN
    const first = await api.call("POST", configs, { ...key, secret: canary("a provider's key") });
    await api.call("POST", configs, {
      ...key,
      alias: "eu",
      secret: canary("another provider's key"),
    });
    const path = `${configs}/${first.json.result.id}`;
    // WHEN
    const elsewhere = await api.call("DELETE", path.replace("main", "bare"));
    const deleted = await api.call("DELETE", path);
    const again = await api.call("DELETE", path);
    // THEN
    expect([elsewhere.status, deleted.status, again.status]).toEqual([404, 200, 404]);
    expect(again.json.errors[0].code).toBe(7002);
    expect((await api.call("GET", configs)).json.result).toMatchObject([{ alias: "eu" }]);
    await api.call("DELETE", "/ai-gateway/gateways/main");
    await api.call("POST", "/ai-gateway/gateways", { ...gatewayDefaults, id: "main" });
    expect((await api.call("GET", configs)).json.result).toEqual([]);
  });

  test("goes in the very write that removes its gateway", async () => {
    // GIVEN
    await api.call("POST", configs, { ...key, secret: canary("a provider's key") });
    await api.call("POST", configs, {
      ...key,
      alias: "eu",
      secret: canary("another provider's key"),
    });
    const stored = () =>
      JSON.parse(readFileSync(join(api.state.directory, "state.json"), "utf8")).products
        .provider_configs;
    expect(stored()).toHaveLength(2);
    let left: unknown[] | undefined;
    api.state.gateways.subscribe(() => {
      left = stored();
    });
    // WHEN
    await api.call("DELETE", "/ai-gateway/gateways/main");
    // THEN
    expect(left).toEqual([]);
  });

  test("is changed by being deleted and made again, which gives its secret the new value", async () => {
    // GIVEN
    const first = (await api.call("POST", configs, { ...key, secret: canary("a provider's key") }))
      .json.result;
    const path = `/secrets_store/stores/${store}/secrets/${first.secret_id}`;
    await api.call("PATCH", path, { scopes: ["workers"], comment: "kept" });
    const secret_name = "main_openai_default";
    const binding = { type: "secrets_store_secret", name: "K", store_id: store, secret_name };
    const worker = upload({ main_module: "m.js", bindings: [binding] }, { "m.js": WORKER });
    expect((await api.call("PUT", "/workers/scripts/chat", worker)).status).toBe(200);
    await api.call("DELETE", `${configs}/${first.id}`);
    // WHEN
    const again = await api.call("POST", configs, {
      ...key,
      secret: canary("a provider's key, rotated"),
      rate_limit: 5,
    });
    // THEN
    expect(again.status).toBe(200);
    expect(again.json.result).toMatchObject({ secret_id: first.secret_id, rate_limit: 5 });
    const secrets = await api.call("GET", `/secrets_store/stores/${store}/secrets`);
    expect(secrets.json.result).toMatchObject([
      { id: first.secret_id, scopes: ["workers", "ai_gateway"], comment: "kept" },
    ]);
    expect(api.host.running.get("chat")?.bindings).toEqual([
      { ...binding, text: canary("a provider's key, rotated") },
    ]);
  });

  test("leaves no secret behind where it is refused", async () => {
    await api.call("POST", configs, { ...key, secret: canary("a provider's key") });
    await api.call("DELETE", "/ai-gateway/gateways/bare");
    const bare = "/ai-gateway/gateways/bare/provider_configs";

    const refused = [
      await api.call("POST", bare, { ...key, secret: canary("another provider's key") }),
      await api.call("POST", configs, { ...key, secret: canary("another provider's key") }),
    ];

    expect(refused.map(({ status }) => status)).toEqual([404, 400]);
    const secrets = await api.call("GET", `/secrets_store/stores/${store}/secrets`);
    expect(secrets.json.result).toHaveLength(1);
  });

  test("cannot be read or changed alone, as on Cloudflare", async () => {
    const { id } = (await api.call("POST", configs, { ...key, secret: canary("a provider's key") }))
      .json.result;
    for (const method of ["GET", "PUT", "PATCH"]) {
      expect(
        (await api.call(method, `${configs}/${id}`, method === "GET" ? undefined : key)).status,
      ).toBe(501);
    }
  });
});
