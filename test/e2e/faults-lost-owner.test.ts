import { writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import {
  AiGateway,
  CustomDomain,
  Dataset,
  DynamicRoute,
  GatewayPolicy,
  routeGraph,
} from "../../lib/index.js";
import { Workbench } from "./workbench.js";

let bench: Workbench;
beforeEach(async () => {
  bench = await Workbench.start();
});
afterEach(() => bench.close());

const graph = routeGraph((g) => g.model({ provider: "openai", model: "gpt-4o" }));

/** A gateway with one of each that its path is in the path of. */
const declare = (gatewayId: string) =>
  bench.synth((stack) => {
    const gateway = new AiGateway(stack, "gateway", { gatewayId });
    new Dataset(stack, "dataset", { gateway, name: "dataset" });
    new DynamicRoute(stack, "route", { gateway, name: "route", graph });
    new GatewayPolicy(stack, "policy", { gateway, name: "policy", action: { type: "no-limit" } });
    new CustomDomain(stack, "domain", {
      gateway,
      hostname: "ai.example.com",
      zoneId: "0".repeat(32),
    });
  });
const kinds = ["datasets", "routes", "custom-domains"] as const;

async function gatewayAddress(): Promise<string> {
  const { stdout } = await bench.terraform("state", "list");
  return stdout.split("\n").find((one) => /^restful_resource\.gateway_[0-9A-F]+$/.test(one)) ?? "";
}

const rowsOf = async (gatewayId: string) =>
  Promise.all(
    kinds.map(async (kind) => {
      const { body } = await bench.api("GET", `/ai-gateway/gateways/${gatewayId}/${kind}`);
      return [kind, (body.result as { id: string }[] | undefined)?.map(({ id }) => id)];
    }),
  );

describe("what hangs on a gateway that is made anew", () => {
  test("is planned and made anew with it, under the same id and right after its first creation", async () => {
    declare("one");
    await bench.apply();
    const address = await gatewayAddress();

    // What is tainted is replaced, and its id known only afterwards
    expect((await bench.terraform("taint", "-no-color", address)).code).toBe(0);
    await bench.apply();

    expect((await bench.plan()).changes).toEqual([]);
  }, 120_000);

  test.each(["another id", "the same id"])(
    "is adopted by the next apply where the answers to its creation were lost, under %s",
    async (id) => {
      // GIVEN a gateway that was made long ago
      declare("one");
      await bench.apply();
      const state = await bench.readState();
      await writeFile(bench.stateFile, state.replace(/("at": ")\d{4}-\d\d-\d\d/g, "$12020-01-01"));
      const gatewayId = id === "another id" ? "two" : "one";
      if (gatewayId === "one") await bench.terraform("taint", await gatewayAddress());
      declare(gatewayId);

      // WHEN it is made anew, and what hangs on it is, too, without anybody learning of it
      for (const kind of kinds) {
        const path = `**/${kind}`;
        bench.emulator.faults.add({ method: "POST", path, nth: 1, answer: "lost" });
        bench.emulator.faults.add({ method: "POST", path, answer: 403 });
      }
      expect((await bench.terraform("apply", "-auto-approve", "-no-color")).code).toBe(1);
      bench.emulator.faults.clear();
      const lost = await rowsOf(gatewayId);

      // THEN the next apply has the same objects, and nothing is left to do
      const { text } = await bench.plan();
      await bench.apply();
      expect(text).toContain("Plan: 3 to import");
      expect(await rowsOf(gatewayId)).toEqual(lost);
      expect((await bench.plan()).changes).toEqual([]);
    },
    120_000,
  );
});
