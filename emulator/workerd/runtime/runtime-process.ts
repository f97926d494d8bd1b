/**
 * The process that runs miniflare and, through it, workerd.
 *
 * It is a process of its own so that loading miniflare and rendering its configuration never stop
 * the gateway from answering, so that its patches, temporary files and signal handlers touch
 * nobody else, and so that workerd ends when the emulator is killed: the channel to the emulator
 * closes, whatever the reason.
 */
import type { RuntimeReport, RuntimeRequest, RuntimeSettings } from "./messages.js";
import type { Runtime } from "./runtime.js";

let settings: RuntimeSettings | undefined;
let runtime: Promise<Runtime> | undefined;

function report(message: RuntimeReport): void {
  if (process.connected) process.send?.(message);
}

async function load(): Promise<Runtime> {
  if (settings === undefined) throw new Error("The runtime was started before it was configured.");
  // Loaded here and not above, so that a missing miniflare becomes an answer.
  const { Runtime } = require("./runtime.js") as typeof import("./runtime.js");
  return Runtime.create(settings, report);
}

async function handle(request: RuntimeRequest): Promise<void> {
  if (request.type === "configure") {
    settings = request.settings;
    runtime = load();
    runtime.catch(() => {});
    return;
  }
  if (request.type === "stop") return await (await runtime)?.stop(request.generation);
  if (request.type === "scheduled") return await (await runtime)?.runScheduled(request);
  try {
    runtime ??= load();
    await (await runtime).start(request.generation, request.scripts, request.storage);
  } catch (error) {
    report({ type: "failed", generation: request.generation, reason: explain(error) });
  }
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") {
    const [, name = "miniflare"] = /Cannot find module '([^']+)'/.exec(error.message) ?? [];
    return `The package "${name}" is not installed. Workers run in workerd, which comes with miniflare: npm install --save-dev miniflare.`;
  }
  return error.message;
}

process.on("message", (request: RuntimeRequest) => void handle(request));
process.once("disconnect", async () => {
  await (await runtime?.catch(() => undefined))?.close();
  process.exit(0);
});
