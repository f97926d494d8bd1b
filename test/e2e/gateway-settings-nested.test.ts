import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { AiGatewayProps } from "../../lib/index.js";
import { gatewayDefaults } from "../../protocol/gateway-settings.js";
import { canary } from "../secrets/canary.js";
import { expectNoCanary } from "../secrets/scan-for-canaries.js";
import { changedKeys } from "./changed-keys.js";
import { changeOfGateway, changeOfType, NestedGateway } from "./nested-gateway.js";
import { allNested, firstKey, nestedSettings } from "./nested-settings.js";
import { Workbench } from "./workbench.js";

describe("settings of a gateway without secrets, under Terraform", () => {
  let bench: Workbench;
  let gateway: NestedGateway;
  beforeAll(async () => {
    bench = await Workbench.start();
    gateway = new NestedGateway(bench);
  }, 60_000);
  afterAll(() => bench.close());

  test("are all there after the apply that creates the gateway", async () => {
    gateway.declare(allNested("first"));
    await bench.apply();

    expect(await gateway.read()).toMatchObject({
      byok_only: true,
      dlp: { enabled: true, action: "FLAG", profiles: ["p1"] },
      guardrails: { prompt: { S1: "BLOCK" }, response: {} },
      log_classification: true,
      logpush: true,
      logpush_public_key: firstKey,
      spend_limits: { enabled: true, rules: [{ limit: 10 }] },
      store_id: "a".repeat(32),
      workers_ai_billing_mode: "unified",
      zdr: true,
    });
    expect((await bench.plan()).changes).toEqual([]);
  }, 120_000);

  test("keep a rule's counters when its limit is raised", async () => {
    gateway.declare(allNested("first"));
    await bench.apply();
    const before = (await gateway.read()).spend_limits as { rules: { id: string }[] };

    gateway.declare({
      ...allNested("first"),
      spendLimits: [{ limit: 20, window: 86_400, metadata: { user: "partition" } }],
    });
    await bench.apply();

    const after = (await gateway.read()).spend_limits as { rules: { id: string }[] };
    expect(after.rules.map(({ id }) => id)).toEqual(before.rules.map(({ id }) => id));
    expect(after).toMatchObject({ rules: [{ limit: 20 }] });
  }, 120_000);

  test("are no drift where somebody adds to them, until the next change sends what is declared", async () => {
    // GIVEN
    const props: AiGatewayProps = {
      guardrails: { prompt: { violentCrimes: "BLOCK" } },
      spendLimits: [{ id: "all", limit: 10, window: "1d" }],
    };
    gateway.declare(props);
    await bench.apply();
    const before = await gateway.read();
    const { rules } = before.spend_limits as { rules: readonly object[] };

    // WHEN somebody has another category looked for, and narrows the rule
    const narrowed = rules.map((rule) => ({
      ...rule,
      model: { mode: "filter", values: ["m"] },
    }));
    await gateway.put({
      guardrails: { prompt: { S1: "BLOCK", S2: "FLAG" }, response: {} },
      spend_limits: { enabled: true, rules: narrowed },
    });

    // THEN
    expect((await bench.plan()).changes).toEqual([]);

    // AND
    gateway.declare({ ...props, cacheTtl: 60 });
    await bench.apply();
    expect(await gateway.read()).toEqual({
      ...before,
      cache_ttl: 60,
      modified_at: expect.any(String),
    });
    gateway.declare(allNested("first"));
    await bench.apply();
  }, 120_000);

  test("are off when their props are removed, and the plan says so", async () => {
    gateway.declare({});
    const planned = await bench.plan();
    await bench.apply();

    expect(changedKeys(changeOfGateway(planned.changes))).toEqual(
      [...nestedSettings.map(({ key }) => key), "logpush"].sort(),
    );
    expect(await gateway.read()).toMatchObject(gatewayDefaults);
    expect((await bench.plan()).changes).toEqual([]);
  }, 120_000);

  test("show what somebody else turned on, and turn it off", async () => {
    await gateway.put({
      byok_only: true,
      dlp: { enabled: true, action: "BLOCK", profiles: ["p"] },
      guardrails: { prompt: { S1: "BLOCK" }, response: {} },
      log_classification: true,
      logpush: true,
      logpush_public_key: "key",
      otel: [
        {
          url: "https://elsewhere.example/",
          headers: { key: canary("the value of an otel header") },
        },
      ],
      spend_limits: { enabled: true, rules: [{ limit: 1, limitType: "cost", window: 60 }] },
      store_id: "x",
      stripe: { authorization: canary("stripe authorization"), usage_events: [{ payload: "{}" }] },
      workers_ai_billing_mode: "unified",
      zdr: true,
    });
    const planned = await bench.plan();
    await expectNoCanary(bench.directory);
    await bench.apply();

    expect(changedKeys(changeOfGateway(planned.changes))).toEqual(
      [...nestedSettings.map(({ key }) => key), "logpush", "otel", "stripe"].sort(),
    );
    expect(await gateway.read()).toMatchObject(gatewayDefaults);
  }, 120_000);

  test("are taken over by an import, and turned off by destroy", async () => {
    // GIVEN a gateway with all of it, which the state does not know
    gateway.declare(allNested("first"));
    await bench.apply();
    const before = await gateway.read();
    await bench.terraform("state", "rm", ...(await gateway.addresses()));

    // WHEN
    const declareImported = (props: AiGatewayProps) =>
      gateway.declare(props, (construct) => construct.importFrom());
    declareImported(allNested("first"));
    const planned = await bench.plan();
    await bench.apply();

    // THEN nothing of it changes, and nothing is sent
    expect(planned.text).toMatch(/1 to import/);
    expect(changeOfType("restful_operation", planned.changes)).toBeUndefined();
    expect(changedKeys(changeOfGateway(planned.changes))).toEqual([]);
    expect(await gateway.read()).toEqual(before);
    expect((await bench.plan()).changes).toEqual([]);

    // AND it is the gateway's own request that changes and repairs what is declared
    declareImported(allNested("second"));
    await bench.apply();
    expect(await gateway.read()).toMatchObject(
      Object.fromEntries(nestedSettings.map(({ key, kept }) => [key, kept])),
    );
    expect((await bench.plan()).changes).toEqual([]);
    declareImported(allNested("first"));
    await bench.apply();

    // AND when the call goes, the settings are sent once more as they are
    gateway.declare(allNested("first"));
    const without = await bench.plan();
    expect(changeOfType("restful_operation", without.changes)?.change.actions).toEqual(["create"]);
    expect(changedKeys(changeOfGateway(without.changes))).toEqual([]);
    await bench.apply();
    expect({ ...(await gateway.read()), modified_at: "" }).toEqual({ ...before, modified_at: "" });
    expect((await bench.plan()).changes).toEqual([]);

    // AND when it comes back, nothing is destroyed
    declareImported(allNested("first"));
    const back = await bench.plan();
    expect(back.text).toMatch(/0 to destroy/);
    expect(back.text).not.toMatch(/will be destroyed\n/);
    await bench.apply();
    gateway.declare(allNested("first"));
    await bench.apply();
    const destroyed = await bench.terraform("destroy", "-auto-approve", "-no-color");
    expect(destroyed.stderr).toBe("");
    expect((await bench.api("GET", NestedGateway.path)).status).toBe(404);
  }, 120_000);
});
