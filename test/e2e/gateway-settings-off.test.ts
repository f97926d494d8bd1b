import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { AiGateway, type AiGatewayProps } from "../../lib/index.js";
import { gatewayDefaults } from "../../protocol/gateway-settings.js";
import { changedKeys } from "./changed-keys.js";
import { Workbench } from "./workbench.js";

const path = "/ai-gateway/gateways/off";

describe("settings that are declared as off, under Terraform", () => {
  let bench: Workbench;
  beforeAll(async () => {
    bench = await Workbench.start();
  }, 60_000);
  afterAll(() => bench.close());

  const declare = (props: AiGatewayProps, imported = false) =>
    bench.synth((stack) => {
      const gateway = new AiGateway(stack, "gateway", { gatewayId: "off", ...props });
      if (imported) gateway.importFrom();
    });
  const read = async () => (await bench.api("GET", path)).body.result as Record<string, unknown>;
  const destroy = async () => {
    const { code } = await bench.terraform("destroy", "-auto-approve", "-no-color");
    expect(code).toBe(0);
  };

  test.each<[string, AiGatewayProps]>([
    ["otel", { otel: [] }],
    ["spend_limits", { spendLimits: [] }],
    ["store_id", { storeId: "" }],
    // Plain JavaScript.
    ["stripe", { stripe: undefined } as unknown as AiGatewayProps],
    ["guardrails", { guardrails: undefined } as unknown as AiGatewayProps],
  ])(
    "create a gateway with %s off, and no plan after it fails or shows a change",
    async (key, props) => {
      // WHEN
      declare({ cacheTtl: 60, ...props });
      await bench.apply();

      // THEN
      expect(await read()).toMatchObject({
        cache_ttl: 60,
        [key]: gatewayDefaults[key as keyof typeof gatewayDefaults],
      });
      expect((await bench.plan()).changes).toEqual([]);
      await destroy();
    },
    60_000,
  );

  test("turn off what was on, and what somebody turned on", async () => {
    // GIVEN
    declare({
      otel: [{ url: "https://otel.example.com/v1/traces" }],
      spendLimits: [{ limit: 1, window: "1d" }],
    });
    await bench.apply();

    // WHEN
    declare({ otel: [], spendLimits: [] });
    await bench.apply();

    // THEN
    expect(await read()).toMatchObject({ otel: null, spend_limits: null });
    expect((await bench.plan()).changes).toEqual([]);

    // AND
    const { created_at, modified_at, is_default, ...settings } = await read();
    const put = await bench.api("PUT", path, {
      ...settings,
      otel: [{ url: "https://elsewhere.example/", headers: {} }],
    });
    expect(put.status).toBe(200);
    const planned = await bench.plan();
    const gateway = planned.changes.find(({ type }) => type === "restful_resource");
    expect(changedKeys(gateway)).toEqual(["otel"]);
    await bench.apply();
    expect(await read()).toMatchObject({ otel: null });
    await destroy();
  }, 120_000);

  test("are seen on a gateway that was imported, where its own request sends all of it", async () => {
    // GIVEN
    const props: AiGatewayProps = {
      guardrails: { prompt: { hate: "FLAG" } },
      otel: [{ url: "https://otel.example.com/v1/traces" }],
      spendLimits: [{ limit: 1, window: "1d" }],
    };
    expect((await bench.api("POST", "/ai-gateway/gateways", gateway("off"))).status).toBe(200);
    declare(props, true);
    await bench.apply();
    const before = await read();
    expect(before).toMatchObject({ otel: [{ url: "https://otel.example.com/v1/traces" }] });

    // WHEN somebody turns them off
    const off = { guardrails: null, otel: null, spend_limits: null };
    const { created_at, modified_at, is_default, ...settings } = before;
    expect((await bench.api("PUT", path, { ...settings, ...off })).status).toBe(200);
    const planned = await bench.plan();
    await bench.apply();

    // THEN
    expect(planned.changes.map(({ type, change }) => [type, change.actions])).toEqual([
      ["restful_resource", ["update"]],
    ]);
    expect(changedKeys(planned.changes[0])).toEqual(Object.keys(off));
    expect({ ...(await read()), modified_at }).toEqual(before);
    await destroy();
  }, 120_000);
});

test("a setting that the API did not keep fails the apply that imports the gateway", async () => {
  const bench = await Workbench.start({ ignoredSettings: { always: ["zdr"] } });
  try {
    // GIVEN
    expect((await bench.api("POST", "/ai-gateway/gateways", gateway("off"))).status).toBe(200);
    bench.synth((stack) => {
      const props: AiGatewayProps = { zdr: true, guardrails: { prompt: { hate: "FLAG" } } };
      new AiGateway(stack, "gateway", { gatewayId: "off", ...props }).importFrom();
    });

    // WHEN
    await bench.terraform("init", "-no-color");
    const applied = await bench.terraform("apply", "-auto-approve", "-no-color");

    // THEN
    expect(applied.code).toBe(1);
    expect(applied.stderr).toMatch(/zdr was\s+(│\s+)?not\s+(│\s+)?kept/);
    expect(applied.stderr).not.toMatch(/guardrails was/);
  } finally {
    await bench.close();
  }
}, 60_000);

const gateway = (id: string) => ({
  id,
  cache_ttl: 0,
  collect_logs: true,
  cache_invalidate_on_update: false,
  rate_limiting_interval: 0,
  rate_limiting_limit: 0,
});
