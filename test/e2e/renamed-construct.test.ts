import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { AiGateway, Dataset, Evaluation } from "../../lib/index.js";
import { Workbench } from "./workbench.js";

const there = {
  id: "there",
  cache_ttl: 60,
  cache_invalidate_on_update: false,
  collect_logs: true,
  rate_limiting_interval: 0,
  rate_limiting_limit: 0,
};

describe("constructs that are imported, and get another id in the code", () => {
  let bench: Workbench;
  let datasetId: string;
  let evaluationId: string;
  let typeIds: readonly string[];
  /** Construct → its address in the state. */
  let addresses: Readonly<Record<"gateway" | "slow", string>>;

  beforeEach(async () => {
    bench = await Workbench.start();
    await bench.api("POST", "/ai-gateway/gateways", there);
    const make = async (kind: string, body: object): Promise<string> => {
      const made = await bench.api("POST", `/ai-gateway/gateways/there/${kind}`, body);
      return (made.body.result as { id: string }).id;
    };
    datasetId = await make("datasets", { name: "slow", enable: true, filters: [] });
    const { result } = (await bench.api("GET", "/ai-gateway/evaluation-types")).body;
    typeIds = (result as { id: string; mandatory: boolean }[])
      .filter(({ mandatory }) => mandatory)
      .map(({ id }) => id);
    evaluationId = await make("evaluations", {
      name: "baseline",
      dataset_ids: [datasetId],
      evaluation_type_ids: typeIds,
    });
    addresses = declare("");
    await bench.apply();
  }, 60_000);

  afterEach(() => bench.close());

  /**
   * All are imported, the gateway and the dataset as moved ones where their addresses are given. The evaluation of that
   * dataset keeps its id.
   */
  function declare(suffix: string, moved?: typeof addresses, other?: string): typeof addresses {
    const declared = { gateway: "", slow: "" };
    bench.synth((stack) => {
      const gateway = new AiGateway(stack, `gateway${suffix}`, {
        gatewayId: "there",
        cacheTtl: 60,
      });
      const slow = new Dataset(stack, `slow${suffix}`, { gateway, name: "slow" });
      new Evaluation(stack, "baseline", {
        gateway,
        name: "baseline",
        datasets: [other === undefined ? slow : Dataset.fromDatasetId(stack, "other", other)],
        evaluationTypeIds: typeIds,
      }).importFrom(evaluationId);
      gateway.importFrom();
      slow.importFrom(datasetId);
      for (const [name, { resource }] of Object.entries({ gateway, slow })) {
        declared[name as keyof typeof declared] =
          `${resource.terraformResourceType}.${resource.friendlyUniqueId}`;
        if (moved !== undefined) resource.moveFromId(moved[name as keyof typeof declared]);
      }
    });
    return declared;
  }

  test("stay as they are where they say that they moved, with importFrom still called", async () => {
    declare("-renamed", addresses);

    const { text } = await bench.plan();
    bench.emulator.faults.record();
    await bench.apply();

    expect(text).toContain("Plan: 0 to add, 0 to change, 0 to destroy.");
    expect(text.match(/has moved to/g)).toHaveLength(2);
    expect(bench.emulator.faults.calls.filter(({ method }) => method !== "GET")).toEqual([]);
    expect((await bench.plan()).changes).toEqual([]);
  }, 60_000);

  test("are told apart from others, wherever they are in the code", async () => {
    declare("-renamed", addresses, "another-dataset");

    const { code, stderr } = await bench.terraform("plan", "-no-color");

    expect(code).toBe(1);
    expect(stderr.replaceAll(/[\s│╷╵]+/g, " ")).toContain(
      "[test/baseline] is declared otherwise than it was imported",
    );
  }, 60_000);

  test("are in the plan as to destroy where they do not", async () => {
    declare("-renamed");

    expect((await bench.plan()).text).toContain(
      "Plan: 2 to import, 0 to add, 0 to change, 2 to destroy.",
    );
  }, 60_000);
});
