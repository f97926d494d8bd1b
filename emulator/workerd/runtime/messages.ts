import type { ScriptKey } from "../script-key.js";
import type { UploadedScript } from "../uploaded-script.js";

/** What the runtime process is told once, before anything else. */
export interface RuntimeSettings {
  /** `host:port` where the `AI` binding's inner protocol is answered. */
  readonly bindingAddress: string;
  /** Proves to that listener that a call comes from this runtime. */
  readonly bindingToken: string;
  /** Everything the runtime writes goes below this folder. */
  readonly directory: string;
  /** What bindings store stays below this folder over every start. */
  readonly storageDirectory: string;
  /** Address of the container engine, such as `unix:///var/run/docker.sock`. */
  readonly containerEngine?: string;
  /** Longest time a generation may take to start. Unit: milliseconds. */
  readonly startTimeoutMs: number;
}

/** From the emulator to the runtime process. */
export type RuntimeRequest =
  | { readonly type: "configure"; readonly settings: RuntimeSettings }
  | {
      readonly type: "start";
      readonly generation: number;
      readonly scripts: readonly UploadedScript[];
      /**
       * "lasting" is the one storage of the emulator, which only one generation at a time may
       * have; "temporary" is empty at the start and gone at the end; a "trial" is that, and
       * what it prints is thrown away.
       */
      readonly storage: StorageKind;
    }
  | {
      readonly type: "scheduled";
      readonly call: number;
      readonly generation: number;
      readonly key: ScriptKey;
      readonly cron: string;
      /** Milliseconds since 1970. */
      readonly scheduledTime: number;
    }
  | { readonly type: "stop"; readonly generation: number };

export type StorageKind = "lasting" | "temporary" | "trial";

export type ScheduledOutcome = "ok" | "failed" | "no-handler";

/** How the start of a generation ended. */
export type StartReport =
  | {
      readonly type: "started";
      readonly generation: number;
      /** Loopback port of each script. */
      readonly ports: ReadonlyMap<ScriptKey, number>;
    }
  | {
      /** A script cannot run. */
      readonly type: "refused";
      readonly generation: number;
      /** Absent when workerd did not say which script it was. */
      readonly key?: ScriptKey;
      readonly reason: string;
    }
  | {
      /** The runtime itself cannot run, whatever the scripts. */
      readonly type: "failed";
      readonly generation: number;
      readonly reason: string;
    };

export interface RuntimeLogLine {
  /** Absent when workerd did not say which script wrote it. */
  readonly key?: ScriptKey;
  readonly level: string;
  readonly text: string;
}

/** From the runtime process to the emulator. */
export type RuntimeReport =
  | StartReport
  | { readonly type: "stopped"; readonly generation: number }
  /** workerd ended although nobody asked it to. */
  | { readonly type: "died"; readonly generation: number }
  | { readonly type: "scheduled"; readonly call: number; readonly outcome: ScheduledOutcome }
  | { readonly type: "log"; readonly line: RuntimeLogLine };
