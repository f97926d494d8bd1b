import type { Clock } from "../clock.js";
import type { PortStore } from "./front/front-ports.js";
import type { UploadedScript, WorkerHost } from "./uploaded-script.js";

export interface WorkerHostOptions {
  /** The listener that answers the `AI` binding's inner protocol. */
  readonly binding: {
    /** `host:port`, on loopback. */
    readonly address: string;
    /** Sent with every call as `cf-local-token`; at least 16 characters, made anew at each start. */
    readonly token: string;
  };
  /** Folder for what workerd runs from; made when needed. Its subfolder `runtime` is emptied at start and end; `storage` keeps what bindings store. */
  readonly directory: string;
  readonly ports: PortStore;
  /**
   * Address of the engine that runs containers, such as `unix:///var/run/docker.sock`.
   * @default the one of a local Docker
   */
  readonly containerEngine?: string;
  /**
   * First port tried for a Worker that has none yet.
   * @default any free port
   */
  readonly firstPort?: number;
  /** Takes what Workers print and what becomes of them; one line, without a line break at its end. */
  log(line: string): void;
  readonly clock: Clock;
  readonly limits?: Partial<WorkerHostLimits>;
}

/** Unit: milliseconds. */
export interface WorkerHostLimits {
  /**
   * Longest time a request waits for a Worker that is starting.
   * @default 15_000
   */
  readonly holdMs: number;
  /**
   * Longest time an old version may go on with what it had begun: streams, WebSockets.
   * @default 30_000
   */
  readonly drainMs: number;
  /**
   * Longest time the code outside of the handlers may take.
   * @default 10_000
   */
  readonly startMs: number;
}

/** A script of an earlier run, to be put up again. */
export interface StoredScript {
  readonly script: UploadedScript;
  /** Whether it answers at its URL. */
  readonly public: boolean;
}

/** Runs uploaded scripts in workerd, with what only the emulator's own start needs. */
export interface RestartableWorkerHost extends WorkerHost {
  /**
   * Puts up the scripts of an earlier run, all at once. Their URLs answer when this has resolved;
   * requests wait until then. A script that cannot run any more is logged and left out.
   */
  start(scripts: readonly StoredScript[]): Promise<void>;
  /** Loads the runtime in the background, so that the first deploy is faster. */
  warmUp(): void;
}

export const defaultWorkerHostLimits: WorkerHostLimits = {
  holdMs: 15_000,
  drainMs: 30_000,
  startMs: 10_000,
};
