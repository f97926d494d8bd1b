import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { AiGateway } from "../../lib/index.js";
import { kinds, type Row, startWithGateway } from "./gateway-resource-kinds.js";
import { lacksIdentity } from "./lacks-identity.js";
import type { Workbench } from "./workbench.js";

const needsIdentity = lacksIdentity("to refresh what is gone") ? test.skip : test;

describe.each(kinds)("a $name that others touch", ({ path, base, taken, idKey = "id" }) => {
  let bench: Workbench;

  beforeAll(async () => {
    bench = await startWithGateway();
    bench.synth((stack) => {
      base(stack, AiGateway.fromGatewayId(stack, "gateway", "around"));
    });
  }, 60_000);

  afterAll(async () => {
    await bench.close();
  });

  const rows = async () => (await bench.api("GET", path)).body.result as Row[];

  if (taken) {
    test("is refused where somebody has made it, and theirs stays as it was", async () => {
      // GIVEN
      const theirs = await bench.api("POST", path, await taken(bench));
      expect(theirs.status).toBe(200);
      const before = await rows();

      // WHEN
      await bench.terraform("init", "-no-color");
      const applied = await bench.terraform("apply", "-auto-approve", "-no-color");

      // THEN
      expect(applied.code).toBe(1);
      expect(applied.stderr).toMatch(/already\s+exists/);
      expect(await rows()).toEqual(before);
      await bench.api("DELETE", `${path}/${(theirs.body.result as Row)[idKey]}`);
    }, 60_000);
  }

  needsIdentity(
    "is made again where somebody deleted it",
    async () => {
      // GIVEN
      await bench.apply();
      const [before] = await rows();
      expect((await bench.api("DELETE", `${path}/${before?.[idKey]}`)).status).toBe(200);

      // WHEN
      const { changes } = await bench.plan();
      await bench.apply();

      // THEN
      const made = changes.filter(({ type }) => type === "restful_resource");
      expect(made.map(({ change }) => change.actions)).toEqual([["create"]]);
      expect(await rows()).toHaveLength(1);
      expect((await bench.plan()).changes).toEqual([]);
    },
    60_000,
  );
});
