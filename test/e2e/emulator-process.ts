import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { watchSecret } from "../secrets/canary.js";
import { cleanEnvironment } from "./workbench.js";

const root = resolve(__dirname, "../..");

/** What a deploy against it needs of what it prints; the last of them ends the waiting. */
const needed = [
  "CLOUDFLARE_BASE_URL",
  "CLOUDFLARE_API_TOKEN",
  "CLOUDFLARE_ACCOUNT_ID",
  "AI_GATEWAY_BASE_URL",
  "TF_WORKSPACE",
  "TF_VAR_cloudflare_api_token",
  "TF_REATTACH_PROVIDERS",
];

/** An emulator in a process of its own, to be killed. */
export class EmulatorProcess {
  /** What it told to export. */
  readonly variables: Readonly<Record<string, string>>;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, variables: Readonly<Record<string, string>>) {
    this.#child = child;
    this.variables = variables;
  }

  /** Starts `npm run emulator` and waits until its API answers. */
  static async start(state: string, port: number): Promise<EmulatorProcess> {
    const program = ["--import", "tsx", resolve(root, "emulator/cli/main.ts")];
    const child = spawn(process.execPath, [...program, "--port", String(port), "--state", state], {
      cwd: root,
      env: cleanEnvironment() as NodeJS.ProcessEnv,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const said: string[] = [];
    child.stderr?.on("data", (text) => said.push(String(text)));
    const variables: Record<string, string> = {};
    try {
      for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
        const [, name, value] = /^export (\w+)='?([^']*)'?$/.exec(line) ?? [];
        if (name !== undefined && value !== undefined) variables[name] = value;
        if (needed.every((name) => name in variables)) break;
      }
      child.stdout?.resume();
      watchSecret("the emulator's API token", variables.CLOUDFLARE_API_TOKEN ?? "");
      const emulator = new EmulatorProcess(child, variables);
      if (!needed.every((name) => name in variables)) throw new Error("it ended");
      return emulator;
    } catch (error) {
      child.kill("SIGKILL");
      throw new Error(`The emulator does not start (${error}):\n${said.join("")}`);
    }
  }

  /** A call to the REST API below the account. */
  async api(method: string, path: string, body?: string | FormData): Promise<Response> {
    const { CLOUDFLARE_BASE_URL, CLOUDFLARE_API_TOKEN, CLOUDFLARE_ACCOUNT_ID } = this.variables;
    return fetch(`${CLOUDFLARE_BASE_URL}/accounts/${CLOUDFLARE_ACCOUNT_ID}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${CLOUDFLARE_API_TOKEN}`,
        ...(typeof body === "string" ? { "content-type": "application/json" } : {}),
      },
      ...(body === undefined ? {} : { body }),
    });
  }

  /** Uploads one module, as a provider does, and gives it an address. */
  async upload(name: string, code: string, metadata: object): Promise<Response> {
    const form = new FormData();
    const facts = { main_module: "worker.js", compatibility_date: "2026-04-01", ...metadata };
    form.set("metadata", new Blob([JSON.stringify(facts)], { type: "application/json" }));
    const type = "application/javascript+module";
    form.set("worker.js", new Blob([code], { type }), "worker.js");
    return this.api("PUT", `/workers/scripts/${name}`, form);
  }

  /** Where a Worker answers. */
  async publish(name: string): Promise<string> {
    await this.api("POST", `/workers/scripts/${name}/subdomain`, '{"enabled":true}');
    return this.url(name);
  }

  async url(name: string): Promise<string> {
    const answer = await this.api("GET", `/emulator/workers/${name}`);
    return ((await answer.json()) as { result: { url: string } }).result.url;
  }

  /** Ends it without warning, as a power cut would, and waits until it is gone. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await ended;
  }
}

/** A port nobody listens on, to come back to after a restart. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Asks until the answer is there: a server that comes back is refused for a moment. */
export async function eventually<T>(ask: () => Promise<T>, within = 20_000): Promise<T> {
  const limit = Date.now() + within;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > limit) throw error;
      await sleep(50);
    }
  }
}
