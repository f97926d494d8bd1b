import { describe, expect, test } from "@jest/globals";
import { startTestEmulator } from "../start-test-emulator.js";
import { fetchAnswer } from "./harness.js";

/** A gateway with one policy, and what requests get before it, with it, and after it. */
async function statuses(unenforced?: "pass"): Promise<unknown> {
  const lines: string[] = [];
  const emulator = await startTestEmulator({
    announce: false,
    latencyMs: 0,
    log: (line) => lines.push(line),
    ...(unenforced ? { unenforced } : {}),
  });
  try {
    const { apiUrl, accountId, apiToken, aiGatewayUrl } = emulator;
    const headers = { authorization: `Bearer ${apiToken}` };
    const api = (method: string, path: string, body?: unknown) =>
      fetchAnswer(`${apiUrl}/accounts/${accountId}/ai-gateway/gateways${path}`, {
        method,
        headers,
        body,
      });
    const ask = () =>
      fetchAnswer(`${aiGatewayUrl}/${accountId}/main/workers-ai/@cf/meta/llama-3.1-8b-instruct`, {
        headers,
        body: { prompt: "Hello" },
      });
    await api("POST", "", {
      id: "main",
      cache_invalidate_on_update: false,
      cache_ttl: 0,
      collect_logs: true,
      rate_limiting_interval: 0,
      rate_limiting_limit: 0,
    });
    const policy = {
      name: "everyone",
      actor: "company:all",
      resource: "*",
      condition: "true",
      action: { type: "block" },
    };
    const before = await ask();
    const { id } = (await api("POST", "/main/policies", policy)).json.result;
    const drafted = await ask();
    await api("POST", "/main/policies/commit");
    const committed = await ask();
    await api("DELETE", `/main/policies/${id}`);
    const after = await ask();
    return {
      statuses: [before, drafted, committed, after].map(({ status }) => status),
      refusal: committed.json?.error?.[0]?.message,
      said: lines.filter((line) => /has policies/.test(line)).length,
    };
  } finally {
    await emulator.close();
  }
}

describe("a gateway with a policy", () => {
  test("refuses what Cloudflare would judge, from its commit to its deletion", async () => {
    expect(await statuses()).toEqual({
      statuses: [200, 200, 501, 200],
      refusal: expect.stringContaining("has policies, which Cloudflare would apply"),
      said: 0,
    });
  });

  test("lets it pass where that was asked for, and says so once", async () => {
    expect(await statuses("pass")).toEqual({ statuses: [200, 200, 200, 200], said: 1 });
  });
});
