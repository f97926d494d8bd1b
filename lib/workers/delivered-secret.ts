import type { SecretText } from "../secret-text.js";
import type { Worker } from "./worker.js";

/** A secret that gets to a Worker on its own way, such as an `AiGatewayToken`: nobody else has its value. */
export interface IDeliveredSecret {
  /** Gives a Worker the value as a secret, `env.NAME`. */
  deliverTo(worker: Worker, name: string): void;
}

/** The value of a Worker's secret. */
export type WorkerSecretValue = SecretText | IDeliveredSecret;

export const isDelivered = (value: unknown): value is IDeliveredSecret =>
  typeof value === "object" && value !== null && "deliverTo" in value;
