import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Emulator } from "../../../emulator/index.js";
import { canary } from "../../secrets/canary.js";
import { startTestEmulator } from "../start-test-emulator.js";
import { type Answer, fetchAnswer, Provider } from "./harness.js";

let emulator: Emulator;
let server: Provider;
beforeEach(async () => {
  server = await new Provider((_request, response, count) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ count }));
  }).start();
  emulator = await startTestEmulator({
    announce: false,
    // A custom provider has https; a test has none, so that a server stands in.
    upstreams: { "custom-own": { baseUrl: `${server.url}/base` } },
  });
  const gateway = {
    id: "main",
    cache_invalidate_on_update: false,
    cache_ttl: 60,
    collect_logs: true,
    rate_limiting_interval: 0,
    rate_limiting_limit: 0,
  };
  expect((await api("POST", "gateways", gateway)).status).toBe(200);
});
afterEach(async () => {
  await emulator.close();
  await server.close();
});

const api = (method: string, path: string, body?: unknown): Promise<Answer> =>
  fetchAnswer(`${emulator.apiUrl}/accounts/${emulator.accountId}/ai-gateway/${path}`, {
    method,
    headers: { authorization: `Bearer ${emulator.apiToken}` },
    body,
  });
const make = async (body: object = {}): Promise<string> => {
  const provider = { name: "Own", slug: "own", base_url: "https://models.invalid", enable: true };
  return (await api("POST", "custom-providers", { ...provider, ...body })).json.result.id;
};
const ask = (path: string, headers = {}, body: unknown = { model: "m" }): Promise<Answer> =>
  fetchAnswer(`${emulator.aiGatewayUrl}/${emulator.accountId}/main/${path}`, { headers, body });

describe("a request to a custom provider", () => {
  test("goes to the path behind the base URL, as it is written", async () => {
    await make();

    const { status, json } = await ask("custom-own/v1/chat?x=1");

    expect([status, json]).toEqual([200, { count: 1 }]);
    expect(server.requests).toMatchObject([
      { method: "POST", url: "/base/v1/chat?x=1", body: '{"model":"m"}' },
    ]);
  });

  test("gets the provider's headers, and keeps its own", async () => {
    const account = `Bearer ${canary("a custom provider's header")}`;
    const caller = `Bearer ${canary("a provider's key")}`;
    await make({ headers: JSON.stringify({ "X-Team": "chat", Authorization: account }) });

    await ask("custom-own/a");
    await ask("custom-own/b", { authorization: caller });

    expect(
      server.requests.map(({ headers }) => [headers["x-team"], headers.authorization]),
    ).toEqual([
      ["chat", account],
      ["chat", caller],
    ]);
  });

  test("comes by compat, too, with the model's own name", async () => {
    await make();

    await ask("compat/chat/completions", {}, { model: "custom-own/m/1", messages: [] });

    expect(server.requests).toMatchObject([
      { url: "/base/v1/chat/completions", body: '{"model":"m/1","messages":[]}' },
    ]);
  });

  test("is not answered from the cache after a change of the provider", async () => {
    const id = await make();
    const counts = async () => [(await ask("custom-own/a")).json, (await ask("custom-own/a")).json];

    expect(await counts()).toEqual([{ count: 1 }, { count: 1 }]);
    await api("PATCH", `custom-providers/${id}`, { headers: '{"x-team":"other"}' });
    expect(await counts()).toEqual([{ count: 2 }, { count: 2 }]);
    expect(server.requests[1]?.headers["x-team"]).toBe("other");
  });

  test("is said to be not emulated while the provider is not there, or not enabled", async () => {
    const missing = await ask("custom-own/a");
    await make({ enable: false });
    const disabled = await ask("custom-own/a");

    for (const { status, text } of [missing, disabled]) {
      expect(status).toBe(501);
      expect(text).toContain('no enabled custom provider \\"own\\"');
    }
    expect(server.requests).toEqual([]);
  });

  test("goes to the base URL itself where nothing stands in", async () => {
    await make({ slug: "other" });

    const { status, text } = await ask("custom-other/a");

    expect(status).toBe(400);
    expect(text).toContain("https://models.invalid did not answer");
  });
});
