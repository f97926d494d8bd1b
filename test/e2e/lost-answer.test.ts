import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Worker } from "../../lib/index.js";
import { Workbench } from "./workbench.js";

let bench: Workbench;

beforeAll(async () => {
  bench = await Workbench.start();
}, 120_000);

afterAll(async () => {
  await bench?.close();
});

const declare = async (classes: readonly string[], greeting: string) => {
  const bundle = join(bench.directory, "worker.js");
  const exported = classes.map((name) => `export class ${name} {}`);
  await writeFile(bundle, [...exported, "export default { fetch() {} };"].join("\n"));
  bench.synth((stack) => {
    new Worker(stack, "worker", {
      bundle,
      migrations: classes.map((name) => ({ newSqliteClasses: [name] })),
      vars: { GREETING: greeting },
    });
  });
};

interface State {
  serial: number;
  readonly resources: { readonly type: string; instances: unknown[] }[];
}

const readState = async () => JSON.parse(await bench.readState()) as State;
const scriptIn = ({ resources }: State) => {
  const script = resources.find(({ type }) => type === "cloudflare_workers_script");
  if (script === undefined) throw new Error("the state has no script");
  return script;
};

test("A new step of a class's history whose answer was lost is taken as sent by the next changed deploy", async () => {
  // GIVEN an upload with a new step that arrived, and a state that does not know
  await declare(["Room"], "hello");
  await bench.apply();
  const before = scriptIn(await readState()).instances;
  await declare(["Room", "Desk"], "hello");
  await bench.apply();
  const state = await readState();
  scriptIn(state).instances = before;
  await writeFile(bench.stateFile, JSON.stringify({ ...state, serial: state.serial + 1 }));

  // WHEN the same is deployed again, THEN the step is refused and nothing is lost
  const again = await bench.terraform("apply", "-auto-approve", "-no-color");
  expect(again.code).toBe(1);
  expect(again.stderr).toContain("10079");

  // WHEN anything of the script changes, THEN the tag is read anew
  await declare(["Room", "Desk"], "good morning");
  await bench.apply();
  expect((await bench.plan()).changes.map(({ address }) => address)).toEqual([]);
}, 240_000);
