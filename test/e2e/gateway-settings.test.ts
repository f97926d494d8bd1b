import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { AiGateway, type AiGatewayProps } from "../../lib/index.js";
import { changedKeys } from "./changed-keys.js";
import { lacksIdentity } from "./lacks-identity.js";
import { Workbench } from "./workbench.js";

describe("a gateway under Terraform", () => {
  let bench: Workbench;

  beforeAll(async () => {
    bench = await Workbench.start();
  }, 60_000);

  afterAll(async () => {
    await bench.close();
  });

  const declare = (props: AiGatewayProps = {}) =>
    bench.synth((stack) => {
      new AiGateway(stack, "gateway", { gatewayId: "settings", ...props });
    });

  test("replaces the gateway only for another id", async () => {
    declare();
    await bench.apply();

    // WHEN only the id differs
    declare({ gatewayId: "settings-renamed" });
    const planned = await bench.plan();

    // THEN it is a replacement
    const gateways = planned.changes.filter(({ type }) => type === "restful_resource");
    expect(gateways.map(({ change }) => change.actions)).toEqual([["delete", "create"]]);
    await bench.apply();
    expect((await bench.api("GET", "/ai-gateway/gateways/settings")).status).toBe(404);
    expect((await bench.api("GET", "/ai-gateway/gateways/settings-renamed")).status).toBe(200);
    declare();
    await bench.apply();
  }, 60_000);

  test("shows exactly the setting that was changed behind its back, and repairs it", async () => {
    declare({ cacheTtl: 60 });
    await bench.apply();
    const before = (await bench.api("GET", "/ai-gateway/gateways/settings")).body.result as Record<
      string,
      unknown
    >;

    // WHEN somebody edits the gateway outside Terraform
    const { id, created_at, modified_at, is_default, ...body } = before;
    const put = await bench.api("PUT", "/ai-gateway/gateways/settings", {
      ...body,
      cache_ttl: 999,
    });
    expect(put.status).toBe(200);

    // THEN the plan shows that key and no other, and an apply repairs it
    const planned = await bench.plan();
    expect(changedKeys(planned.changes[0])).toEqual(["cache_ttl"]);
    await bench.apply();
    const after = (await bench.api("GET", "/ai-gateway/gateways/settings")).body.result;
    expect(after).toMatchObject({ cache_ttl: 60 });
  }, 60_000);

  const needsIdentity = lacksIdentity("to refresh what is gone") ? test.skip : test;

  needsIdentity(
    "creates the gateway again when it was deleted outside Terraform",
    async () => {
      declare();
      await bench.apply();
      await bench.api("DELETE", "/ai-gateway/gateways/settings");

      const planned = await bench.plan();
      expect(planned.changes.map(({ change }) => change.actions)).toEqual([["create"]]);
      await bench.apply();
      expect((await bench.api("GET", "/ai-gateway/gateways/settings")).status).toBe(200);
    },
    60_000,
  );

  test("refuses a gateway that already exists and leaves it as it was", async () => {
    // GIVEN somebody else's gateway
    const foreign = {
      id: "foreign",
      cache_ttl: 5,
      collect_logs: true,
      cache_invalidate_on_update: false,
      rate_limiting_interval: 0,
      rate_limiting_limit: 0,
    };
    expect((await bench.api("POST", "/ai-gateway/gateways", foreign)).status).toBe(200);

    // WHEN a stack declares the same id
    bench.synth((stack) => {
      new AiGateway(stack, "gateway", { gatewayId: "settings" });
      new AiGateway(stack, "clash", { gatewayId: "foreign", cacheTtl: 60 });
    });
    await bench.terraform("init");
    const applied = await bench.terraform("apply", "-auto-approve", "-no-color");

    // THEN the apply fails with the API's reason and the foreign gateway is untouched
    expect(applied.code).toBe(1);
    expect(applied.stderr).toMatch(/already exists/i);
    expect(applied.stderr).toMatch(/if\s+Terraform's\s+state\s+was\s+removed/);
    const result = (await bench.api("GET", "/ai-gateway/gateways/foreign")).body.result;
    expect(result).toMatchObject({ cache_ttl: 5 });
  }, 60_000);

  test("takes an existing gateway over when it is imported", async () => {
    // GIVEN the foreign gateway of before, and a declaration that imports it
    bench.synth((stack) => {
      new AiGateway(stack, "gateway", { gatewayId: "settings" });
      new AiGateway(stack, "clash", { gatewayId: "foreign", cacheTtl: 60 }).importFrom();
    });

    // WHEN it is applied
    const planned = await bench.plan();
    await bench.apply();

    // THEN it was changed in place, and the next plan is empty
    expect(planned.text).toMatch(/1 to import, 0 to add, 1 to change, 0 to destroy/);
    const result = (await bench.api("GET", "/ai-gateway/gateways/foreign")).body.result;
    expect(result).toMatchObject({ cache_ttl: 60 });
    expect((await bench.plan()).changes).toEqual([]);
  }, 60_000);

  test("leaves nothing behind after destroy", async () => {
    declare();
    await bench.apply();
    // Where the import was skipped, it is nobody's but ours to remove.
    await bench.api("DELETE", "/ai-gateway/gateways/foreign");
    const destroyed = await bench.terraform("destroy", "-auto-approve", "-no-color");
    expect(destroyed.code).toBe(0);
    expect((await bench.api("GET", "/ai-gateway/gateways")).body.result).toEqual([]);
  }, 60_000);
});
