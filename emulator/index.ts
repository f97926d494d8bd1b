export { type Clock, ManualClock, systemClock } from "./clock.js";
export type { IgnoredSettings } from "./control-plane/ai-gateway/routes.js";
export type { FaultRule } from "./control-plane/faults/fault-rule.js";
export type {
  FaultCount,
  Faults,
  RecordedCall,
  StrikeListener,
} from "./control-plane/faults/faults.js";
export type { UnenforcedMode } from "./data-plane/steps/enforce.js";
export { startEmulator } from "./emulator.js";
export { EmulatorError } from "./emulator-error.js";
export type { Emulator, EmulatorOptions } from "./emulator-options.js";
export { type EmulatorFacts, type ProviderMode, renderEnvironment } from "./environment.js";
export type {
  ServerConfig,
  UpstreamsConfig,
  WorkersAiServerConfig,
} from "./upstreams/create-upstreams.js";
