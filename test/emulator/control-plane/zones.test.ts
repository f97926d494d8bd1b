import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Api, startApi, upload } from "./start-api.js";
import { startGateway } from "./start-gateway.js";

let api: Api;
beforeEach(async () => {
  api = await startApi();
  const code = "export default { fetch: () => new Response('ok') };";
  await api.call("PUT", "/workers/scripts/chat", upload({ main_module: "m.js" }, { "m.js": code }));
});
afterEach(() => api.close());

const ZONE = "0123456789abcdef0123456789abcdef";
const routes = (method: string, below = "", body?: unknown, zone = ZONE) =>
  api.raw(`/client/v4/zones/${zone}/workers/routes${below}`, {
    method,
    headers: { authorization: `Bearer ${api.state.apiToken}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const route = { pattern: "chat.example.com/*", script: "chat" };
const domain = { hostname: "chat.example.com", service: "chat", zone_id: ZONE };

describe("a route", () => {
  test("is kept, changed in place and removed; and it is said that nothing comes by it", async () => {
    const { id } = (await routes("POST", "", route)).json.result;
    const changed = await routes("PUT", `/${id}`, { ...route, pattern: "*.example.com/*" });
    const listed = await routes("GET");
    await routes("DELETE", `/${id}`);
    const gone = await routes("GET", `/${id}`);

    expect(changed.json.result).toEqual({ id, pattern: "*.example.com/*", script: "chat" });
    expect(listed.json.result).toEqual([changed.json.result]);
    expect([gone.status, gone.json.errors[0].code]).toEqual([404, 10009]);
    expect(api.lines[0]).toContain('The Worker "chat" answers at its own URL only');
  });

  test("is found in its own zone only, and needs the token", async () => {
    const { id } = (await routes("POST", "", route)).json.result;

    const elsewhere = await routes("GET", `/${id}`, undefined, "f".repeat(32));
    const stranger = await api.raw(`/client/v4/zones/${ZONE}/workers/routes/${id}`);

    expect(elsewhere.status).toBe(404);
    expect(stranger.status).toBe(403);
  });

  test("is refused when its pattern is taken or none, or its Worker or zone cannot be", async () => {
    await routes("POST", "", route);

    const answers = [
      await routes("POST", "", route),
      await routes("POST", "", { pattern: "chat.example.com/*/more" }),
      await routes("POST", "", { pattern: "other.example.com/*", script: "nobody" }),
      await routes("POST", "", { pattern: "other.example.com/*" }, "example.com"),
    ];

    expect(answers.map(({ status, json }) => [status, json.errors[0].code])).toEqual([
      [409, 10020],
      [400, 10022],
      [404, 10007],
      [400, 7003],
    ]);
  });
});

describe("a custom domain", () => {
  test("is production's, stays the same for another Worker, and is removed", async () => {
    const made = await api.call("PUT", "/workers/domains", domain);
    const again = await api.call("PUT", "/workers/domains", domain);
    const { id } = made.json.result;
    const listed = await api.call("GET", "/workers/domains?service=chat");
    await api.call("DELETE", `/workers/domains/${id}`);
    const gone = await api.call("GET", `/workers/domains/${id}`);

    expect(made.json.result).toEqual({
      ...domain,
      id,
      environment: "production",
      zone_name: "example.com",
    });
    expect(again.json.result.id).toBe(id);
    expect(listed.json.result).toEqual([made.json.result]);
    expect([gone.status, gone.json.errors[0].code]).toEqual([404, 100114]);
    expect(api.lines[0]).toContain("no request comes by it here");
  });

  test("is refused for a host name that is none, and for a Worker that does not exist", async () => {
    const put = (more: object) => api.call("PUT", "/workers/domains", { ...domain, ...more });

    expect((await put({ hostname: "https://chat.example.com/" })).status).toBe(400);
    expect((await put({ service: "nobody" })).status).toBe(404);
  });
});

describe("a Worker that is deleted", () => {
  test("leaves behind what names it, and that is said", async () => {
    // GIVEN
    await routes("POST", "", route);
    await api.call("PUT", "/workers/domains", domain);
    await api.call("PUT", "/workflows/flow", { script_name: "chat", class_name: "Flow" });
    // WHEN
    const { status } = await api.call("DELETE", "/workers/scripts/chat");
    // THEN
    expect(status).toBe(200);
    expect(api.lines.at(-1)).toBe(
      'The Worker "chat" is deleted, but still named by route chat.example.com/*, custom domain chat.example.com, Workflow "flow": delete them, too, or deploy the Worker again.',
    );
    expect((await routes("GET")).json.result).toHaveLength(1);
    expect((await api.call("GET", "/workflows/flow")).status).toBe(200);
  });
});

describe("the zones of the account", () => {
  const zones = (query = "") =>
    api.raw(`/client/v4/zones${query}`, {
      headers: { authorization: `Bearer ${api.state.apiToken}` },
    });
  test("are those that a custom domain of a Worker or of a gateway names", async () => {
    expect((await zones()).json.result).toEqual([]);
    await api.call("PUT", "/workers/domains", domain);
    const path = `${await startGateway(api)}/custom-domains`;
    const other = "f".repeat(32);
    const account = { id: api.state.accountId };
    for (const [name, zone_id] of [
      ["ai.example.com", ZONE],
      ["ai.example.org", other],
    ]) {
      await api.call("POST", path, { domain: name, zone_id });
    }

    const all = await zones();
    const named = await zones(`?name=example.com&account.id=${account.id}&page=1&per_page=50`);

    expect(all.json.result).toHaveLength(2);
    expect(all.json.result).toContainEqual({ id: other, name: "example.org", account });
    expect(named.json.result).toEqual([{ id: ZONE, name: "example.com", account }]);
  });

  test("are none of another account's or name, and no query is dropped", async () => {
    await api.call("PUT", "/workers/domains", domain);

    const elsewhere = await zones(`?account.id=${"0".repeat(32)}`);
    const nameless = await zones("?name=chat.example.com");
    const unknown = await zones("?status=active");

    expect([elsewhere.json.result, nameless.json.result]).toEqual([[], []]);
    expect(unknown.status).toBe(400);
  });
});
