import { z } from "zod";
import {
  customInstanceLimits,
  DEFAULT_INSTANCE_TYPE,
  type InstanceType,
  instanceTypes,
} from "../../../protocol/container-instances.js";
import { ApiError } from "../api-error.js";
import { parse } from "../parse.js";

const name = z.string().min(1);
const instanceTypeNames = Object.keys(instanceTypes) as [InstanceType, ...InstanceType[]];

const configuration = z.looseObject({
  image: z
    .string()
    .regex(
      /^[^\s/:]+(?::\d+)?(?:\/[^\s/:@]+)*(?::[\w][\w.-]*|@sha256:[0-9a-f]{64})$/,
      "must be an image reference with a tag or a digest",
    ),
  instance_type: z.enum(instanceTypeNames).optional(),
  vcpu: z.number().optional(),
  memory_mib: z.int().optional(),
  disk: z.looseObject({ size_mb: z.int() }).optional(),
});

/** Kept and read back as they were sent. */
const echoed = {
  scheduling_policy: z
    .literal("default", 'must be "default"; no other policy is emulated')
    .optional(),
  instances: z.int().min(0).optional(),
  max_instances: z.int().min(1).optional(),
  constraints: z.record(z.string(), z.json()).optional(),
  affinities: z.record(z.string(), z.json()).optional(),
  rollout_active_grace_period: z.int().min(0).optional(),
};

const application = z.strictObject({
  name,
  durable_objects: z.strictObject({ namespace_id: name }),
  configuration,
  ...echoed,
});

// As the real one, a change may repeat what cannot change.
const change = application.partial();

const rollout = z.looseObject({
  description: z.string().optional(),
  strategy: z.literal("rolling").default("rolling"),
  kind: z.enum(["full_auto", "full_manual", "durable_objects_auto"]).default("full_auto"),
  step_percentage: z.number().optional(),
  target_configuration: configuration,
});

const image = z.strictObject({
  /** Whose it is: one row a container. */
  name,
  image: name,
  directory: name,
  fingerprint: z.string(),
});

export type NewApplication = z.output<typeof application>;
export type ApplicationChange = z.output<typeof change>;
export type Configuration = z.output<typeof configuration>;

export const parseApplication = (json: unknown): NewApplication =>
  parse(application, json, "containerInvalid");
export const parseApplicationChange = (json: unknown): ApplicationChange =>
  parse(change, json, "containerInvalid");
export const parseRollout = (json: unknown) => parse(rollout, json, "containerInvalid");
export const parseImage = (json: unknown) => parse(image, json, "containerInvalid");

/**
 * A configuration as the API answers it: sizes in place of the instance type's name.
 * @throws {ApiError} 400 for sizes no instance has
 */
export function withSizes({ instance_type: type, ...rest }: Configuration): Configuration {
  const given = rest.vcpu !== undefined || rest.memory_mib !== undefined || rest.disk !== undefined;
  if (given && type !== undefined) {
    throw invalid("configuration: instance_type and sizes exclude each other.");
  }
  if (!given) {
    const { vcpu, memoryMib, diskMb } = instanceTypes[type ?? DEFAULT_INSTANCE_TYPE];
    return { ...rest, vcpu, memory_mib: memoryMib, disk: { size_mb: diskMb } };
  }
  const { vcpu = 0, memory_mib: memory = 0, disk = { size_mb: 0 } } = rest;
  const predefined = Object.values(instanceTypes).some(
    (size) => size.vcpu === vcpu && size.memoryMib === memory && size.diskMb === disk.size_mb,
  );
  const limits = customInstanceLimits;
  const fits =
    vcpu >= limits.minVcpu &&
    vcpu <= limits.maxVcpu &&
    memory >= vcpu * limits.minMemoryMibPerVcpu &&
    memory <= limits.maxMemoryMib &&
    disk.size_mb > 0 &&
    disk.size_mb <= Math.min(limits.maxDiskMb, (memory / 1_024) * limits.maxDiskMbPerMemoryGib);
  if (predefined || fits) return rest;
  throw invalid(
    "configuration: sizes are vcpu 1 to 4, memory_mib at least 3072 per vcpu and at most 12288, disk.size_mb at most 2000 per GiB of memory and at most 20000; or those of an instance type.",
  );
}

const invalid = (message: string): ApiError => ApiError.of(400, "containerInvalid", message);
