import { type ScriptKey, scriptNameOf } from "../script-key.js";
import type { WorkerFront } from "./worker-front.js";

/** Remembers the port of every Worker, so that its URL is the same after a restart. */
export interface PortStore {
  get(key: ScriptKey): number | undefined;
  /** Waited for when it is a promise. */
  set(key: ScriptKey, port: number): unknown;
}

/** Ports tried after a taken one. */
const ATTEMPTS = 200;

/**
 * Opens a front on its port of old or, when it has none, from `firstPort` on.
 *
 * A taken port gives way to the next free one, with a line in the log: the URL has changed then.
 */
export async function listenOnStablePort(
  front: WorkerFront,
  key: ScriptKey,
  options: {
    readonly ports: PortStore;
    readonly firstPort: number | undefined;
    log(line: string): void;
  },
): Promise<number> {
  const stored = options.ports.get(key);
  const wanted = stored ?? options.firstPort ?? 0;
  const port = await listenFrom(front, wanted);
  if (stored !== undefined && port !== stored) {
    options.log(
      `Port ${stored} of Worker "${scriptNameOf(key)}" is taken by another program; the Worker is at http://127.0.0.1:${port} from now on.`,
    );
  }
  if (port !== stored) await options.ports.set(key, port);
  return port;
}

async function listenFrom(front: WorkerFront, first: number): Promise<number> {
  for (let port = first; port < first + ATTEMPTS && port <= 65_535; port += 1) {
    try {
      return await front.listen(port);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "EADDRINUSE" && code !== "EACCES") throw error;
    }
  }
  return await front.listen(0);
}
