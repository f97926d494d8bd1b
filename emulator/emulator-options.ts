import type { Clock } from "./clock.js";
import type { IgnoredSettings } from "./control-plane/ai-gateway/routes.js";
import type { FaultRule } from "./control-plane/faults/fault-rule.js";
import type { Faults } from "./control-plane/faults/faults.js";
import type { UnenforcedMode } from "./data-plane/steps/enforce.js";
import type { EmulatorFacts } from "./environment.js";
import type { UpstreamsConfig } from "./upstreams/create-upstreams.js";

export interface EmulatorOptions {
  /**
   * Port of the API and the gateways, on 127.0.0.1. Workers get the ports above it.
   * @default 0, any free ones
   */
  readonly port?: number;
  /**
   * Takes any free port where `port` is taken, and says so by `log`.
   * @default false, a taken port is an error
   */
  readonly orAnyFreePort?: boolean;
  /**
   * Takes the port of the last run on this state where that is free, and `port` otherwise.
   * @default false
   */
  readonly lastPortFirst?: boolean;
  /**
   * Where the account is kept. Only one emulator may use it at a time.
   * @default a temporary folder that `close` removes
   */
  readonly stateDirectory?: string;
  /** @default the system's */
  readonly clock?: Clock;
  /**
   * Milliseconds a scripted answer takes in all.
   * @default 1000
   */
  readonly latencyMs?: number;
  /** Who answers for a provider. @default workers-ai is scripted, the others are refused */
  readonly upstreams?: UpstreamsConfig;
  /**
   * What happens to requests at a gateway with a setting that would refuse some and is not emulated:
   * guardrails, DLP, spend limits, `byok_only`, policies, a provider's key that is stored and not sent. "pass" lets
   * them through as if it were off, and says so.
   * @default "refuse", with 501
   */
  readonly unenforced?: UnenforcedMode;
  /**
   * Gateway settings that the API takes and drops, as one that does not know them: a test aid.
   * @default none
   */
  readonly ignoredSettings?: IgnoredSettings;
  /**
   * Which calls of the REST API fail, and how. More can be added while the emulator runs.
   * @default none
   */
  readonly faults?: readonly FaultRule[];
  /**
   * Loads the Worker runtime in the background, for an emulator that will get a Worker soon.
   * @default false, the first upload loads it
   */
  readonly warmUp?: boolean;
  /**
   * Lets commands of other processes find this emulator and use it. Not for one that ends with a
   * command of its own: it would end under theirs.
   * @default true
   */
  readonly announce?: boolean;
  /** Takes what Workers print and what a person should know. @default nobody */
  readonly log?: (line: string) => void;
}

/** A running emulator. */
export interface Emulator extends EmulatorFacts {
  /** Request logs: a folder per gateway. */
  readonly logDirectory: string;
  /** The faults of the REST API by rule, and the record of its calls. */
  readonly faults: Faults;
  /** The crons that Workers have now. */
  crons(): readonly { readonly scriptName: string; readonly cron: string }[];
  /** Stops everything. What the API has acknowledged is on disk. */
  close(): Promise<void>;
}
