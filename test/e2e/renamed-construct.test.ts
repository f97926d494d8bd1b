import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { AiGateway, Dataset, Evaluation } from "../../lib/index.js";
import { ImportedEvaluation } from "./imported-evaluation.js";
import type { Workbench } from "./workbench.js";

describe("constructs that are imported, and get another id in the code", () => {
  let bench: Workbench;
  let made: ImportedEvaluation;
  /** Construct → its address in the state. */
  let addresses: Readonly<Record<"gateway" | "slow", string>>;

  beforeEach(async () => {
    made = await ImportedEvaluation.start();
    bench = made.bench;
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
        evaluationTypeIds: made.types,
      }).importFrom(made.ids.evaluation);
      gateway.importFrom();
      slow.importFrom(made.ids.dataset);
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
