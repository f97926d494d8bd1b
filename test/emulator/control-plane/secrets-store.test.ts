import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Api, startApi, upload } from "./start-api.js";

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const stores = "/secrets_store/stores";
const secret = { name: "KEY", value: "s3cret-of-a-store", scopes: ["workers"] };
const makeStore = async (): Promise<string> => {
  const { json } = await api.call("POST", stores, [{ name: "default" }]);
  return json.result[0].id;
};

describe("a Secrets Store", () => {
  test("keeps a secret sealed, and never shows its value", async () => {
    // GIVEN
    const path = `${stores}/${await makeStore()}/secrets`;
    // WHEN
    const made = await api.call("POST", path, [secret]);
    const listed = await api.call("GET", path);
    // THEN
    expect(made.json.result).toMatchObject([{ name: "KEY", status: "active", comment: "" }]);
    expect(listed.json.result).toEqual(made.json.result);
    const file = readFileSync(join(api.state.directory, "state.json"), "utf8");
    for (const text of [made.text, listed.text, file]) expect(text).not.toContain(secret.value);
    expect(file).toContain('"sealed"');
  });

  test("is refused beside another one; a secret whose name is taken, too", async () => {
    const path = `${stores}/${await makeStore()}/secrets`;
    await api.call("POST", path, [secret]);

    const store = await api.call("POST", stores, [{ name: "second" }]);
    const twice = await api.call("POST", path, [secret]);

    expect([store.json.errors[0].code, store.json.errors[0].message]).toEqual([
      1003,
      "maximum_stores_exceeded",
    ]);
    expect(twice.json.errors[0].message).toBe("secret_name_already_exists");
    expect(twice.text).not.toContain(secret.value);
  });

  test("gives a secret to the Workers that bind it, until it is deleted, and to nobody else", async () => {
    // GIVEN
    const store_id = await makeStore();
    const path = `${stores}/${store_id}/secrets`;
    const { id } = (await api.call("POST", path, [secret])).json.result[0];
    const binding = { type: "secrets_store_secret", name: "K", store_id, secret_name: "KEY" };
    const metadata = { main_module: "m.js", bindings: [binding] };
    const code = "export default { fetch: () => new Response('ok') };";
    // WHEN
    await api.call("PUT", "/workers/scripts/chat", upload(metadata, { "m.js": code }));
    const bound = api.host.running.get("chat")?.bindings;
    const settings = await api.call("GET", "/workers/scripts/chat/settings");
    const file = readFileSync(join(api.state.directory, "state.json"), "utf8");
    await api.call("DELETE", `${path}/${id}`);
    // THEN
    expect(bound).toEqual([{ ...binding, text: secret.value }]);
    expect(api.host.running.get("chat")?.bindings).toEqual([binding]);
    for (const text of [settings.text, file]) expect(text).not.toContain(secret.value);
  });

  test("forgets what is deleted", async () => {
    const store = await makeStore();
    const path = `${stores}/${store}/secrets`;
    const { id } = (await api.call("POST", path, [secret])).json.result[0];

    await api.call("DELETE", `${path}/${id}`);
    const gone = await api.call("GET", `${path}/${id}`);
    await api.call("DELETE", `${stores}/${store}`);
    const storeless = await api.call("GET", path);

    expect([gone.status, gone.json.errors[0].message]).toEqual([404, "secret_not_found"]);
    expect([storeless.status, storeless.json.errors[0].message]).toEqual([404, "store_not_found"]);
  });
});
