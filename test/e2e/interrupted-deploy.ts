import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RecordedCall } from "../../emulator/index.js";
import { foreignAccount, lookAtAccount, secretsInUse, wholeAccount } from "./whole-account.js";
import { declareWhole, startWholeBench, type Variant } from "./whole-stack.js";
import type { CommandResult, Workbench } from "./workbench.js";

/** A deploy of everything, from nothing, from other settings, or to nothing. */
export interface Deploy {
  readonly command: "apply" | "destroy";
  readonly from: Variant | undefined;
  readonly to: Variant;
}

export const deploys = {
  "a first deploy": { command: "apply", from: undefined, to: "first" },
  "a deploy that changes every setting": { command: "apply", from: "first", to: "changed" },
  "a destroy": { command: "destroy", from: "first", to: "first" },
} as const satisfies Record<string, Deploy>;

/** One deploy that is begun again and again from where it began, each time to be disturbed elsewhere. */
export class InterruptedDeploy {
  static async prepare(deploy: Deploy): Promise<InterruptedDeploy> {
    const prepared = new InterruptedDeploy(await startWholeBench(), deploy);
    const { bench } = prepared;
    try {
      await declareWhole(bench, deploy.from ?? deploy.to);
      const initialized = await bench.terraform("init", "-no-color");
      if (initialized.code !== 0) throw new Error(initialized.stderr);
      if (deploy.from !== undefined) await bench.apply();
      await bench.restart(() => prepared.#keep());
      await declareWhole(bench, deploy.to);
      return prepared;
    } catch (error) {
      await bench.close();
      throw error;
    }
  }

  readonly bench: Workbench;
  readonly #deploy: Deploy;

  private constructor(bench: Workbench, deploy: Deploy) {
    this.bench = bench;
    this.#deploy = deploy;
  }

  get #account(): string {
    return join(this.bench.directory, "emulator");
  }

  get #kept(): string {
    return join(this.bench.directory, "kept");
  }

  async #keep(): Promise<void> {
    await cp(this.#account, join(this.#kept, "emulator"), { recursive: true });
    const state = await this.bench.readState().catch(() => undefined);
    if (state === undefined) return;
    // As if what is there were of last week: a claim does not count any more.
    const aged = state.replace(/("at": ")\d{4}-\d\d-\d\d/g, "$12020-01-01");
    await writeFile(join(this.#kept, "state"), aged);
  }

  /** Account and state as they were before the deploy. */
  async begin(): Promise<void> {
    await this.bench.restart(async () => {
      await rm(this.#account, { recursive: true });
      await cp(join(this.#kept, "emulator"), this.#account, { recursive: true });
      await rm(this.bench.stateFile, { force: true });
      const state = await readFile(join(this.#kept, "state"), "utf8").catch(() => undefined);
      if (state !== undefined) await writeFile(this.bench.stateFile, state);
    });
  }

  run(): Promise<CommandResult> {
    return this.bench.terraform(this.#deploy.command, "-auto-approve", "-no-color");
  }

  /** The calls of the deploy where nothing disturbs it. */
  async calls(): Promise<readonly RecordedCall[]> {
    await this.begin();
    this.bench.emulator.faults.record();
    await this.finish();
    const calls = [...this.bench.emulator.faults.calls];
    const wrong = await this.problems();
    if (wrong.length > 0) throw new Error(wrong.join("\n"));
    return calls;
  }

  /** Runs it to its end. */
  async finish(): Promise<void> {
    const { code, stderr } = await this.run();
    if (code !== 0) throw new Error(`the next ${this.#deploy.command} failed:\n${stderr}`);
  }

  /** What is not as it is to be after the deploy: objects missing, there twice or changed, secrets, a plan. */
  async problems(): Promise<readonly string[]> {
    const { command, to } = this.#deploy;
    const expected = command === "destroy" ? foreignAccount() : wholeAccount(to);
    const found = await lookAtAccount(this.bench);
    const wrong = Object.keys(expected)
      .filter((name) => JSON.stringify(found[name]) !== JSON.stringify(expected[name]))
      .map((name) => `${name}: ${JSON.stringify(found[name])}`);
    if (command === "destroy") {
      const { stdout } = await this.bench.terraform("state", "list");
      return stdout === "" ? wrong : [...wrong, `still in the state: ${stdout}`];
    }
    wrong.push(...(await secretsInUse(this.bench, to)));
    const { code, stdout, stderr } = await this.bench.terraform(
      ...["plan", "-no-color", "-detailed-exitcode"],
    );
    return code === 0 ? wrong : [...wrong, `a plan is not empty:\n${stdout}${stderr}`];
  }
}
