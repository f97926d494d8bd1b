import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { TerraformStack } from "cdktf";
import {
  AiGateway,
  type AiGatewayProps,
  AiGatewayToken,
  CustomDomain,
  Dataset,
  Evaluation,
  type IAiGateway,
} from "../../lib/index.js";
import { Workbench } from "./workbench.js";

type Row = Record<string, unknown>;

const zoneId = "0".repeat(32);
const path = "/ai-gateway/gateways/there";
const settings = {
  cacheTtl: 60,
  authentication: true,
  guardrails: { prompt: { hate: "BLOCK" } },
  otel: [{ url: "https://otel.example.com/v1/traces" }],
  retryMaxAttempts: 2,
  zdr: true,
} satisfies AiGatewayProps;

/** What was made by API calls, under Terraform: the numbers in the plan, and the calls. */
describe("a plan that imports", () => {
  let bench: Workbench;
  let dataset: string;
  let evaluation: string;
  let token: string;
  let types: string[];

  const api = async (method: string, at: string, body?: unknown): Promise<Row> => {
    const answer = await bench.api(method, at, body);
    expect([at, answer.status, answer.body.errors ?? []]).toEqual([at, 200, []]);
    return answer.body.result as Row;
  };

  beforeAll(async () => {
    bench = await Workbench.start();
    await api("POST", "/ai-gateway/gateways", {
      id: "there",
      cache_ttl: 60,
      cache_invalidate_on_update: false,
      collect_logs: true,
      rate_limiting_interval: 0,
      rate_limiting_limit: 0,
      authentication: true,
      guardrails: { prompt: { S10: "BLOCK" }, response: {} },
      otel: [{ url: "https://otel.example.com/v1/traces", headers: {}, content_type: "json" }],
      retry_max_attempts: 2,
      zdr: true,
    });
    await api("POST", `${path}/custom-domains`, { domain: "ai.example.com", zone_id: zoneId });
    const filters = [{ key: "duration", operator: "gt", value: [5000] }];
    dataset = String(
      (await api("POST", `${path}/datasets`, { name: "slow", enable: true, filters })).id,
    );
    const offered = (await api("GET", "/ai-gateway/evaluation-types")) as unknown as Row[];
    types = offered.filter(({ mandatory }) => mandatory).map(({ id }) => String(id));
    const made = await api("POST", `${path}/evaluations`, {
      name: "baseline",
      dataset_ids: [dataset],
      evaluation_type_ids: types,
    });
    evaluation = String(made.id);
    const groups = (await api("GET", "/tokens/permission_groups")) as unknown as Row[];
    const run = groups.find(({ name }) => name === "AI Gateway Run");
    const account = `com.cloudflare.api.account.${bench.emulator.accountId}`;
    const policies = [
      { effect: "allow", resources: { [account]: "*" }, permission_groups: [{ id: run?.id }] },
    ];
    token = String((await api("POST", "/tokens", { name: "asks", policies })).id);
  }, 60_000);

  afterAll(() => bench.close());

  const gatewayOf = (stack: TerraformStack, props: AiGatewayProps = settings) =>
    new AiGateway(stack, "gateway", { gatewayId: "there", ...props });

  const declareAround = (stack: TerraformStack, gateway: IAiGateway, names = "ai.example.com") => {
    const slow = new Dataset(stack, "slow", {
      gateway,
      name: "slow",
      filters: [{ key: "duration", operator: "gt", value: [5000] }],
    });
    const baseline = new Evaluation(stack, "baseline", {
      gateway,
      name: "baseline",
      datasets: [slow],
      evaluationTypeIds: types,
    });
    const domain = new CustomDomain(stack, "domain", { gateway, hostname: names, zoneId });
    return { slow, baseline, domain, asks: new AiGatewayToken(stack, "asks", { name: "asks" }) };
  };

  const declare = (importing: boolean, props?: AiGatewayProps, otherTypes?: string[]) =>
    bench.synth((stack) => {
      const gateway = gatewayOf(stack, props);
      const before = types;
      types = otherTypes ?? types;
      const { slow, baseline, domain, asks } = declareAround(stack, gateway);
      types = before;
      if (!importing) return;
      gateway.importFrom();
      slow.importFrom(dataset);
      baseline.importFrom(evaluation);
      domain.importFrom();
      asks.importFrom(token);
    });

  /** Calls that change something, since the record was begun anew. */
  const writes = async (): Promise<string[]> => {
    const { result } = (await bench.api("GET", "/emulator/calls")).body;
    return (result as { method: string; path: string }[])
      .filter((call) => call.method !== "GET")
      .map((call) => `${call.method} ${call.path.replace(/.*\/ai-gateway/, "")}`);
  };
  const forgetCalls = () => bench.api("DELETE", "/emulator/calls");

  test("has nothing to add, to change or to destroy, and its deploy only reads", async () => {
    declare(true);
    await forgetCalls();

    const { text } = await bench.plan();
    await bench.apply();

    expect(text).toContain("Plan: 5 to import, 0 to add, 0 to change, 0 to destroy.");
    expect(await writes()).toEqual([]);
    expect((await bench.plan()).text).toContain("No changes.");
  }, 60_000);

  test("lets what it imported be changed in place, repaired and changed back", async () => {
    declare(true, { ...settings, cacheTtl: 300, collectLogs: false });
    await forgetCalls();

    await bench.apply();

    expect(await writes()).toEqual(["PUT /gateways/there"]);
    expect(await api("GET", path)).toMatchObject({ cache_ttl: 300, collect_logs: false });
    expect((await bench.plan()).changes).toEqual([]);

    // AND a setting that somebody turned on is seen
    await api("PUT", path, { ...(await api("GET", path)), log_classification: true });
    expect((await bench.plan()).changes).toHaveLength(1);
    declare(true);
    await bench.apply();
    expect(await api("GET", path)).toMatchObject({ cache_ttl: 60, log_classification: false });
    expect((await bench.plan()).changes).toEqual([]);
  }, 90_000);

  test("fails where what was imported is another gateway", async () => {
    declare(true, { ...settings, gatewayId: "another" });

    const { code, stderr } = await bench.terraform("plan", "-no-color");

    expect(code).toBe(1);
    expect(said(stderr)).toContain(
      "test/gateway: gatewayId: got another, but the gateway that was imported is there. Another id is another gateway",
    );
  }, 60_000);

  test("fails where what cannot be changed is declared otherwise", async () => {
    declare(true, settings, [...types].reverse());

    const { code, stderr } = await bench.terraform("plan", "-no-color");

    expect(code).toBe(1);
    expect(said(stderr)).toContain(
      "[test/baseline] is declared otherwise than it was imported or made, or a construct it refers to has another id, and Cloudflare cannot change it",
    );
  }, 60_000);

  test("creates anew what has to be, as if it had never been imported", async () => {
    declare(true);
    const addresses = (await bench.terraform("state", "list")).stdout.split("\n");
    const domain = addresses.find((address) => address.startsWith("restful_resource.domain_"));

    await bench.apply(`-replace=${domain}`);

    const [row, ...more] = (await api("GET", `${path}/custom-domains`)) as unknown as Row[];
    expect([row?.hostname, more]).toEqual(["ai.example.com", []]);
    expect((await bench.plan()).changes).toEqual([]);
  }, 90_000);

  test("may lose its calls of importFrom, which sends what the gateway has already", async () => {
    declare(false);
    const before = await api("GET", path);
    await forgetCalls();

    const { text, changes } = await bench.plan();
    await bench.apply();

    expect(text).toMatch(/Plan: \d+ to add, 5 to change, 0 to destroy\./);
    const added = changes.filter(({ change }) => change.actions.join() === "create");
    expect(new Set(added.map(({ address }) => address.replace(/_[0-9A-F]{8}$/, "")))).toEqual(
      new Set([
        "restful_operation.gateway_Settings",
        "terraform_data.asks_Claim",
        "terraform_data.baseline_Claim",
        "terraform_data.baseline_ResourceDeclared",
        "terraform_data.domain_Claim",
        "terraform_data.domain_ResourceDeclared",
        "terraform_data.gateway_Claim",
        "terraform_data.slow_Claim",
      ]),
    );
    expect(await writes()).toEqual(["PUT /gateways/there"]);
    expect({ ...(await api("GET", path)), modified_at: before.modified_at }).toEqual(before);
    expect((await bench.plan()).changes).toEqual([]);
  }, 90_000);

  test("leaves replacements as they are after that", async () => {
    declare(false, { ...settings, gatewayId: "another" });

    const { changes } = await bench.plan();

    const gateway = changes.find(({ address }) => /^restful_resource\.gateway_/.test(address));
    expect(gateway?.change.actions).toEqual(["delete", "create"]);
  }, 60_000);
});

/** Without the frame and the line breaks of Terraform's errors. */
const said = (stderr: string): string => stderr.replaceAll(/[\s│╷╵]+/g, " ");
