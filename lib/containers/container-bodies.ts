import {
  DEFAULT_INSTANCE_TYPE,
  type InstanceSize,
  instanceTypes,
} from "../../protocol/container-instances.js";
import {
  CONTAINER_SETTINGS_BINDING,
  type ContainerSettings,
} from "../../protocol/container-settings.js";
import { escapeTemplate } from "../terraform-text.js";
import { DEFAULT_COMPATIBILITY_DATE } from "../workers/worker-props.js";
import type { ContainerProps } from "./container-props.js";

/** Name of the one module of the Worker in front of the containers. */
export const CONTAINER_MODULE = "container.js";

/** How many containers there may be at once when nothing is said. */
const DEFAULT_MAX_INSTANCES = 20;

/** What Cloudflare calls the limit of a rollout's step, in percent: here all at once. */
const ALL = 100;

/** A version of the Worker, without its code. The same body may be sent again. */
export function renderVersionBody(props: ContainerProps, sha256: string): object {
  const { className, renamedFrom = [] } = props;
  return {
    main_module: CONTAINER_MODULE,
    compatibility_date: props.compatibilityDate ?? DEFAULT_COMPATIBILITY_DATE,
    compatibility_flags: [...new Set(props.compatibilityFlags)].sort(),
    bindings: [{ type: "json", name: CONTAINER_SETTINGS_BINDING, json: renderSettings(props) }],
    exports: Object.fromEntries([
      ...renamedFrom.map((name) => [
        name,
        { type: "durable-object", state: "renamed", renamed_to: className },
      ]),
      [className, { type: "durable-object", storage: "sqlite" }],
    ]),
    containers: [{ class_name: className }],
    // Says which code it is: the code itself is not kept in the state.
    annotations: { "workers/message": `sha256:${sha256}` },
  };
}

/** What `DeclaredContainer` follows. */
export function renderSettings({
  ports,
  defaultPort = ports?.[0],
  sleepAfter,
  environment,
}: ContainerProps): ContainerSettings {
  return {
    ...(defaultPort === undefined ? {} : { defaultPort }),
    ...(ports === undefined ? {} : { requiredPorts: ports }),
    ...(sleepAfter === undefined ? {} : { sleepAfter }),
    ...(environment === undefined
      ? {}
      : {
          envVars: Object.fromEntries(
            Object.entries(environment ?? {}).map(([name, text]) => [
              name,
              // What is no text is reported with everything else at synth.
              typeof text === "string" ? escapeTemplate(text) : text,
            ]),
          ),
        }),
  };
}

/** The application: how many of what size of which image. */
export function renderApplicationBody(
  props: ContainerProps,
  name: string,
  namespaceId: string,
): object {
  return {
    name,
    scheduling_policy: "default",
    instances: 0,
    max_instances: props.maxInstances ?? DEFAULT_MAX_INSTANCES,
    durable_objects: { namespace_id: namespaceId },
    configuration: renderConfiguration(props),
  };
}

/** Sizes in place of the instance type's name: the API answers with them. */
function renderConfiguration(props: ContainerProps): object {
  const { vcpu, memoryMib, diskMb } = sizeOf(props);
  return {
    image: props.image,
    vcpu,
    memory_mib: memoryMib,
    disk: { size_mb: diskMb },
    observability: { logs: { enabled: true } },
  };
}

/** Moves running containers to a configuration, all of them. */
export const renderRolloutBody = (props: ContainerProps): object => ({
  description: "Deployed by Terraform",
  strategy: "rolling",
  kind: "full_auto",
  step_percentage: ALL,
  target_configuration: renderConfiguration(props),
});

function sizeOf({ instanceType, vcpu, memoryMib, diskMb }: ContainerProps): InstanceSize {
  // A name that is none is reported with everything else at synth.
  const type = instanceTypes[instanceType ?? DEFAULT_INSTANCE_TYPE] ?? instanceTypes.lite;
  return {
    vcpu: vcpu ?? type.vcpu,
    memoryMib: memoryMib ?? type.memoryMib,
    diskMb: diskMb ?? type.diskMb,
  };
}
