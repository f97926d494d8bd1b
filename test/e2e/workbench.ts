import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { App, TerraformStack } from "cdktf";
import { commandEnvironment, type ProviderMode } from "../../emulator/environment.js";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../emulator/index.js";
import { Cloudflare } from "../../lib/index.js";
import { watchSecret } from "../secrets/canary.js";
import { expectNoCanaryIn } from "../secrets/scan-for-canaries.js";
import { removeFolder, temporaryFolder } from "../secrets/temporary-folder.js";

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The part of `terraform show -json <plan>` that tests look at. */
export interface ResourceChange {
  readonly address: string;
  readonly type: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: Record<string, unknown> | null;
    readonly after: Record<string, unknown> | null;
  };
}

/**
 * Which providers Terraform uses in these tests. `TEST_PROVIDERS=installed` runs them with the real
 * ones, which a registry or a mirror must have; `TEST_PROVIDERS=restful` only with the real restful.
 */
const providers: ProviderMode =
  process.env.TEST_PROVIDERS === "installed" ? "installed" : "embedded";

/** The caller's environment without a CLI configuration that is not there: Terraform warns of it each time. */
export function cleanEnvironment(): Record<string, string | undefined> {
  const env: Record<string, string | undefined> = { ...process.env };
  if (env.TF_CLI_CONFIG_FILE && !existsSync(env.TF_CLI_CONFIG_FILE)) delete env.TF_CLI_CONFIG_FILE;
  return env;
}

function withoutRestful({ TF_REATTACH_PROVIDERS = "{}" }: Record<string, string | undefined>) {
  const entries = Object.entries(JSON.parse(TF_REATTACH_PROVIDERS) as Record<string, unknown>);
  return JSON.stringify(Object.fromEntries(entries.filter(([name]) => !/restful$/.test(name))));
}

/** An emulator, a folder, and the real Terraform between them. */
export class Workbench {
  readonly directory: string;
  /** Further variables, such as `TF_VAR_…`. */
  readonly variables: Record<string, string> = {};

  readonly #options: EmulatorOptions;
  /** Everything Terraform printed. */
  readonly #said: string[] = [];
  /** What the emulator said. */
  readonly #lines: string[];
  #emulator: Emulator;

  private constructor(
    emulator: Emulator,
    directory: string,
    options: EmulatorOptions,
    lines: string[],
  ) {
    this.#emulator = emulator;
    this.directory = directory;
    this.#options = options;
    this.#lines = lines;
  }

  get emulator(): Emulator {
    return this.#emulator;
  }

  static async start(options: EmulatorOptions = {}): Promise<Workbench> {
    const directory = temporaryFolder("ai-gateway-e2e-");
    const lines: string[] = [];
    const log = (line: string) => {
      lines.push(line);
      options.log?.(line);
    };
    const all = { latencyMs: 0, stateDirectory: join(directory, "emulator"), ...options, log };
    const emulator = await startEmulator(all);
    watchSecret("the emulator's API token", emulator.apiToken);
    return new Workbench(emulator, directory, all, lines);
  }

