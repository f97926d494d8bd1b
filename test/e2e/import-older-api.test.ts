import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { AiGateway, Cloudflare } from "../../lib/index.js";
import { startEditingApi } from "./editing-api.js";
import { Workbench } from "./workbench.js";

type Row = Record<string, unknown>;

/** What such an API may not have in its answers while it is off. */
const missing = [
  ...["retry_max_attempts", "retry_delay", "retry_backoff", "byok_only", "guardrails", "stripe"],
  ...["log_classification", "logpush", "logpush_public_key", "otel", "spend_limits", "store_id"],
  ...["workers_ai_billing_mode", "zdr"],
];
const limits = ["rate_limiting_interval", "rate_limiting_limit"];
const dlp = ["enabled", "action", "profiles"];

const nulls = (keys: readonly string[]): Row => Object.fromEntries(keys.map((key) => [key, null]));

describe("an import from an API that says in another way what is off", () => {
  let bench: Workbench;

  beforeEach(async () => {
    bench = await Workbench.start();
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

  afterEach(() => bench.close());

  test.each<[string, (result: Row) => Row]>([
    [
      "leaving it out",
      (result) => ({
        ...Object.fromEntries(Object.entries(result).filter(([key]) => !missing.includes(key))),
        dlp: { enabled: false },
      }),
    ],
    ["null", (result) => ({ ...result, ...nulls([...missing, ...limits, "dlp"]) })],
    ["null in its parts", (result) => ({ ...result, ...nulls(missing), dlp: nulls(dlp) })],
  ])(
    "takes %s for off, and sends nothing",
    async (_, answered) => {
      // GIVEN
      const writes: string[] = [];
      const api = await startEditingApi(bench.emulator.apiUrl, {
        sent: ({ method, body }) => {
          writes.push(method);
          return body;
        },
        answered: (result) => (result.id === "old" ? answered(result) : result),
      });
      try {
        bench.synth((stack) => {
          Cloudflare.of(stack).restProvider.addOverride("base_url", api.url);
          new AiGateway(stack, "gateway", { gatewayId: "old", cacheTtl: 60 }).importFrom();
        });

        // WHEN
        const planned = await bench.plan();
        await bench.apply();

        // THEN
        expect(planned.text).toContain("Plan: 1 to import, 0 to add, 0 to change, 0 to destroy.");
        expect((await bench.plan()).text).toContain("No changes.");
        expect(writes).toEqual([]);
      } finally {
        await api.close();
      }
    },
    60_000,
  );

  test("still shows a setting that is on as a change", async () => {
    // GIVEN one that somebody turned on, and nothing else
    const put = await bench.api("PUT", "/ai-gateway/gateways/old", {
      cache_ttl: 60,
      cache_invalidate_on_update: false,
      collect_logs: true,
      rate_limiting_interval: 60,
      rate_limiting_limit: 5,
      store_id: "5".repeat(32),
      zdr: true,
      dlp: { enabled: true, action: "BLOCK", profiles: ["p"] },
    });
    expect(put.status).toBe(200);
    bench.synth((stack) => {
      new AiGateway(stack, "gateway", { gatewayId: "old", cacheTtl: 60 }).importFrom();
    });

    // WHEN
    const { changes } = await bench.plan();

    // THEN
    expect(changes[0]?.change.before?.body).toMatchObject({
      rate_limiting_interval: 60,
      rate_limiting_limit: 5,
      store_id: "5".repeat(32),
      zdr: true,
      dlp: { enabled: true, action: "BLOCK", profiles: ["p"] },
    });
  }, 60_000);
});
