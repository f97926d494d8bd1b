import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { TerraformStack } from "cdktf";
import { AiGateway, type IAiGateway } from "../../lib/index.js";
import { changedKeys } from "./changed-keys.js";
import { kinds, type Row, startWithGateway } from "./gateway-resource-kinds.js";
import type { Workbench } from "./workbench.js";

describe.each(kinds)(
  "a $name under Terraform",
  ({ path, base, changed, replaced, drift, importing, idKey = "id" }) => {
    let bench: Workbench;

    beforeAll(async () => {
      bench = await startWithGateway();
    }, 60_000);

    afterAll(async () => {
      await bench.close();
    });

    const declare = (build: (stack: TerraformStack, gateway: IAiGateway) => unknown = () => {}) =>
      bench.synth((stack) => {
        build(stack, AiGateway.fromGatewayId(stack, "gateway", "around"));
      });
    const rows = async () => (await bench.api("GET", path)).body.result as Row[];
    const actions = async () =>
      (await bench.plan()).changes.map(({ type, change }) => [type, change.actions.join()]);

    test("is made, and not changed by a second deploy", async () => {
      declare(base);
      await bench.apply();

      expect(await rows()).toHaveLength(1);
      expect(await actions()).toEqual([]);
    }, 60_000);

    test("is changed as it is declared, in place wherever the API has a way", async () => {
      const [before] = await rows();
      declare(changed?.declare ?? replaced);

      const planned = await actions();
      await bench.apply();

      const [after, ...more] = await rows();
      expect(more).toEqual([]);
      const ofItself = planned.filter(([type]) => type === "restful_resource");
      if (changed) {
        expect(ofItself).toEqual([["restful_resource", "update"]]);
        const { created_at } = before ?? {};
        expect(created_at).toBeDefined();
        expect(after).toMatchObject({ ...changed.result, [idKey]: before?.[idKey], created_at });
      } else {
        expect(ofItself).toContainEqual(["restful_resource", "delete,create"]);
        expect(after?.[idKey]).not.toBe(before?.[idKey]);
      }
      expect(await actions()).toEqual([]);
      declare(base);
      await bench.apply();
      expect(await actions()).toEqual([]);
    }, 90_000);

    if (drift) {
      test("is repaired where somebody changed it", async () => {
        const { method, query = "", body, named, repaired } = drift;
        const [row] = await rows();
        const edit = await bench.api(method, `${path}/${row?.[idKey]}${query}`, body);
        expect(edit.status).toBe(200);

        const { changes } = await bench.plan();
        expect(changes.map(({ type, change }) => [type, change.actions.join()])).toEqual([
          ["restful_resource", "update"],
        ]);
        expect(changedKeys(changes[0])).toEqual(named);
        await bench.apply();

        expect((await rows())[0]).toMatchObject({ ...repaired, [idKey]: row?.[idKey] });
        expect(await actions()).toEqual([]);
      }, 60_000);
    }

    test("is taken over by an import, and not changed by the deploy after", async () => {
      // GIVEN it is in the account, and not in the state
      const [before] = await rows();
      const addresses = (await bench.terraform("state", "list")).stdout.split("\n");
      const its = addresses.filter((address) =>
        /restful_resource\.it_|terraform_data/.test(address),
      );
      await bench.terraform("state", "rm", ...its);

      // WHEN
      bench.synth((stack) => {
        const gateway = AiGateway.fromGatewayId(stack, "gateway", "around");
        importing(stack, gateway, String(before?.[idKey]));
      });
      const planned = await bench.plan();
      await bench.apply();

      // THEN nothing is made or lost
      expect(planned.text).toMatch(/1 to import/);
      expect(planned.text).toMatch(/0 to destroy/);
      const after = await rows();
      expect(after.map((row) => row[idKey])).toEqual([before?.[idKey]]);
      expect(await actions()).toEqual([]);
    }, 90_000);

    test("goes when it is removed from the code, and the plan says so", async () => {
      declare();
      expect(await actions()).toContainEqual(["restful_resource", "delete"]);
      await bench.apply();

      expect(await rows()).toEqual([]);
    }, 60_000);

    test("goes by a destroy", async () => {
      declare(base);
      await bench.apply();

      const destroyed = await bench.terraform("destroy", "-auto-approve", "-no-color");

      expect([destroyed.code, destroyed.stderr]).toEqual([0, ""]);
      expect(await rows()).toEqual([]);
    }, 60_000);
  },
);
