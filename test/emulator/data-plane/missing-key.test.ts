import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../../emulator/index.js";
import { canary } from "../../secrets/canary.js";
import { fetchAnswer, Provider } from "./harness.js";

let provider: Provider;
let emulator: Emulator;
beforeEach(async () => {
  provider = await new Provider((_, response) => response.end("{}")).start();
});
afterEach(async () => {
  await emulator.close();
  await provider.close();
});

const STORED = canary("a stored key of a provider");
const OWN = canary("a key of the emulator's upstream");

/** An emulator whose gateway "main" has a key of openai, "openai/eu". */
async function start(options: EmulatorOptions = {}, upstream: { apiKey?: string } = {}) {
  emulator = await startEmulator({
    announce: false,
    latencyMs: 0,
    log: () => {},
    upstreams: { openai: { baseUrl: provider.url, ...upstream } },
    ...options,
  });
  const { apiUrl, accountId, apiToken } = emulator;
  const post = (path: string, body: unknown) =>
    fetchAnswer(`${apiUrl}/accounts/${accountId}${path}`, {
      headers: { authorization: `Bearer ${apiToken}` },
      body,
    });
  const store_id = (await post("/secrets_store/stores", { name: "keys" })).json.result.id;
  await post("/ai-gateway/gateways", {
    id: "main",
    cache_invalidate_on_update: false,
    cache_ttl: 0,
    collect_logs: true,
    rate_limiting_interval: 0,
    rate_limiting_limit: 0,
    store_id,
  });
  const made = await post("/ai-gateway/gateways/main/provider_configs", {
    provider_slug: "openai",
    alias: "eu",
    default_config: true,
    secret: STORED,
  });
  expect(made.status).toBe(200);
}

const ask = (headers: Record<string, string> = {}, path = "openai/chat/completions") =>
  fetchAnswer(`${emulator.aiGatewayUrl}/${emulator.accountId}/main/${path}`, {
    headers,
    body: { model: "openai/gpt-5", messages: [] },
  });

describe("GIVEN a gateway with a key of a provider, which is not sent here", () => {
  test.each(["openai/chat/completions", "compat/chat/completions"])(
    "WHEN a request to %s brings none THEN it is refused, by the key's name and with what to do",
    async (path) => {
      await start();

      const { status, json } = await ask({}, path);

      expect(status).toBe(501);
      expect(json.message).toContain("the gateway has keys of the provider (openai/eu)");
      expect(json.message).toContain('upstreams: { "openai": { baseUrl, apiKey } }');
      expect(json.message).toContain("--unenforced=pass");
      expect(json.message).not.toContain(STORED);
      expect(provider.requests).toEqual([]);
    },
  );

  test("WHEN a request brings one THEN it goes with that", async () => {
    await start();

    const statuses = [
      (await ask({ authorization: `Bearer ${canary("a caller's key")}` })).status,
      (await ask({}, `openai/chat/completions?key=${canary("a key in a query")}`)).status,
    ];

    expect(statuses).toEqual([200, 200]);
  });

  test("WHEN the emulator's upstream has one THEN it stands in", async () => {
    await start({}, { apiKey: OWN });

    expect((await ask()).status).toBe(200);
    expect((await ask({ "cf-aig-byok-alias": "eu" })).status).toBe(200);
    expect(provider.requests[0]?.headers.authorization).toBe(`Bearer ${OWN}`);
  });

  test("WHEN a request asks for a key there is none of THEN it is refused by its name", async () => {
    await start({}, { apiKey: OWN });

    const other = await ask({ "cf-aig-byok-alias": "us" });
    const none = await ask(
      { "cf-aig-byok-alias": "us" },
      "workers-ai/@cf/meta/llama-3.1-8b-instruct",
    );

    expect([other.status, none.status]).toEqual([501, 501]);
    expect(other.json.message).toContain('the key "openai/us" (cf-aig-byok-alias)');
    expect(other.json.message).toContain("the gateway has openai/eu");
    expect(none.json.message).toContain("the gateway has none of that provider");
  });

  test("WHEN requests may pass THEN it goes without", async () => {
    await start({ unenforced: "pass" });

    expect((await ask({ "cf-aig-byok-alias": "us" })).status).toBe(200);
    expect(provider.requests[0]?.headers.authorization).toBeUndefined();
  });
});
