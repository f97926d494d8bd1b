import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "@jest/globals";
import { readUpstreams } from "../../../emulator/cli/upstreams-from-environment.js";
import { startTestEmulator } from "../start-test-emulator.js";

describe("a model server named by the environment", () => {
  test("answers for workers-ai, under the model name it knows", async () => {
    // GIVEN an OpenAI-compatible server
    const asked: { path: string | undefined; body: { model?: string } }[] = [];
    const server = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      asked.push({ path: request.url, body: JSON.parse(body) });
      response.setHeader("content-type", "application/json");
      response.end('{"choices":[{"message":{"role":"assistant","content":"from the real one"}}]}');
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const { port } = server.address() as AddressInfo;

    // WHEN an emulator is started as the command line starts it, and is asked
    const emulator = await startTestEmulator(
      readUpstreams({
        WORKERS_AI_BASE_URL: `http://127.0.0.1:${port}/v1`,
        WORKERS_AI_MODEL: "llama3.1",
      }),
    );
    const authorization = `Bearer ${emulator.apiToken}`;
    const gateway = {
      id: "real",
      cache_ttl: 0,
      collect_logs: true,
      cache_invalidate_on_update: false,
      rate_limiting_interval: 0,
      rate_limiting_limit: 0,
    };
    await fetch(`${emulator.apiUrl}/accounts/${emulator.accountId}/ai-gateway/gateways`, {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify(gateway),
    });
    const answer = await fetch(
      `${emulator.aiGatewayUrl}/${emulator.accountId}/real/workers-ai/@cf/meta/llama-3.1-8b-instruct`,
      { method: "POST", headers: { authorization }, body: JSON.stringify({ prompt: "hello" }) },
    );
    const text = await answer.text();
    await emulator.close();
    server.close();

    // THEN the server has answered
    expect(asked).toEqual([
      { path: "/v1/chat/completions", body: expect.objectContaining({ model: "llama3.1" }) },
    ]);
    expect([answer.status, text]).toEqual([200, expect.stringContaining("from the real one")]);
  });

  test.each([
    [{ WORKERS_AI_BASE_URL: "nowhere" }, /WORKERS_AI_BASE_URL: got "nowhere"/],
    [{ AI_GATEWAY_EMULATOR_LATENCY: "soon" }, /AI_GATEWAY_EMULATOR_LATENCY: got "soon"/],
  ])("is refused when it makes no sense: %j", (env, message) => {
    expect(() => readUpstreams(env)).toThrow(message);
  });
});
