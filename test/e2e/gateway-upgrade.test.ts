import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { Construct } from "constructs";
import { AiGateway, type AiGatewayProps } from "../../lib/index.js";
import { RestResource } from "../../lib/rest-api/rest-resource.js";
import { gatewaysPath } from "../../protocol/urls.js";
import { changedKeys } from "./changed-keys.js";
import { Workbench } from "./workbench.js";

/** The settings of a version that did not know all of them. */
const older = {
  cache_ttl: 60,
  cache_invalidate_on_update: false,
  collect_logs: true,
  rate_limiting_interval: 0,
  rate_limiting_limit: 0,
  rate_limiting_technique: "fixed",
  authentication: false,
  log_management: 100_000,
  log_management_strategy: "STOP_INSERTING",
  retry_max_attempts: null,
  retry_delay: null,
  retry_backoff: null,
};
const guardrails = { prompt: { S1: "BLOCK" }, response: {} };
const path = "/ai-gateway/gateways/upgraded";

describe("a gateway in the state of a version that knew fewer settings", () => {
  let bench: Workbench;
  const read = async () => (await bench.api("GET", path)).body.result as Record<string, unknown>;
  const declare = (props: AiGatewayProps, imported = false) =>
    bench.synth((stack) => {
      const gateway = new AiGateway(stack, "gateway", {
        gatewayId: "upgraded",
        cacheTtl: 60,
        ...props,
      });
      if (imported) gateway.importFrom();
    });
  const gatewayIn = ({ changes }: Awaited<ReturnType<Workbench["plan"]>>) =>
    changes.find(({ type }) => type === "restful_resource");

  beforeEach(async () => {
    bench = await Workbench.start();
    const body = { id: "upgraded", ...older };
    bench.synth((stack) => {
      new RestResource(new Construct(stack, "gateway"), "Resource", {
        path: gatewaysPath(bench.emulator.accountId),
        body,
        createSelector: "result",
        readPath: "$(path)/$(body.id)",
        readSelector: `result.{${Object.keys(body)}}`,
        forceNewAttrs: ["id"],
        outputAttrs: ["id"],
      });
    });
    await bench.apply();
    const { created_at, modified_at, is_default, ...settings } = await read();
    const put = await bench.api("PUT", path, { ...settings, guardrails });
    expect(put.status).toBe(200);
    expect((await bench.plan()).changes).toEqual([]);
  }, 60_000);

  afterEach(() => bench.close());

  test("keeps what the dashboard set where it is declared now, and is turned off where it is not", async () => {
    declare({ guardrails: { prompt: { violentCrimes: "BLOCK" } } });
    expect(gatewayIn(await bench.plan())?.change.actions).toEqual(["update"]);
    await bench.apply();
    expect(await read()).toMatchObject({ cache_ttl: 60, guardrails });
    expect((await bench.plan()).changes).toEqual([]);

    declare({});
    expect(changedKeys(gatewayIn(await bench.plan()))).toEqual(["guardrails"]);
    await bench.apply();
    expect(await read()).toMatchObject({ guardrails: null });
  }, 60_000);

  test("is turned off by an upgrade that declares nothing new; an import instead shows that it is on", async () => {
    // GIVEN a plan that knows nothing of the value
    declare({});
    const blind = await bench.plan();
    expect(gatewayIn(blind)?.change.before?.body).not.toHaveProperty("guardrails");
    expect(gatewayIn(blind)?.change.after?.body).toHaveProperty("guardrails", null);

    // WHEN the state forgets the gateway, and it is imported
    const { stdout } = await bench.terraform("state", "list");
    const [address = ""] = stdout.split("\n").filter((line) => /^restful_resource\./.test(line));
    await bench.terraform("state", "rm", address);
    declare({}, true);
    const seeing = gatewayIn(await bench.plan());

    // THEN
    expect(changedKeys(seeing)).toEqual(["guardrails"]);
    // The first category that is looked for: a sign that the setting is on.
    expect(seeing?.change.before?.body).toMatchObject({ guardrails: "S1" });
    expect(seeing?.change.after?.body).toMatchObject({ guardrails: null });
    expect(await read()).toMatchObject({ guardrails });
  }, 60_000);
});
