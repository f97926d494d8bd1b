import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe } from "@jest/globals";
import { removeFolder, temporaryFolder } from "../../secrets/temporary-folder.js";

const found = spawnSync("terraform", ["version"], { encoding: "utf8" }).status === 0;
if (!found && process.env.CI === "true") throw new Error("terraform is not on PATH");
if (!found) console.warn("SKIPPED: terraform is not on PATH, so no test of the providers runs.");

/** A suite that needs the terraform binary: skipped aloud without it, a failure in CI. */
export const describeWithTerraform = found ? describe : describe.skip;

export interface Run {
  readonly code: number | null;
  readonly output: string;
}

/** A folder with a configuration, and the real terraform run in it. */
export class TerraformFolder {
  readonly path = temporaryFolder("tf-");
  readonly #reattach: string | undefined;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #written = new Set<string>();
  readonly #said: string[] = [];
  variables: Record<string, string> = {};

  /**
   * @param reattach where the providers are; undefined for those that are installed
   * @param environment what Terraform always finds in its own
   */
  constructor(reattach: string | undefined, environment: Readonly<Record<string, string>> = {}) {
    this.#reattach = reattach;
    this.#environment = environment;
  }

  write(name: string, content: string): void {
    this.#written.add(name);
    writeFileSync(join(this.path, name), content);
  }

  configure(configuration: string): void {
    this.write("main.tf", configuration);
  }

  run(...args: [string, ...string[]]): Promise<Run> {
    return this.finish(this.start(...args));
  }

  apply(...args: string[]): Promise<Run> {
    return this.run("apply", "-auto-approve", ...args);
  }

  /** Code 0: no change; 2: changes; 1: error. */
  plan(...args: string[]): Promise<Run> {
    return this.run("plan", "-detailed-exitcode", ...args);
  }

  start(command: string, ...args: string[]): ChildProcess {
    const { TF_CLI_CONFIG_FILE: mirror, ...environment } = process.env;
    const variables = Object.entries(this.variables).map(([name, value]) => [
      `TF_VAR_${name}`,
      value,
    ]);
    return spawn("terraform", [command, "-no-color", ...args], {
      cwd: this.path,
      env: {
        ...environment,
        ...this.#environment,
        ...Object.fromEntries(variables),
        ...(this.#reattach === undefined
          ? { TF_CLI_CONFIG_FILE: mirror }
          : { TF_REATTACH_PROVIDERS: this.#reattach }),
        TF_INPUT: "0",
        CHECKPOINT_DISABLE: "1",
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  finish(child: ChildProcess): Promise<Run> {
    let output = "";
    child.stdout?.on("data", (chunk) => (output += chunk));
    child.stderr?.on("data", (chunk) => (output += chunk));
    return new Promise((resolve) =>
      child.once("close", (code) => {
        this.#said.push(output);
        resolve({ code, output });
      }),
    );
  }

  file(name: string): string {
    return readFileSync(join(this.path, name), "utf8");
  }

  state(): { resources: { type: string; instances: { attributes: Record<string, unknown> }[] }[] } {
    return JSON.parse(this.file("terraform.tfstate"));
  }

  forgetState(): void {
    rmSync(join(this.path, "terraform.tfstate"));
  }

  /** @throws where a secret is readable in what Terraform left or printed; not in what the test wrote */
  async remove(): Promise<void> {
    await removeFolder(this.path, {
      texts: { "what Terraform printed": this.#said.join("\n") },
      except: [...this.#written],
    });
  }
}
