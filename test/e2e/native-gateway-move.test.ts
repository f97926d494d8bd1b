import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { TerraformStack } from "cdktf";
import { protectFromDeletion } from "../../lib/deletion-protection.js";
import { type AiGateway, type AiGatewayProps, DynamicRoute, routeGraph } from "../../lib/index.js";
import { changedBodies, declareGateway, plannedActions, shownGateway } from "./one-gateway.js";
import { Workbench } from "./workbench.js";

const other = { restful: "cloudflare", cloudflare: "restful" } as const;
const resourceOf = { restful: "restful_resource", cloudflare: "cloudflare_ai_gateway" } as const;

describe("a gateway whose provider changes", () => {
  let bench: Workbench;

  beforeEach(async () => {
    bench = await Workbench.start();
  }, 60_000);

  afterEach(async () => {
    await bench.close();
  });

  const declare = (...args: Declaration) => declareGateway(bench, ...args);
  const shown = () => shownGateway(bench);

  test.each(["restful", "cloudflare"] as const)(
    "moves away from %s with its routes, none touched, and the call may stay or go",
    async (from) => {
      // GIVEN a gateway with a route, at rest
      const props = { cacheTtl: 60, rateLimitingLimit: 10, rateLimitingInterval: 60 };
      declare(from, props, addRoute);
      await bench.apply();
      const before = await shown();
      const route = await shownRoutes();

      // WHEN the other provider takes it over
      declare(other[from], props, (gateway, stack) => {
        addRoute(gateway, stack);
        gateway.importFrom();
      });
      const planned = await bench.plan();
      await bench.apply();

      // THEN one resource is forgotten and the other imported, and the gateway is what it was, to the
      // last time stamp; what is imported is not claimed
      expect(planned.text).toContain("1 to import, 0 to add, 0 to change, 0 to destroy");
      expect(plannedActions(planned)).toEqual({
        [resourceOf[from]]: "forget",
        terraform_data: "forget",
      });
      expect(changedBodies(planned)).toEqual([]);
      expect(await shown()).toEqual(before);
      expect(await shownRoutes()).toEqual(route);
      expect((await bench.plan()).changes).toEqual([]);

      // AND when the call goes, the state has notes more, and the gateway is what it was
      declare(other[from], props, addRoute);
      const without = await bench.plan();
      await bench.apply();
      expect(plannedActions(without)).toEqual({
        ...(from === "cloudflare" && { restful_resource: "update" }),
        terraform_data: "create",
      });
      expect(changedBodies(without)).toEqual([]);
      expect(await shown()).toEqual(before);
      expect((await bench.plan()).changes).toEqual([]);
    },
    120_000,
  );

  test("moves with settings that restful sends a second time, there and back", async () => {
    // GIVEN a gateway whose settings are a resource and a request after it
    const props: AiGatewayProps = {
      zdr: true,
      storeId: "store",
      guardrails: { prompt: { violentCrimes: "BLOCK" }, response: { hate: "FLAG" } },
      dlp: { policies: [{ action: "FLAG", profiles: ["cards"] }] },
      spendLimits: [
        { limit: 10, window: "1d" },
        { limit: 2.5, window: "1h", metadata: { team: "partition" }, provider: ["openai"] },
      ],
      otel: [{ url: "https://otel.example/v1/traces" }],
    };
    declare("restful", props);
    await bench.apply();
    const before = await shown();
    expect(await gatewaysInState()).toEqual(["restful_operation", "restful_resource"]);

    // WHEN the provider's own resource takes it over
    declare("cloudflare", props, (gateway) => gateway.importFrom());
    const there = await bench.plan();
    await bench.apply();

    // THEN both are forgotten, and the gateway is what it was
    expect(there.text).toMatch(/1 to import, 0 to add, 0 to change, 0 to destroy/);
    expect(await shown()).toEqual(before);
    expect(await gatewaysInState()).toEqual(["cloudflare_ai_gateway"]);
    expect((await bench.plan()).changes).toEqual([]);

    // AND so it is on the way back
    declare("restful", props, (gateway) => gateway.importFrom());
    const back = await bench.plan();
    await bench.apply();
    expect(back.text).toMatch(/1 to import, 0 to add, 0 to change, 0 to destroy/);
    expect(await shown()).toEqual(before);
    expect((await bench.plan()).changes).toEqual([]);
  }, 120_000);

  test("moves while it is protected from deletion, and is protected afterwards", async () => {
    const protect = (gateway: AiGateway) => protectFromDeletion(gateway, [gateway.resource], true);
    declare("restful", {}, protect);
    await bench.apply();

    declare("cloudflare", {}, (gateway) => {
      protect(gateway);
      gateway.importFrom();
    });
    await bench.apply();
    const destroyed = await bench.terraform("destroy", "-auto-approve", "-no-color");

    expect(await gatewaysInState()).toEqual(["cloudflare_ai_gateway"]);
    expect(destroyed.code).toBe(1);
    expect(destroyed.stderr).toContain("prevent_destroy");
    expect(await shown()).toMatchObject({ id: "moved" });
  }, 60_000);

  test.each(["restful", "cloudflare"] as const)(
    "moves without the call, too, where this stack created the gateway, coming from %s",
    async (from) => {
      declare(from);
      await bench.apply();
      const before = await shown();

      declare(other[from]);
      const planned = await bench.plan();
      await bench.apply();

      expect(planned.text).toMatch(/1 to import, 0 to add, \d to change, 0 to destroy/);
      expect(await shown()).toEqual(before);
      expect((await bench.plan()).changes).toEqual([]);
    },
    60_000,
  );

  test.each(["restful", "cloudflare"] as const)(
    "is refused without the call where this stack did not create the gateway, and not deleted, coming from %s",
    async (from) => {
      // GIVEN
      const made = {
        id: "moved",
        cache_ttl: 0,
        collect_logs: true,
        cache_invalidate_on_update: false,
        rate_limiting_interval: 0,
        rate_limiting_limit: 0,
      };
      expect((await bench.api("POST", "/ai-gateway/gateways", made)).status).toBe(200);
      declare(from, {}, (gateway) => gateway.importFrom());
      await bench.apply();
      const before = await shown();

      // WHEN
      declare(other[from]);
      const planned = await bench.plan();
      const applied = await bench.terraform("apply", "-auto-approve", "-no-color");

      // THEN: the gateway, and the claim before it
      expect(planned.text).toMatch(/2 to add, 0 to change, 0 to destroy/);
      expect(applied.code).toBe(1);
      expect(applied.stderr).toMatch(/already\s+(│\s+)?exists/i);
      expect(await shown()).toEqual(before);

      // AND the call mends it
      declare(other[from], {}, (gateway) => gateway.importFrom());
      await bench.apply();
      expect(await shown()).toEqual(before);
      expect((await bench.plan()).changes).toEqual([]);
    },
    60_000,
  );

  async function shownRoutes(): Promise<unknown> {
    const list = await bench.api("GET", "/ai-gateway/gateways/moved/routes");
    return (list.body as unknown as { data: { routes: unknown[] } }).data.routes;
  }

  async function gatewaysInState(): Promise<string[]> {
    const { resources } = JSON.parse(await bench.readState()) as {
      resources: { type: string; mode: string; name: string }[];
    };
    return resources
      .filter(({ mode, type }) => mode === "managed" && type !== "terraform_data")
      .map(({ type }) => type)
      .sort();
  }
});

const addRoute = (gateway: AiGateway, stack: TerraformStack) =>
  new DynamicRoute(stack, "route", {
    gateway,
    graph: routeGraph((g) => g.model({ provider: "workers-ai", model: "@cf/one" })),
  });

type Declaration =
  Parameters<typeof declareGateway> extends [unknown, ...infer Rest] ? Rest : never;
