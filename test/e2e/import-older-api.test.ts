import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { AiGateway, Cloudflare } from "../../lib/index.js";
import { Workbench } from "./workbench.js";

/** What such an API leaves out of its answers while it is off. */
const leftOut = [
  ...["retry_max_attempts", "retry_delay", "retry_backoff", "byok_only", "guardrails", "stripe"],
  ...["log_classification", "logpush", "logpush_public_key", "otel", "spend_limits", "store_id"],
  ...["workers_ai_billing_mode", "zdr"],
];

describe("an import from an API that leaves settings out of its answers", () => {
  let bench: Workbench;
  const writes: string[] = [];
  const api = createServer(async (request, response) => {
    const { method = "GET", url = "", headers } = request;
    if (method !== "GET") writes.push(`${method} ${url}`);
    const answer = await fetch(`${bench.emulator.apiUrl}${url}`, {
      method,
      headers: { authorization: headers.authorization ?? "", "content-type": "application/json" },
      ...(method === "GET" ? {} : { body: await text(request) }),
    });
    const body = (await answer.json()) as { result: Record<string, unknown> };
    if (/\/gateways\/\w+$/.test(url)) {
      for (const key of leftOut) delete body.result[key];
      body.result.dlp = { enabled: false };
    }
    response.writeHead(answer.status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  });

  beforeAll(async () => {
    bench = await Workbench.start();
    await new Promise<void>((listening) => api.listen(0, "127.0.0.1", listening));
    const made = {
      id: "old",
      cache_ttl: 60,
      cache_invalidate_on_update: false,
      collect_logs: true,
      rate_limiting_interval: 0,
      rate_limiting_limit: 0,
    };
    expect((await bench.api("POST", "/ai-gateway/gateways", made)).status).toBe(200);
  }, 60_000);

  afterAll(async () => {
    api.closeAllConnections();
    api.close();
    await bench.close();
  });

  test("takes what is left out for off, and sends nothing", async () => {
    bench.synth((stack) => {
      const { port } = api.address() as AddressInfo;
      Cloudflare.of(stack).restProvider.addOverride("base_url", `http://127.0.0.1:${port}`);
      new AiGateway(stack, "gateway", { gatewayId: "old", cacheTtl: 60 }).importFrom();
    });

    const planned = await bench.plan();
    await bench.apply();

    expect(planned.text).toContain("Plan: 1 to import, 0 to add, 0 to change, 0 to destroy.");
    expect((await bench.plan()).text).toContain("No changes.");
    expect(writes).toEqual([]);
  }, 60_000);
});
