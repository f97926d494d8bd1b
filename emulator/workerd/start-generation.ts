import { EmulatorError } from "../emulator-error.js";
import { LiveGeneration } from "./live-generation.js";
import type { RuntimeLogLine, StorageKind } from "./runtime/messages.js";
import { RuntimeClient } from "./runtime/runtime-client.js";
import type { ScriptKey } from "./script-key.js";
import type { StartFailure } from "./start-failure.js";
import { ScriptRefusedError, type UploadedScript } from "./uploaded-script.js";

export interface RuntimeClientSettings {
  readonly binding: { readonly address: string; readonly token: string };
  readonly directory: string;
  readonly storageDirectory: string;
  readonly containerEngine?: string;
  /** Unit: milliseconds. */
  readonly limits: { readonly startMs: number };
}

export function createRuntimeClient(
  { binding, directory, storageDirectory, containerEngine, limits }: RuntimeClientSettings,
  listeners: { onLog(line: RuntimeLogLine): void; onDeath(generation: number): void },
): RuntimeClient {
  return new RuntimeClient({
    settings: {
      bindingAddress: binding.address,
      bindingToken: binding.token,
      directory,
      storageDirectory,
      ...(containerEngine === undefined ? {} : { containerEngine }),
      startTimeoutMs: limits.startMs,
    },
    ...listeners,
  });
}

/** Starts one workerd with these scripts, and says in words for their authors why it does not. */
export async function startGeneration(
  runtime: RuntimeClient,
  number: number,
  scripts: ReadonlyMap<ScriptKey, UploadedScript>,
  storage: StorageKind,
): Promise<LiveGeneration | StartFailure> {
  const report = await runtime.start(number, [...scripts.values()], storage);
  if (report.type === "started") {
    return new LiveGeneration(report.generation, report.ports, storage === "lasting");
  }
  if (report.type === "failed") {
    return { error: new EmulatorError(`workerd cannot be started: ${report.reason}`) };
  }
  const error = new ScriptRefusedError(report.reason);
  return report.key === undefined ? { error } : { key: report.key, error };
}
