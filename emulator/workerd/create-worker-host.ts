import { resolve } from "node:path";
import type { RestartableWorkerHost, WorkerHostOptions } from "./worker-host-options.js";
import { WorkerdHost } from "./workerd-host.js";

/**
 * Runs uploaded Workers in workerd with the genuine `AI` binding.
 *
 * workerd starts with the first deploy. A new version is started beside the one that runs and takes
 * over when it answers, so a script that does not start changes nothing, no request meets a gap, and
 * what is under way is finished by the version that began it.
 *
 * That holds as long as no binding keeps state inside workerd; a Durable Object would then exist
 * twice. With such bindings one workerd at a time has the storage: a new version is first tried on
 * storage of its own, then requests wait while it takes the place of the old one.
 *
 * @example
 * ```ts
 * const host = createWorkerHost({
 *   binding: { address: "127.0.0.1:8788", token: randomUUID() },
 *   directory: ".emulator/workerd",
 *   ports: new Map(),
 *   log: console.error,
 *   clock: systemClock,
 * });
 * await host.deploy(script);
 * host.setPublic(script.accountId, script.name, true);
 * await fetch(await host.url(script.accountId, script.name));
 * ```
 */
export function createWorkerHost(options: WorkerHostOptions): RestartableWorkerHost {
  return new WorkerdHost({
    ...options,
    directory: resolve(options.directory, "runtime"),
    storageDirectory: resolve(options.directory, "storage"),
  });
}
