import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { TerraformStack } from "cdktf";
import { type AiGatewayProps, SecretVariable } from "../../lib/index.js";
import { canary } from "../secrets/canary.js";
import { expectNoCanary } from "../secrets/scan-for-canaries.js";
import { changedKeys } from "./changed-keys.js";
import { changeOfGateway, NestedGateway } from "./nested-gateway.js";
import { Workbench } from "./workbench.js";

const OTEL_KEY = canary("the value of an otel header");
const OTEL_AUTHORIZATION = canary("otel authorization");
const STRIPE_KEY = canary("stripe authorization");
const ROTATED = canary("stripe authorization, rotated");

/** Terraform's own signs are none of its business here. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: it is Stripe's to read
const PAYLOAD = '{"event":"${tokens}","unit":"%{unit}"}';

describe("settings of a gateway with secrets, under Terraform", () => {
  let bench: Workbench;
  let gateway: NestedGateway;
  beforeAll(async () => {
    bench = await Workbench.start();
    gateway = new NestedGateway(bench);
  }, 60_000);
  afterAll(() => bench.close());

  const secrets = (stack: TerraformStack): AiGatewayProps => ({
    otel: [
      {
        url: "https://otel.example.com/v1/traces",
        headers: { "x-key": new SecretVariable(stack, "otel_key") },
        authorization: new SecretVariable(stack, "otel_authorization"),
      },
      { url: "https://plain.example.com/v1/traces", contentType: "protobuf" },
    ],
    stripe: {
      authorization: new SecretVariable(stack, "stripe_authorization"),
      usageEvents: [{ payload: PAYLOAD }],
    },
  });
  const stored = (changes: Record<string, unknown> = {}) => ({
    otel: [
      {
        url: "https://otel.example.com/v1/traces",
        headers: { "x-key": OTEL_KEY },
        authorization: OTEL_AUTHORIZATION,
        content_type: "json",
      },
      { url: "https://plain.example.com/v1/traces", headers: {}, content_type: "protobuf" },
    ],
    stripe: { authorization: STRIPE_KEY, usage_events: [{ payload: PAYLOAD }] },
    ...changes,
  });
  /** Nothing to change, everything at the API, no secret anywhere. */
  const settled = async (expected: object) => {
    expect(await gateway.read()).toMatchObject(expected);
    const planned = await bench.plan();
    expect(planned.changes).toEqual([]);
    await expectNoCanary(bench.directory, { texts: { "the plan": planned.text } });
  };

  test("are there after the apply that creates it, and nowhere else", async () => {
    Object.assign(bench.variables, {
      TF_VAR_otel_key: OTEL_KEY,
      TF_VAR_otel_authorization: OTEL_AUTHORIZATION,
      TF_VAR_stripe_authorization: STRIPE_KEY,
    });
    gateway.declare(secrets);
    await bench.apply();

    await settled(stored());
  }, 120_000);

  test("stay when another setting changes, and when they drift", async () => {
    gateway.declare((stack) => ({ ...secrets(stack), cacheTtl: 60, zdr: true }));
    const planned = await bench.plan();
    await bench.apply();

    expect(changedKeys(changeOfGateway(planned.changes))).toEqual(["cache_ttl", "zdr"]);
    await settled(stored({ cache_ttl: 60, zdr: true }));

    // WHEN another setting is changed behind Terraform's back
    await gateway.put({ cache_ttl: 5 });
    expect(changedKeys(changeOfGateway((await bench.plan()).changes))).toEqual(["cache_ttl"]);
    await bench.apply();
    await settled(stored({ cache_ttl: 60, zdr: true }));

    // WHEN somebody turns them off
    await gateway.put({ otel: [{ url: "https://elsewhere.example/", headers: {} }], stripe: null });
    expect(changedKeys(changeOfGateway((await bench.plan()).changes))).toEqual(["otel", "stripe"]);
    await bench.apply();
    await settled(stored({ cache_ttl: 60, zdr: true }));
  }, 240_000);

  test("are sent again when one is rotated, and nothing else changes", async () => {
    bench.variables.TF_VAR_stripe_authorization = ROTATED;
    const planned = await bench.plan();
    await bench.apply();

    expect(planned.changes.map(({ type, change }) => [type, change.actions])).toEqual([
      ["restful_operation", ["update"]],
    ]);
    const { usage_events } = stored().stripe;
    await settled(
      stored({ cache_ttl: 60, zdr: true, stripe: { authorization: ROTATED, usage_events } }),
    );
    bench.variables.TF_VAR_stripe_authorization = STRIPE_KEY;
    await bench.apply();
  }, 120_000);

  test("are sent by the next apply when the last one ended between the two requests", async () => {
    // GIVEN a change of which only the gateway's own request was made
    gateway.declare((stack) => ({ ...secrets(stack), cacheTtl: 90 }));
    const own = (await gateway.addresses()).find((one) => one.startsWith("restful_resource."));
    await bench.apply(`-target=${own}`);
    expect(await gateway.read()).toMatchObject({ cache_ttl: 90, otel: null, stripe: null });

    // WHEN
    const planned = await bench.plan();
    await bench.apply();

    // THEN
    expect(changedKeys(changeOfGateway(planned.changes))).toEqual(["otel", "stripe"]);
    await settled(stored({ cache_ttl: 90 }));
  }, 120_000);

  test("go with a gateway that is replaced", async () => {
    gateway.declare((stack) => ({ ...secrets(stack), gatewayId: "nested-two" }));
    await bench.apply();

    const { result } = (await bench.api("GET", "/ai-gateway/gateways/nested-two")).body;
    expect(result).toMatchObject(stored());
    expect((await bench.plan()).changes).toEqual([]);
    gateway.declare(secrets);
    await bench.apply();
    await settled(stored());
  }, 120_000);

  test("are off when their props are removed", async () => {
    gateway.declare({});
    const planned = await bench.plan();
    await bench.apply();

    expect(changedKeys(changeOfGateway(planned.changes))).toEqual(["otel", "stripe"]);
    await settled({ otel: null, stripe: null });
  }, 120_000);
});
