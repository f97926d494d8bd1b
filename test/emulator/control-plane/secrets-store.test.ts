import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { canary } from "../../secrets/canary.js";
import { type Api, startApi, upload } from "./start-api.js";

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const stores = "/secrets_store/stores";
const ROTATED = canary("a secret of a store, rotated");
const secret = { name: "KEY", value: canary("a secret of a store"), scopes: ["workers"] };
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

  test("is made alone or in a list, answered as it was sent, and shown", async () => {
    const alone = await api.call("POST", stores, { name: "default" });
    const { id } = alone.json.result;
    const shown = await api.call("GET", `${stores}/${id}`);
    await api.call("DELETE", `${stores}/${id}`);
    const listed = await api.call("POST", stores, [{ name: "default" }]);
    const gone = await api.call("GET", `${stores}/${id}`);

    expect(shown.json.result).toEqual({ ...alone.json.result, name: "default" });
    expect(listed.json.result).toEqual([expect.objectContaining({ name: "default" })]);
    expect([gone.status, gone.json.errors[0].code]).toEqual([404, 1001]);
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

  test("changes a secret in place, and hands the new value to the Workers that bind it", async () => {
    // GIVEN
    const store_id = await makeStore();
    const path = `${stores}/${store_id}/secrets`;
    const made = (await api.call("POST", path, [secret])).json.result[0];
    const binding = { type: "secrets_store_secret", name: "K", store_id, secret_name: "KEY" };
    const metadata = { main_module: "m.js", bindings: [binding] };
    const code = "export default { fetch: () => new Response('ok') };";
    await api.call("PUT", "/workers/scripts/chat", upload(metadata, { "m.js": code }));
    api.clock.advance(1_000);
    // WHEN
    const rotated = await api.call("PATCH", `${path}/${made.id}`, { value: ROTATED });
    const scoped = await api.call("PATCH", `${path}/${made.id}`, {
      scopes: ["workers", "ai_gateway"],
      comment: "shared",
    });
    // THEN
    expect(rotated.json.result).toEqual({ ...made, modified: scoped.json.result.modified });
    expect(scoped.json.result).toMatchObject({
      scopes: ["workers", "ai_gateway"],
      comment: "shared",
    });
    expect(api.host.running.get("chat")?.bindings).toEqual([{ ...binding, text: ROTATED }]);
    expect(rotated.text).not.toContain(ROTATED);
  });

  test("takes 64 KiB and the scopes there are, and shows no refused value", async () => {
    const path = `${stores}/${await makeStore()}/secrets`;
    const value = canary("a secret of 64 KiB", { with: "é".repeat(32_746) });
    expect(Buffer.byteLength(value)).toBe(65_536);

    const big = await api.call("POST", path, [{ ...secret, value }]);
    const bigger = await api.call("POST", path, [
      { ...secret, name: "B", value: `${value}${canary("a secret that is too long")}` },
    ]);
    const odd = await api.call("POST", path, [
      { ...secret, name: "C", scopes: ["workers", "mail"] },
    ]);

    expect([big.status, bigger.status, odd.status]).toEqual([200, 400, 400]);
    expect(bigger.text).not.toContain(canary("a secret that is too long"));
  });

  test("lists secrets as they are looked for", async () => {
    const path = `${stores}/${await makeStore()}/secrets`;
    for (const name of ["B_KEY", "A_KEY", "OTHER"]) {
      await api.call("POST", path, [{ ...secret, name }]);
    }
    const names = async (query: string) =>
      (await api.call("GET", `${path}?${query}`)).json.result.map(
        ({ name }: { name: string }) => name,
      );

    expect(await names("search=KEY&order=name")).toEqual(["A_KEY", "B_KEY"]);
    expect(await names("order=name&direction=desc")).toEqual(["OTHER", "B_KEY", "A_KEY"]);
    expect(await names("per_page=1&page=2")).toEqual(["A_KEY"]);
    for (const form of ["scopes=workers", "scopes[]=workers", "scopes%5B0%5D=workers"]) {
      expect([form, (await api.call("GET", `${path}?${form}`)).status]).toEqual([form, 501]);
    }
    expect((await api.call("GET", `${path}?search=scopes`)).json.result).toEqual([]);
    expect((await api.call("GET", `${path}?scope=workers`)).status).toBe(400);
  });

  test("lets no Worker bind a secret that is not meant for Workers", async () => {
    const store_id = await makeStore();
    await api.call("POST", `${stores}/${store_id}/secrets`, [
      { ...secret, scopes: ["ai_gateway"] },
    ]);
    const binding = { type: "secrets_store_secret", name: "K", store_id, secret_name: "KEY" };
    const metadata = { main_module: "m.js", bindings: [binding] };

    const refused = await api.call(
      "PUT",
      "/workers/scripts/chat",
      upload(metadata, { "m.js": "export default {};" }),
    );

    expect([refused.status, refused.json.errors[0].code]).toEqual([400, 10182]);
  });

  test("is not deleted while it holds secrets, unless by force", async () => {
    const path = `${stores}/${await makeStore()}`;
    await api.call("POST", `${path}/secrets`, [secret]);

    const refused = await api.call("DELETE", path);
    const odd = await api.call("DELETE", `${path}?force=perhaps`);
    const still = await api.call("GET", path);
    const forced = await api.call("DELETE", `${path}?force=true`);

    expect([refused.status, refused.json.errors[0].message]).toEqual([409, "store_not_empty"]);
    expect([odd.status, odd.json.errors[0].code]).toEqual([400, 1001]);
    expect([still.status, forced.status]).toEqual([200, 200]);
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
