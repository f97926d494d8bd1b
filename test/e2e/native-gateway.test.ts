import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { AiGatewayProps } from "../../lib/index.js";
import { gatewayDefaults } from "../../protocol/gateway-settings.js";
import { startKeepingApi } from "./keeping-api.js";
import { declareGateway, plannedActions, shownGateway } from "./one-gateway.js";
import { fieldRows, type Value } from "./setting-rows.js";
import { Workbench } from "./workbench.js";

describe("a gateway over the provider's own resource", () => {
  let bench: Workbench;

  beforeEach(async () => {
    bench = await Workbench.start();
  }, 60_000);

  afterEach(async () => {
    await bench.close();
  });

  const declare = (...args: Declaration) => declareGateway(bench, ...args);
  const shown = () => shownGateway(bench);

  test("is made with its defaults, changed in place, repaired and removed, and every next plan is empty", async () => {
    // GIVEN a gateway with nothing but an id
    declare("cloudflare");
    await bench.apply();
    expect((await bench.plan()).changes).toEqual([]);
    const { created_at } = await shown();
    expect(await bench.output("url")).toBe(
      `${bench.emulator.aiGatewayUrl}/${bench.emulator.accountId}/moved`,
    );

    // WHEN settings are declared
    declare("cloudflare", { cacheTtl: 60, retryMaxAttempts: 3 });
    const planned = await bench.plan();
    await bench.apply();

    // THEN it is the same gateway with them
    expect(plannedActions(planned)).toEqual({ cloudflare_ai_gateway: "update" });
    expect(await shown()).toMatchObject({ cache_ttl: 60, retry_max_attempts: 3, created_at });
    expect((await bench.plan()).changes).toEqual([]);

    // AND what somebody else changed is seen and repaired
    const { created_at: _, modified_at, is_default, ...body } = await shown();
    await bench.api("PUT", "/ai-gateway/gateways/moved", { ...body, zdr: true, cache_ttl: 9 });
    expect(plannedActions(await bench.plan())).toEqual({ cloudflare_ai_gateway: "update" });
    await bench.apply();
    expect(await shown()).toMatchObject({ cache_ttl: 60, zdr: false });

    // AND without the props they are off again
    declare("cloudflare");
    await bench.apply();
    expect(await shown()).toMatchObject({ cache_ttl: 0, retry_max_attempts: null });
    expect((await bench.plan()).changes).toEqual([]);

    // AND nothing is left after it
    const destroyed = await bench.terraform("destroy", "-auto-approve", "-no-color");
    expect(destroyed.code).toBe(0);
    expect((await bench.api("GET", "/ai-gateway/gateways")).body.result).toEqual([]);
  }, 120_000);

  test("turns off budgets and exports that leave the code, and those that somebody added", async () => {
    // GIVEN a gateway with both
    declare("cloudflare", budgetAndExport);
    await bench.apply();
    expect((await bench.plan()).changes).toEqual([]);

    // WHEN they leave the code
    declare("cloudflare");
    expect(plannedActions(await bench.plan())).toEqual({ cloudflare_ai_gateway: "update" });
    await bench.apply();

    // THEN they are off
    expect(await shown()).toMatchObject({ otel: null, spend_limits: null });
    expect((await bench.plan()).changes).toEqual([]);

    // AND so is what somebody turns on
    const { created_at, modified_at, is_default, ...body } = await shown();
    const otel = [{ url: "https://elsewhere.example/", headers: {}, content_type: "json" }];
    expect((await bench.api("PUT", "/ai-gateway/gateways/moved", { ...body, otel })).status).toBe(
      200,
    );
    expect(plannedActions(await bench.plan())).toEqual({ cloudflare_ai_gateway: "update" });
    await bench.apply();
    expect(await shown()).toMatchObject({ otel: null });
  }, 120_000);

  test("fails the apply after which the API has kept them, and says how they go off", async () => {
    // GIVEN a gateway with both, on an API that keeps what a PUT leaves out
    const keeping = await startKeepingApi(bench.emulator.apiUrl, ["otel", "spend_limits"]);
    const throughIt = () => {
      const file = join(bench.stackDirectory, "cdk.tf.json");
      const stack = readFileSync(file, "utf8");
      writeFileSync(file, stack.replaceAll(bench.emulator.apiUrl, keeping.url));
    };
    declare("cloudflare", budgetAndExport);
    throughIt();
    await bench.apply();

    // WHEN they leave the code
    declare("cloudflare");
    throughIt();
    const failed = await bench.terraform("apply", "-auto-approve", "-no-color");

    // THEN the apply does not pass over it
    const said = failed.stderr.replaceAll(/[\s│]+/g, " ");
    expect(failed.code).toBe(1);
    expect(said).toContain("test/gateway: otel is not declared, but is still on");
    expect(said).toContain("Write spendLimits: [] to turn it off");

    // AND empty arrays turn them off, after which they may leave the code
    declare("cloudflare", { spendLimits: [], otel: [] });
    throughIt();
    await bench.apply();
    expect(await shown()).toMatchObject({ otel: [], spend_limits: { enabled: false } });
    expect((await bench.plan()).changes).toEqual([]);
    declare("cloudflare");
    throughIt();
    expect((await bench.plan()).changes).toEqual([]);
    await keeping.close();
  }, 120_000);

  test("turns guardrails off as a whole, and has a category that leaves the code refused", async () => {
    // GIVEN two categories
    const response = { hate: "FLAG" } as const;
    const prompt = { violentCrimes: "BLOCK", elections: "FLAG" } as const;
    declare("cloudflare", { guardrails: { prompt, response } });
    await bench.apply();
    const before = await shown();

    // WHEN one leaves the code, which the provider sends as null
    declare("cloudflare", { guardrails: { prompt: { violentCrimes: "BLOCK" }, response } });
    const refused = await bench.terraform("apply", "-auto-approve", "-no-color");

    // THEN it is refused, because nobody says that Cloudflare takes it, and nothing has changed
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("guardrails.prompt.S13");
    expect(await shown()).toEqual(before);

    // AND without any they are off
    declare("cloudflare");
    await bench.apply();
    expect(await shown()).toMatchObject({ guardrails: null });
    expect((await bench.plan()).changes).toEqual([]);
  }, 120_000);

  test("makes, changes and repairs policies for data loss prevention, and has their end refused", async () => {
    // GIVEN policies
    const { first, second } = fieldRows.dlp as { first: Value; second: Value };
    const dlpAt = ({ prop }: Value) => ({ dlp: prop }) as AiGatewayProps;
    declare("cloudflare", dlpAt(first));
    await bench.apply();
    expect((await bench.plan()).changes).toEqual([]);

    // WHEN each field of them changes, and somebody changes it back
    declare("cloudflare", dlpAt(second));
    expect(plannedActions(await bench.plan())).toEqual({ cloudflare_ai_gateway: "update" });
    await bench.apply();
    expect(await shown()).toMatchObject({ dlp: second.kept });
    const { created_at, modified_at, is_default, ...body } = await shown();
    await bench.api("PUT", "/ai-gateway/gateways/moved", { ...body, dlp: first.kept });
    expect(plannedActions(await bench.plan())).toEqual({ cloudflare_ai_gateway: "update" });
    await bench.apply();

    // THEN it is as declared
    expect(await shown()).toMatchObject({ dlp: second.kept, created_at });
    expect((await bench.plan()).changes).toEqual([]);

    // AND when they leave the code, the provider sends null for them: it is refused, and nothing has changed
    const before = await shown();
    declare("cloudflare");
    const refused = await bench.terraform("apply", "-auto-approve", "-no-color");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("dlp.policies");
    expect(await shown()).toEqual(before);

    // AND over the other provider they go
    declare("restful", {}, (gateway) => gateway.importFrom());
    await bench.apply();
    expect(await shown()).toMatchObject({ dlp: gatewayDefaults.dlp });
    expect((await bench.plan()).changes).toEqual([]);
  }, 120_000);

  test("has what an older API takes on PUT only with the second apply, which the plan shows", async () => {
    await bench.close();
    bench = await Workbench.start({ ignoredSettings: { onPost: ["zdr"] } });
    declare("cloudflare", { zdr: true });
    await bench.apply();

    const planned = await bench.plan();
    await bench.apply();

    expect(plannedActions(planned)).toEqual({ cloudflare_ai_gateway: "update" });
    expect(await shown()).toMatchObject({ zdr: true });
    expect((await bench.plan()).changes).toEqual([]);
  }, 60_000);

  test("refuses a gateway that exists already, and takes it over when it is imported", async () => {
    // GIVEN somebody's gateway
    const foreign = {
      id: "moved",
      cache_ttl: 5,
      collect_logs: true,
      cache_invalidate_on_update: false,
      rate_limiting_interval: 0,
      rate_limiting_limit: 0,
    };
    expect((await bench.api("POST", "/ai-gateway/gateways", foreign)).status).toBe(200);
    declare("cloudflare", { cacheTtl: 60 });
    await bench.terraform("init", "-no-color");

    // WHEN a stack declares its id
    const applied = await bench.terraform("apply", "-auto-approve", "-no-color");

    // THEN it is refused as it is
    expect(applied.code).toBe(1);
    expect(applied.stderr).toMatch(/already exists/i);
    expect(await shown()).toMatchObject({ cache_ttl: 5 });

    // AND an import takes it over in place
    declare("cloudflare", { cacheTtl: 60 }, (gateway) => gateway.importFrom());
    const planned = await bench.plan();
    await bench.apply();
    expect(planned.text).toMatch(/1 to import, \d to add, 1 to change, 0 to destroy/);
    expect(await shown()).toMatchObject({ cache_ttl: 60 });
    expect((await bench.plan()).changes).toEqual([]);
  }, 120_000);
});

const budgetAndExport: AiGatewayProps = {
  spendLimits: [{ limit: 10, window: "1d" }],
  otel: [{ url: "https://otel.example/v1/traces" }],
};

type Declaration =
  Parameters<typeof declareGateway> extends [unknown, ...infer Rest] ? Rest : never;