  /**
   * Ends the emulator and starts another over the same account, at the same address.
   * @param between what happens to the account's folder meanwhile
   */
  async restart(between = async (): Promise<void> => undefined): Promise<void> {
    const { port } = new URL(this.#emulator.apiUrl);
    await this.#emulator.close();
    await between();
    this.#emulator = await startEmulator({ ...this.#options, port: Number(port) });
  }

  get stackDirectory(): string {
    return join(this.directory, "cdktf.out", "stacks", "test");
  }

  get stateFile(): string {
    return join(this.directory, "terraform.test.tfstate");
  }

  /** Synthesizes a stack named "test", as `cdktf synth` would. */
  synth(build: (stack: TerraformStack) => void): void {
    const app = new App({ outdir: join(this.directory, "cdktf.out") });
    const stack = new TerraformStack(app, "test");
    new Cloudflare(stack, "cloudflare", {
      accountId: this.emulator.accountId,
      baseUrl: this.emulator.apiUrl,
      aiGatewayBaseUrl: this.emulator.aiGatewayUrl,
    });
    stack.addOverride("terraform.backend.local.path", this.stateFile);
    build(stack);
    app.synth();
  }

  environment(): Record<string, string | undefined> {
    const env = commandEnvironment(cleanEnvironment(), this.emulator, providers);
    delete env.TF_WORKSPACE;
    if (process.env.TEST_PROVIDERS === "restful") env.TF_REATTACH_PROVIDERS = withoutRestful(env);
    return { ...env, ...this.variables, TF_INPUT: "0", TF_IN_AUTOMATION: "1" };
  }

  async terraform(...args: string[]): Promise<CommandResult> {
    const result = await run("terraform", args, this.stackDirectory, this.environment());
    this.#said.push(result.stdout, result.stderr);
    return result;
  }

  /** init and apply; the whole output is in the failure. */
  async apply(...args: string[]): Promise<CommandResult> {
    await this.#must("init", "-no-color");
    return this.#must("apply", "-auto-approve", "-no-color", ...args);
  }

  /** What a plan would change; data sources and untouched resources left out. */
  async plan(): Promise<{ readonly changes: ResourceChange[]; readonly text: string }> {
    await this.#must("init", "-no-color");
    const file = join(this.directory, "plan");
    const planned = await this.terraform("plan", "-no-color", "-detailed-exitcode", `-out=${file}`);
    if (planned.code === 1) throw new Error(`terraform plan failed:\n${planned.stderr}`);
    const shown = await this.#must("show", "-json", file);
    const { resource_changes = [] } = JSON.parse(shown.stdout) as {
      resource_changes?: ResourceChange[];
    };
    const changes = resource_changes.filter(
      ({ change }) => !["no-op", "read"].includes(change.actions.join()),
    );
    return { changes, text: planned.stdout };
  }

  async output(name: string): Promise<string> {
    return JSON.parse((await this.#must("output", "-json", name)).stdout) as string;
  }

  readState(): Promise<string> {
    return readFile(this.stateFile, "utf8");
  }

  /** A call to the REST API, as somebody with the account's token makes it. */
  async api(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: Envelope }> {
    const response = await fetch(
      `${this.emulator.apiUrl}/accounts/${this.emulator.accountId}${path}`,
      {
        method,
        headers: {
          authorization: `Bearer ${this.emulator.apiToken}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
    );
    const answer = await response.text();
    if (!response.ok) expectNoCanaryIn("an error of the API", answer);
    return { status: response.status, body: JSON.parse(answer) as Envelope };
  }

  /** @throws where a secret is readable in what it leaves: synth's output, plans, states, the emulator's folder */
  async close(): Promise<void> {
    await this.emulator.close();
    await removeFolder(this.directory, {
      texts: {
        "what Terraform printed": this.#said.join("\n"),
        "the emulator's log": this.#lines.join("\n"),
      },
    });
  }

  async #must(...args: string[]): Promise<CommandResult> {
    const result = await this.terraform(...args);
    if (result.code !== 0) {
      throw new Error(`terraform ${args.join(" ")} failed:\n${result.stdout}\n${result.stderr}`);
    }
    return result;
  }
}

export interface Envelope {
  readonly success: boolean;
  readonly result: unknown;
  readonly errors: readonly { readonly code: number; readonly message: string }[];
}

export function run(
  file: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
  timeout = 120_000,
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = execFile(
      file,
      args,
      { cwd, env, maxBuffer: 64 * 1024 * 1024, timeout, killSignal: "SIGKILL" },
      (error, stdout, stderr) => {
        const code = typeof error?.code === "number" ? error.code : error ? 1 : 0;
        resolve({ code, stdout, stderr: error && !stderr ? `${stderr}${error.message}` : stderr });
      },
    );
    child.stdin?.end();
  });
}
