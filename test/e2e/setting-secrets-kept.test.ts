import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { AiGateway, type AiGatewayProps, SecretVariable } from "../../lib/index.js";
import { type GatewaySettings, gatewayDefaults } from "../../protocol/gateway-settings.js";
import { canary } from "../secrets/canary.js";
import { readSealedExports } from "./sealed-secrets.js";
import { settingRows } from "./setting-rows.js";
import { driftOf, keptAt, propsOf, type SettingSet, type Stage, without } from "./setting-sets.js";
import { Workbench } from "./workbench.js";

type Json = Record<string, unknown>;

const secrets = {
  otel_key: canary("the value of an otel header"),
  otel_authorization: canary("otel authorization"),
  stripe_authorization: canary("stripe authorization"),
};
const rotated = {
  otel_key: canary("the value of an otel header, rotated"),
  otel_authorization: canary("otel authorization, rotated"),
  stripe_authorization: canary("stripe authorization, rotated"),
};

/** What some settings need beside them, and keep. */
const beside: Partial<Record<keyof GatewaySettings, AiGatewayProps>> = {
  rate_limiting_interval: { rateLimitingLimit: 7 },
  rate_limiting_limit: { rateLimitingInterval: 7 },
  rate_limiting_technique: { rateLimitingLimit: 7, rateLimitingInterval: 7 },
  retry_delay: { retryMaxAttempts: 5 },
  retry_backoff: { retryMaxAttempts: 5 },
  byok_only: { storeId: "f".repeat(32) },
};
/** Go with another one, and not alone. */
const together = ["rate_limiting_interval", "rate_limiting_limit", "logpush_public_key"] as const;

/** A gateway for each setting that has no secret, with secrets beside it. */
const gateways: Readonly<Record<string, SettingSet>> = Object.fromEntries(
  Object.entries(without(settingRows, ["otel", "stripe"])).map(([key, row]) => [
    key,
    key === "logpush_public_key"
      ? { [key]: row, logpush: settingRows.logpush }
      : key === "logpush"
        ? { [key]: row, logpush_public_key: settingRows.logpush_public_key }
        : { [key]: row },
  ]),
);

const usageEvents = [{ payload: "{}" }];
const url = "https://otel.example.com/v1/traces";

describe("the secrets of a gateway", () => {
  let bench: Workbench;

  beforeAll(async () => {
    bench = await Workbench.start();
    setVariables(secrets);
  }, 60_000);

  afterAll(() => bench.close());

  const setVariables = (values: typeof secrets) =>
    Object.assign(
      bench.variables,
      Object.fromEntries(Object.entries(values).map(([name, value]) => [`TF_VAR_${name}`, value])),
    );
  const declare = (stage: Stage | "removed") =>
    bench.synth((stack) => {
      const variable = (name: keyof typeof secrets) => new SecretVariable(stack, name);
      const exports: AiGatewayProps = {
        otel: [
          { url, headers: { "x-key": variable("otel_key") } },
          { url: `${url}/2`, authorization: variable("otel_authorization") },
        ],
        stripe: { authorization: variable("stripe_authorization"), usageEvents },
      };
      for (const [gatewayId, set] of Object.entries(gateways)) {
        const props = stage === "removed" ? {} : propsOf(set, stage, {} as SecretVariable);
        const key = gatewayId as keyof GatewaySettings;
        // Removed with what it is nothing without.
        const gone = stage === "removed" && (together as readonly string[]).includes(key);
        const others = gone ? {} : beside[key];
        new AiGateway(stack, gatewayId, { gatewayId, ...others, ...props, ...exports });
      }
    });
  const read = async (): Promise<readonly Json[]> =>
    (await bench.api("GET", "/ai-gateway/gateways?per_page=50")).body.result as Json[];
  const valuesOf = (all: readonly Json[], keys = Object.keys) =>
    Object.fromEntries(
      all.map((gateway) => {
        const set = gateways[String(gateway.id)] ?? {};
        return [gateway.id, Object.fromEntries(keys(set).map((key) => [key, gateway[key]]))];
      }),
    );
  const kept = (value: (set: SettingSet) => unknown) =>
    Object.fromEntries(Object.entries(gateways).map(([id, set]) => [id, value(set)]));
  /** As they lie on disk, of every gateway. */
  const expectSealed = async ({ otel_key, otel_authorization, stripe_authorization } = secrets) => {
    const otel = [
      { url, headers: { "x-key": otel_key }, content_type: "json" },
      { url: `${url}/2`, headers: {}, authorization: otel_authorization, content_type: "json" },
    ];
    const stripe = { authorization: stripe_authorization, usage_events: usageEvents };
    expect(await readSealedExports(join(bench.directory, "emulator"))).toEqual(
      kept(() => ({ otel, stripe })),
    );
  };

  test("are there after the apply that creates it, beside each other setting", async () => {
    declare("first");
    await bench.apply();

    expect(valuesOf(await read())).toEqual(kept((set) => keptAt(set, "first")));
    await expectSealed();
  }, 120_000);

  test("stay when another setting changes, whichever it is", async () => {
    declare("second");
    await bench.apply();

    expect(valuesOf(await read())).toEqual(kept((set) => keptAt(set, "second")));
    await expectSealed();
  }, 120_000);

  test("stay when another setting is repaired, and are repaired with it, whichever it is", async () => {
    // GIVEN somebody who changes each, and takes the secrets of every other gateway
    for (const [index, gateway] of (await read()).entries()) {
      const { created_at, modified_at, is_default, ...body } = gateway;
      const [[key, row]] = Object.entries(gateways[String(gateway.id)] ?? {}) as [
        [string, (typeof settingRows)["zdr"]],
      ];
      const taken = index % 2 === 0 ? { otel: null, stripe: null } : {};
      const path = `/ai-gateway/gateways/${gateway.id}`;
      const { status } = await bench.api("PUT", path, { ...body, [key]: driftOf(row), ...taken });
      expect(status).toBe(200);
    }

    // WHEN
    await bench.apply();

    // THEN
    expect(valuesOf(await read())).toEqual(kept((set) => keptAt(set, "second")));
    await expectSealed();
  }, 120_000);

  test("are sent where they are rotated, to every gateway, and nothing else changes", async () => {
    const before = await read();
    setVariables(rotated);
    const { changes } = await bench.plan();
    await bench.apply();

    const planned = changes.map(({ type, change }) => `${type}: ${change.actions.join()}`);
    expect(planned).toEqual(before.map(() => "restful_operation: update"));
    await expectSealed(rotated);
    expect(await read()).toEqual(
      before.map((gateway) => ({
        ...gateway,
        otel: expect.anything(),
        stripe: expect.anything(),
        modified_at: expect.anything(),
      })),
    );
  }, 120_000);

  test("stay when another setting is removed, whichever it is", async () => {
    declare("removed");
    await bench.apply();

    const first = ([key = ""]: readonly string[]) => [key];
    expect(valuesOf(await read(), (set) => first(Object.keys(set)))).toEqual(
      Object.fromEntries(
        Object.keys(gateways).map((key) => [
          key,
          { [key]: gatewayDefaults[key as keyof GatewaySettings] },
        ]),
      ),
    );
    await expectSealed(rotated);
    expect((await bench.plan()).changes).toEqual([]);
  }, 120_000);
});
