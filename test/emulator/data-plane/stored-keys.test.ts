import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { Emulator } from "../../../emulator/index.js";
import { canary } from "../../secrets/canary.js";
import { startTestEmulator } from "../start-test-emulator.js";
import { fetchAnswer } from "./harness.js";

let emulator: Emulator;
let lines: string[];
beforeEach(async () => {
  lines = [];
  const log = (line: string) => lines.push(line);
  emulator = await startTestEmulator({ announce: false, latencyMs: 0, log });
});
afterEach(() => emulator.close());

const headers = () => ({ authorization: `Bearer ${emulator.apiToken}` });
const api = (method: string, path: string, body?: unknown) =>
  fetchAnswer(`${emulator.apiUrl}/accounts/${emulator.accountId}${path}`, {
    method,
    headers: headers(),
    body,
  });
const ask = () =>
  fetchAnswer(
    `${emulator.aiGatewayUrl}/${emulator.accountId}/main/workers-ai/@cf/meta/llama-3.1-8b-instruct`,
    { headers: headers(), body: { prompt: "Hello" } },
  );

test("a gateway with keys of providers says once, at a request, that they are not sent", async () => {
  // GIVEN
  const key = canary("a provider's key");
  const [store] = (await api("POST", "/secrets_store/stores", [{ name: "default" }])).json.result;
  await api("POST", "/ai-gateway/gateways", {
    id: "main",
    cache_invalidate_on_update: false,
    cache_ttl: 0,
    collect_logs: true,
    rate_limiting_interval: 0,
    rate_limiting_limit: 0,
    store_id: store.id,
  });
  const before = (await ask()).status;
  const said = () => lines.filter((line) => line.includes("keys of providers"));
  expect([before, said()]).toEqual([200, []]);
  const config = { provider_slug: "openai", alias: "eu", default_config: true, secret: key };
  const made = await api("POST", "/ai-gateway/gateways/main/provider_configs", config);
  expect(made.status).toBe(200);
  // WHEN
  const after = [(await ask()).status, (await ask()).status];
  // THEN
  expect(after).toEqual([200, 200]);
  expect(said()).toEqual([
    expect.stringMatching(/^Gateway "main" has keys .*\(openai\/eu\): kept, but not sent here/),
  ]);
  expect(lines.join("\n")).not.toContain(key);
});
