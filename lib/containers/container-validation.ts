import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { customInstanceLimits, instanceTypes } from "../../protocol/container-instances.js";
import { isFile } from "../file-kind.js";
import {
  applyRules,
  checkInteger,
  checkWord,
  isRecord,
  type PropRules,
  shorten,
  show,
  showNoText,
  wrongValue,
} from "../prop-rules.js";
import { isToken } from "../terraform-text.js";
import { bundleExports } from "../workers/bundle-exports.js";
import { checkClassName } from "../workers/class-name.js";
import {
  checkCompatibilityDate,
  checkCompatibilityFlags,
} from "../workers/compatibility-checks.js";
import { checkScriptName, noSuchBundle } from "../workers/worker-checks.js";
import type { ContainerProps } from "./container-props.js";

const limits = customInstanceLimits;
const port = { min: 1, max: 65_535, unit: "a TCP port" } as const;
const sizes = ["vcpu", "memoryMib", "diskMb"] as const;
const imageReference =
  /^[a-z0-9][a-z0-9.-]*(?::\d+)?(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?::\w[\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/;

/** What a container's props are checked for. */
export const containerRules: PropRules<ContainerProps> = {
  bundle: [{ name: "container-bundle", check: ({ bundle }) => checkBundle(bundle) }],
  className: [
    {
      name: "container-class-name",
      check: ({ className }) => checkClassName("className", className),
    },
    { name: "container-class-not-exported", check: checkExported },
  ],
  renamedFrom: [
    {
      name: "container-renamed-from",
      check: ({ renamedFrom = [], className }) =>
        !Array.isArray(renamedFrom)
          ? wrongValue("renamedFrom", renamedFrom, 'an array of names, such as ["Renderer"]')
          : (renamedFrom.map((name) => checkClassName("renamedFrom", name)).find(Boolean) ??
            (renamedFrom.includes(className)
              ? `renamedFrom: got ${show(className)}, which is the class's name now. List only names it had before.`
              : undefined)),
    },
  ],
  scriptName: [
    { name: "container-script-name", check: ({ scriptName }) => checkScriptName(scriptName) },
  ],
  image: [{ name: "container-image", check: ({ image }) => checkImage(image) }],
  directory: [{ name: "container-directory", check: ({ directory }) => checkDirectory(directory) }],
  instanceType: [
    {
      name: "container-instance-type",
      check: ({ instanceType }) =>
        checkWord("instanceType", instanceType, Object.keys(instanceTypes)),
    },
    {
      name: "container-instance-type-and-sizes",
      check: (props) => {
        const size = sizes.find((name) => props[name] !== undefined);
        return props.instanceType !== undefined && size !== undefined
          ? `instanceType: got ${show(props.instanceType)} with ${size}; an instance type has its sizes. Remove the one or the other.`
          : undefined;
      },
    },
  ],
  vcpu: [
    {
      name: "container-vcpu",
      check: ({ vcpu }) =>
        vcpu === undefined ||
        isToken(vcpu) ||
        (typeof vcpu === "number" && vcpu >= limits.minVcpu && vcpu <= limits.maxVcpu)
          ? undefined
          : wrongValue("vcpu", vcpu, "a number from 1 to 4; for less, take an instanceType"),
    },
    {
      name: "container-sizes",
      check: (props) => {
        const missing = sizes.filter((name) => props[name] === undefined);
        return missing.length > 0
          ? `vcpu: got ${show(props.vcpu)} without ${missing.join(" and ")}; sizes are given together. Add them, or take an instanceType.`
          : undefined;
      },
    },
  ],
  memoryMib: [
    {
      name: "container-memory",
      check: ({ memoryMib, vcpu = 1 }) =>
        checkInteger("memoryMib", memoryMib, {
          min: isToken(vcpu) ? limits.minMemoryMibPerVcpu : vcpu * limits.minMemoryMibPerVcpu,
          max: limits.maxMemoryMib,
          unit: "MiB, at least 3,072 per vCPU",
        }),
    },
    { name: "container-memory-without-vcpu", check: (props) => checkWithVcpu("memoryMib", props) },
  ],
  diskMb: [
    {
      name: "container-disk",
      check: ({ diskMb, memoryMib = limits.maxMemoryMib }) =>
        checkInteger("diskMb", diskMb, {
          min: 1,
          max: isToken(memoryMib)
            ? limits.maxDiskMb
            : Math.min(
                limits.maxDiskMb,
                Math.floor((memoryMib / 1_024) * limits.maxDiskMbPerMemoryGib),
              ),
          unit: "MB, at most 2,000 per GiB of memory",
        }),
    },
    { name: "container-disk-without-vcpu", check: (props) => checkWithVcpu("diskMb", props) },
  ],
  maxInstances: [
    {
      name: "container-max-instances",
      check: ({ maxInstances }) =>
        checkInteger("maxInstances", maxInstances, {
          min: 1,
          max: Number.MAX_SAFE_INTEGER,
          unit: "containers",
        }),
    },
  ],
  ports: [
    {
      name: "container-ports",
      check: ({ ports }) =>
        ports === undefined || isToken(ports)
          ? undefined
          : Array.isArray(ports) && ports.length > 0
            ? ports.map((one) => checkInteger("ports", one, port)).find(Boolean)
            : wrongValue("ports", ports, "an array of TCP ports, such as [8080]"),
    },
  ],
  defaultPort: [
    {
      name: "container-default-port",
      check: ({ defaultPort }) => checkInteger("defaultPort", defaultPort, port),
    },
  ],
  environment: [
    { name: "container-environment", check: ({ environment }) => checkEnvironment(environment) },
  ],
  sleepAfter: [
    {
      name: "container-sleep-after",
      check: ({ sleepAfter }) =>
        sleepAfter === undefined ||
        isToken(sleepAfter) ||
        (typeof sleepAfter === "string" && /^[1-9]\d*[smh]$/.test(sleepAfter))
          ? undefined
          : wrongValue("sleepAfter", sleepAfter, 'a time such as "30s", "10m" or "1h"'),
    },
  ],
  compatibilityDate: [
    {
      name: "container-compatibility-date",
      check: ({ compatibilityDate }) => checkCompatibilityDate(compatibilityDate),
    },
  ],
  compatibilityFlags: [
    {
      name: "container-compatibility-flags",
      check: ({ compatibilityFlags }) => checkCompatibilityFlags(compatibilityFlags),
    },
  ],
};

/** All that is wrong with a container's props. What only Terraform knows is not judged. */
export function validateContainerProps(props: ContainerProps): readonly string[] {
  const { bundle, className, image } = props;
  // Named, because plain JavaScript may leave them out.
  return applyRules(containerRules, { ...props, bundle, className, image });
}

function checkBundle(bundle: unknown): string | undefined {
  if (typeof bundle !== "string" || bundle === "") {
    return wrongValue("bundle", bundle, "the path of the bundled module that exports the class");
  }
  return isFile(bundle) ? undefined : noSuchBundle(bundle, "src/pdf.ts");
}

function checkExported({ bundle, className }: ContainerProps): string | undefined {
  if (typeof bundle !== "string" || !isFile(bundle)) return undefined;
  if (checkClassName("className", className) !== undefined) return undefined;
  const names = bundleExports(readFileSync(bundle, "utf8"));
  return names === undefined || names.includes(className)
    ? undefined
    : `className: ${shorten(bundle)} does not export ${show(className)}; it exports ${names.join(", ") || "nothing"}. Export the class, or correct the name.`;
}

function checkImage(image: unknown): string | undefined {
  if (isToken(image)) return undefined;
  const legal =
    typeof image === "string" &&
    imageReference.test(image) &&
    /(?::\w[\w.-]*|@sha256:[0-9a-f]{64})$/.test(image.slice(image.lastIndexOf("/") + 1));
  return legal
    ? undefined
    : wrongValue(
        "image",
        image,
        'an image reference with a tag or a digest and without a scheme, such as "registry.cloudflare.com/<account>/pdf:1.2.0"',
      );
}

function checkDirectory(directory: unknown): string | undefined {
  if (directory === undefined) return undefined;
  return typeof directory === "string" && existsSync(join(directory, "Dockerfile"))
    ? undefined
    : `directory: got ${show(directory)}; there is no Dockerfile in it. Name the folder that has the image's Dockerfile (relative ones start where cdktf runs), or remove it.`;
}

const checkWithVcpu = (
  prop: "memoryMib" | "diskMb",
  { vcpu, [prop]: value }: ContainerProps,
): string | undefined =>
  value !== undefined && vcpu === undefined
    ? `${prop}: got ${show(value)} without vcpu; sizes are given together. Add vcpu, memoryMib and diskMb, or take an instanceType.`
    : undefined;

function checkEnvironment(environment: unknown): string | undefined {
  if (environment === undefined) return undefined;
  if (!isRecord(environment)) {
    return `environment: got ${showNoText(environment)}; allowed is names and texts, such as { MODE: "fast" }.`;
  }
  for (const [name, value] of Object.entries(environment)) {
    if (!/^[A-Za-z_]\w*$/.test(name)) {
      return wrongValue("environment", name, 'names of letters, digits and "_", not a digit first');
    }
    // The value itself may be a secret.
    if (typeof value !== "string" && !isToken(value)) {
      return `environment.${shorten(name)}: got ${Array.isArray(value) ? "an array" : `a value of type ${typeof value}`}; allowed are texts. Write numbers as texts, and JSON with JSON.stringify.`;
    }
  }
  return undefined;
}
