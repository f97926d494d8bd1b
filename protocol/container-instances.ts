/** What an instance of a container has. */
export interface InstanceSize {
  readonly vcpu: number;
  readonly memoryMib: number;
  /** Millions of bytes. */
  readonly diskMb: number;
}

/**
 * Cloudflare's predefined instance types. The API takes the names and answers with the sizes.
 * @see https://developers.cloudflare.com/containers/platform-details/limits/
 */
export const instanceTypes = {
  lite: { vcpu: 0.0625, memoryMib: 256, diskMb: 2_000 },
  basic: { vcpu: 0.25, memoryMib: 1_024, diskMb: 4_000 },
  "standard-1": { vcpu: 0.5, memoryMib: 4_096, diskMb: 8_000 },
  "standard-2": { vcpu: 1, memoryMib: 6_144, diskMb: 12_000 },
  "standard-3": { vcpu: 2, memoryMib: 8_192, diskMb: 16_000 },
  "standard-4": { vcpu: 4, memoryMib: 12_288, diskMb: 20_000 },
} as const satisfies Readonly<Record<string, InstanceSize>>;

export type InstanceType = keyof typeof instanceTypes;

/** What an application has when nothing is said. */
export const DEFAULT_INSTANCE_TYPE: InstanceType = "lite";

/** Bounds of sizes given one by one. */
export const customInstanceLimits = {
  minVcpu: 1,
  maxVcpu: 4,
  maxMemoryMib: 12_288,
  maxDiskMb: 20_000,
  minMemoryMibPerVcpu: 3_072,
  maxDiskMbPerMemoryGib: 2_000,
} as const;
