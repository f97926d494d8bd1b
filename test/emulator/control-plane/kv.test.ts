import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Api, startApi, upload } from "./start-api.js";

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const path = "/storage/kv/namespaces";
const make = (title: string) => api.call("POST", path, { title });

describe("a KV namespace", () => {
  test("is made with an id of its own, renamed in place, listed and shown", async () => {
    // GIVEN
    const made = await make("titles");
    const { id } = made.json.result;
    // WHEN
    const renamed = await api.call("PUT", `${path}/${id}`, { title: "headlines" });
    const listed = await api.call("GET", path);
    const shown = await api.call("GET", `${path}/${id}`);
    // THEN
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    const expected = { id, title: "headlines", supports_url_encoding: true };
    expect(renamed.json.result).toEqual(expected);
    expect(shown.json.result).toEqual(expected);
    expect(listed.json.result).toEqual([expected]);
    expect(listed.json.result_info).toMatchObject({ count: 1, total_count: 1 });
  });

  test("is refused when its title is taken, by a new one and by a rename", async () => {
    await make("titles");
    const other = await make("others");

    const twice = await make("titles");
    const renamed = await api.call("PUT", `${path}/${other.json.result.id}`, { title: "titles" });

    for (const answer of [twice, renamed]) {
      expect(answer.status).toBe(400);
      expect(answer.json.errors[0].code).toBe(10014);
    }
    expect(api.state.products.kvNamespaces.list()).toHaveLength(2);
  });

  test("is refused without a title, with one that is too long, and with settings there are none of", async () => {
    for (const body of [{}, { title: "" }, { title: "x".repeat(513) }, { title: "a", ttl: 1 }]) {
      const { status, json } = await api.call("POST", path, body);
      expect([status, json.errors[0].code]).toEqual([400, 10019]);
    }
  });

  test("takes its keys along when it is deleted, and is not found afterwards", async () => {
    const { id } = (await make("titles")).json.result;

    const deleted = await api.call("DELETE", `${path}/${id}`);
    const again = await api.call("DELETE", `${path}/${id}`);

    expect(deleted.status).toBe(200);
    expect(api.host.dropped).toEqual([{ product: "kv", key: id }]);
    expect([again.status, again.json.errors[0].code]).toEqual([404, 10013]);
  });

  test("can be bound once it is there, and not before", async () => {
    const bindings = (namespace_id: string) => [{ type: "kv_namespace", name: "KV", namespace_id }];
    const put = (namespace: string) => {
      const code = "export default { fetch: () => new Response('ok') };";
      const metadata = { main_module: "main.js", bindings: bindings(namespace) };
      return api.call("PUT", "/workers/scripts/chat", upload(metadata, { "main.js": code }));
    };

    const early = await put("0".repeat(32));
    const { id } = (await make("titles")).json.result;
    const late = await put(id);

    expect([early.status, early.json.errors[0].code]).toEqual([400, 10041]);
    expect(late.status).toBe(200);
    expect(api.host.running.get("chat")?.bindings).toEqual(bindings(id));
  });

  test("does not show keys or values: that is said to be not emulated", async () => {
    const { id } = (await make("titles")).json.result;

    const { status, json } = await api.call("GET", `${path}/${id}/values/one`);

    expect(status).toBe(501);
    expect(json.errors[0].message).toContain(`GET /client/v4/accounts/${api.state.accountId}`);
  });
});
