import { readFile, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Addresses, ImportedEvaluation } from "./imported-evaluation.js";
import { lacksIdentity } from "./lacks-identity.js";

const needsIdentity = lacksIdentity("to see that an evaluation is gone") ? test.skip : test;

const OTHERWISE = "[test/baseline] is declared otherwise than it was imported or made";

/** Cloudflare cannot change an evaluation, nor does it say all that one was made with. */
describe("an evaluation that was imported", () => {
  let here: ImportedEvaluation;
  let addresses: Addresses;

  const unchanged = async () => {
    const { text } = await here.bench.plan();
    const calls = here.record();
    await here.bench.apply();
    expect(text).toMatch(/No changes\.|Plan: \d+ to add, \d+ to change, 0 to destroy\./);
    expect(calls()).toEqual([]);
    expect((await here.bench.plan()).changes).toEqual([]);
  };

  const actionsOn = async (address: string) => {
    const { changes } = await here.bench.plan();
    return changes.find((change) => change.address === address)?.change.actions;
  };

  beforeEach(async () => {
    here = await ImportedEvaluation.start();
  }, 60_000);

  afterEach(() => here.bench.close());

  describe("with what is mandatory, looked up", () => {
    beforeEach(async () => {
      addresses = here.declare();
      await here.bench.apply();
    }, 60_000);

    test("is the same one where it gets another id in the code", async () => {
      here.declare({ id: "renamed", moved: { evaluation: addresses.evaluation } });

      await unchanged();
    }, 60_000);

    test("is the same one where its dataset does, which is imported no longer", async () => {
      here.declare({
        datasetConstruct: "renamed",
        moved: { dataset: addresses.dataset },
        importing: ["evaluation"],
      });

      expect((await here.bench.plan()).text).toContain(`(moved from ${addresses.dataset})`);
      await unchanged();
    }, 60_000);

    test("is the same one with the same types written out, and no other with others", async () => {
      here.declare({ evaluationTypeIds: here.types });
      await unchanged();

      here.declare({ evaluationTypeIds: [...here.types].reverse() });
      expect(await here.refused("plan")).toContain(OTHERWISE);
    }, 60_000);

    test("is refused as another one where the call leaves with what it was made with", async () => {
      here.declare({ importing: ["dataset"], otherDataset: here.ids.other });

      const said = await here.refused("apply", "-auto-approve");

      expect(said).toContain(OTHERWISE);
      expect(await here.refused("plan")).toContain(OTHERWISE);
      // WHEN it is done as the message says
      const [, flag = ""] = /terraform apply (-replace=\S+)/.exec(said) ?? [];
      await here.bench.apply(flag);
      expect(await here.evaluated()).toEqual([[here.ids.other]]);
      expect((await here.bench.plan()).changes).toEqual([]);
    }, 60_000);

    test("is refused, too, where it is of a dataset that the same deploy makes", async () => {
      here.declare({ importing: ["dataset"], newDataset: "new" });

      expect(await here.refused("apply", "-auto-approve")).toContain(OTHERWISE);
      expect(await here.refused("plan")).toContain(OTHERWISE);
      await here.bench.apply(`-replace=${addresses.evaluation}`);
      expect(await here.evaluated()).not.toEqual([[here.ids.dataset]]);
      expect((await here.bench.plan()).changes).toEqual([]);
    }, 60_000);

    test("is like any other after a deploy without the call", async () => {
      here.declare({ importing: [] });
      await unchanged();
      // AND with both at other ids in the code
      const moved = here.declare({
        id: "renamed",
        datasetConstruct: "renamed-dataset",
        importing: [],
        moved: addresses,
      });
      expect((await here.bench.plan()).text.match(/has moved to/g)).toHaveLength(3);
      const calls = here.record();
      await here.bench.apply();
      expect(calls()).toEqual([]);

      here.declare({ id: "renamed", importing: [], otherDataset: here.ids.other });

      expect(await actionsOn(moved.evaluation)).toEqual(["delete", "create"]);
    }, 90_000);

    test("may be imported again after that", async () => {
      here.declare({ importing: [] });
      await here.bench.apply();
      here.declare();

      const calls = here.record();
      await here.bench.apply();

      expect(calls()).toEqual([]);
      expect((await here.bench.plan()).changes).toEqual([]);
    }, 60_000);

    needsIdentity(
      "comes back when somebody deleted it with its dataset, with the calls of importFrom",
      async () => {
        for (const gone of [`evaluations/${here.ids.evaluation}`, `datasets/${here.ids.dataset}`]) {
          const deleted = await here.bench.api("DELETE", `/ai-gateway/gateways/there/${gone}`);
          expect(deleted.status).toBe(200);
        }

        await here.bench.apply();

        const [[dataset] = [], ...more] = await here.evaluated();
        expect([typeof dataset, dataset === here.ids.dataset, more]).toEqual(["string", false, []]);
        expect((await here.bench.plan()).changes).toEqual([]);
      },
      60_000,
    );

    test("is believed where another version kept its declaration in another way", async () => {
      const state = await readFile(here.bench.stateFile, "utf8");
      const older = state.replaceAll(/:!\\+"2-[0-9a-f]+/g, (text) => text.replace("2-", ""));
      expect(older).not.toBe(state);
      await writeFile(here.bench.stateFile, older);
      here.declare({ otherDataset: here.ids.other });

      expect((await here.bench.plan()).changes).toEqual([]);
    }, 60_000);

    test("can be destroyed, whatever it is declared as", async () => {
      here.declare({ otherDataset: here.ids.other });

      await here.bench.terraform("destroy", "-auto-approve", "-no-color");

      expect(await here.evaluated()).toEqual([]);
    }, 60_000);
  });
});

describe("an evaluation that a deploy made", () => {
  let here: ImportedEvaluation;

  beforeEach(async () => {
    here = await ImportedEvaluation.start();
    const { evaluation } = here.ids;
    await here.bench.api("DELETE", `/ai-gateway/gateways/there/evaluations/${evaluation}`);
  }, 60_000);

  afterEach(() => here.bench.close());

  const made = async (id: string) => {
    const { evaluation } = here.declare({ id, importing: ["dataset"] });
    await here.bench.apply();
    return { importing: ["dataset"], moved: { evaluation } } as const;
  };

  test("is replaced where it gets another id in the code and another dataset at once", async () => {
    const before = await made("baseline");
    here.declare({ ...before, id: "renamed", otherDataset: here.ids.other });

    await here.bench.apply();

    expect(await here.evaluated()).toEqual([[here.ids.other]]);
    expect((await here.bench.plan()).changes).toEqual([]);
  }, 60_000);

  test("is refused there where its address does not tell its former id", async () => {
    const before = await made("the baseline");
    here.declare({ ...before, otherDataset: here.ids.other });

    expect(await here.refused("plan")).toContain(OTHERWISE);

    // AND it is the same one with the new id alone
    here.declare(before);
    const calls = here.record();
    await here.bench.apply();
    expect(calls()).toEqual([]);
    expect((await here.bench.plan()).changes).toEqual([]);
  }, 60_000);

  test("is not imported", async () => {
    await made("baseline");
    here.declare();

    expect(await here.refused("plan")).toContain(
      "[test/baseline] is in the state without what it was imported as: a deploy made it",
    );
  }, 60_000);
});
