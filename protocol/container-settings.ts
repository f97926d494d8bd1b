/** Name of the binding that carries a container's declared settings into its class. */
export const CONTAINER_SETTINGS_BINDING = "CONTAINER_SETTINGS";

/** What the stack declares and the class follows; in the words of `@cloudflare/containers`. */
export interface ContainerSettings {
  /** The port requests go to. */
  readonly defaultPort?: number;
  /** Ports that must answer before the container counts as started. */
  readonly requiredPorts?: readonly number[];
  /** Idle time after which the container is stopped, such as `"10m"`. */
  readonly sleepAfter?: string;
  readonly envVars?: Readonly<Record<string, string>>;
}
