import { join } from "node:path";
import { expect } from "@jest/globals";
import { TerraformVariable } from "cdktf";
import fc from "fast-check";
import { type CommandResult, Workbench } from "../e2e/workbench.js";
import { canary } from "../secrets/canary.js";
import type { Declare, PropSet } from "./judge.js";
import { Placeholder, realize, secretNames } from "./placeholders.js";

/** Prop sets a stack can hold together: no name is there twice. */
export function inBatches(
  sets: readonly PropSet[],
  size: number,
  nameOf: (set: PropSet) => unknown,
): readonly (readonly PropSet[])[] {
  const batches: { readonly sets: PropSet[]; readonly names: Set<string> }[] = [];
  for (const set of sets) {
    const name = nameOf(set);
    const key =
      name === undefined
        ? undefined
        : name instanceof Placeholder
          ? name.toJSON().replace(/^\w+/, "")
          : `(${JSON.stringify(name)})`;
    let batch = batches.find(
      (one) => one.sets.length < size && (key === undefined || !one.names.has(key)),
    );
    if (batch === undefined) {
      batch = { sets: [], names: new Set() };
      batches.push(batch);
    }
    batch.sets.push(set);
    if (key !== undefined) batch.names.add(key);
  }
  return batches.map((batch) => batch.sets);
}

/**
 * Plans a stack with all of them, with the real Terraform: nothing but creations, and not a word of warning. Where it
 * is applied, too, nothing is left to do afterwards.
 */
export async function planBatch(
  declare: Declare,
  sets: readonly PropSet[],
  { apply }: { readonly apply: boolean },
): Promise<void> {
  const bench = await Workbench.start();
  try {
    // Terraform collects its garbage less often: a quarter less processor time.
    bench.variables.GOGC = "400";
    for (const name of secretNames) bench.variables[`TF_VAR_${name}`] = canary(name);
    bench.synth((stack) => {
      for (const [index, set] of sets.entries()) {
        declare(stack, `subject-${index}`, realize(stack, set, `part-${index}`) as never);
      }
      for (const name of secretNames) {
        if (stack.node.tryFindChild(name) instanceof TerraformVariable) continue;
        delete bench.variables[`TF_VAR_${name}`];
      }
    });
    const init = await bench.terraform("init", "-no-color");
    const file = join(bench.directory, "plan");
    const planned = await bench.terraform(
      "plan",
      "-no-color",
      "-detailed-exitcode",
      `-out=${file}`,
    );
    const said = init.stderr + complaints(planned);
    if (planned.code !== 2 || said !== "") throw failure("plan", said, sets);
    const [, added, changed, destroyed] =
      /Plan: (\d+) to add, (\d+) to change, (\d+) to destroy/.exec(planned.stdout) ?? [];
    expect(Number(added)).toBeGreaterThanOrEqual(sets.length);
    expect([changed, destroyed]).toEqual(["0", "0"]);
    if (!apply) return;
    const applied = await bench.terraform("apply", "-no-color", "-auto-approve");
    const complaint = complaints(applied);
    if (applied.code !== 0 || complaint !== "") throw failure("apply", complaint, sets);
    const again = await bench.terraform("plan", "-no-color", "-detailed-exitcode");
    if (again.code !== 0) throw failure("second plan", again.stdout + again.stderr, sets);
  } finally {
    await bench.close();
  }
}

/** What Terraform complains of; a plan with changes ends with 2, which the caller is told of like an error. */
export const complaints = ({ stdout, stderr }: CommandResult): string =>
  stderr.replace(/^Command failed: [^\n]*\s*$/, "") +
  (/^.*Warning: [\s\S]*$/m.exec(stdout)?.[0] ?? "");

/** The failure with the sets it is about: Terraform's message names the construct's number. */
function failure(what: string, said: string, sets: readonly PropSet[]): Error {
  const named = new Set([...said.matchAll(/subject-(\d+)/g)].map(([, index]) => Number(index)));
  const shown = [...named]
    .slice(0, 3)
    .map((index) => `subject-${index}: ${fc.stringify(sets[index])}`);
  return new Error(`terraform ${what}:\n${said.slice(0, 6_000)}\n${shown.join("\n")}`);
}
