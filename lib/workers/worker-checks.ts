import { readFileSync } from "node:fs";
import { isFile } from "../file-kind.js";
import {
  checkBoolean,
  isRecord,
  shorten,
  show,
  showNoText,
  unknownKeys,
  wrongValue,
} from "../prop-rules.js";
import { isToken } from "../terraform-text.js";
import { checkClassName } from "./class-name.js";
import type { WorkerProps } from "./worker-props.js";
import { checkWorkflowName } from "./worker-workflow.js";

/** Longest script name that is still a DNS label. */
export const SCRIPT_NAME_MAX_LENGTH = 63;

/** Longest path that stands whole in a command to copy. */
const LONGEST_PATH = 256;

export function checkBundle(bundle: unknown): string | undefined {
  if (typeof bundle !== "string" || bundle === "") {
    return wrongValue("bundle", bundle, "the path of the Worker's bundled module");
  }
  if (!isFile(bundle)) {
    return noSuchBundle(bundle, "src/worker.ts");
  }
  if (!/\bexport\b/.test(readFileSync(bundle, "utf8"))) {
    return `bundle: ${bundle} exports nothing, so it is no ES module. Bundle it with --format=esm, and export default { fetch(request, env) { … } }.`;
  }
  return undefined;
}

/** Quoted, because a shell such as zsh would look for files that match the star. */
export const noSuchBundle = (bundle: string, source: string): string =>
  `bundle: got ${show(bundle)}; there is no such file. Run the bundler first (such as npx esbuild ${source} --bundle --format=esm "--external:cloudflare:*" --outfile=${bundle.length <= LONGEST_PATH ? bundle : shorten(bundle)}), or correct the path (relative ones start where cdktf runs).`;

export function checkScriptName(name: unknown): string | undefined {
  if (name === undefined || isToken(name)) {
    return undefined;
  }
  const legal =
    typeof name === "string" &&
    name.length <= SCRIPT_NAME_MAX_LENGTH &&
    /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(name);
  return legal
    ? undefined
    : wrongValue(
        "scriptName",
        name,
        `1 to ${SCRIPT_NAME_MAX_LENGTH} lower-case letters, digits and hyphens, no hyphen at either end, such as "chat-worker"`,
      );
}

export function checkRunWorkerFirst(value: unknown): string | undefined {
  if (value === undefined || typeof value === "boolean") {
    return undefined;
  }
  const wrong = Array.isArray(value)
    ? value.find((pattern) => typeof pattern !== "string" || !/^!?\//.test(pattern))
    : value;
  return wrong === undefined
    ? undefined
    : wrongValue(
        "runWorkerFirst",
        wrong,
        'true, false, or an array of patterns that start with "/" or "!/"',
      );
}

const switches = ["enabled"] as const;
const logSwitches = ["enabled", "invocationLogs", "persist"] as const;

export function checkObservability(value: WorkerProps["observability"]): string | undefined {
  if (value === undefined || isToken(value)) return undefined;
  if (!isRecord(value)) {
    return wrongValue("observability", value, "an object such as { enabled: true }");
  }
  const { logs = {} } = value;
  if (!isRecord(logs)) {
    return wrongValue("observability.logs", logs, "an object such as { enabled: true }");
  }
  return (
    checkKeys("observability", value, [...switches, "headSamplingRate", "logs"]) ??
    checkSwitches("observability", value, switches) ??
    checkKeys("observability.logs", logs, [...logSwitches, "headSamplingRate"]) ??
    checkSwitches("observability.logs", logs, logSwitches)
  );
}

const classKeys = {
  durableObjects: ["className", "scriptName"],
  workflows: ["className", "workflowName", "scriptName"],
} as const;

export function checkClassNames(prop: keyof typeof classKeys, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (!isRecord(value)) {
    return wrongValue(prop, value, 'an object such as { ROOM: { className: "Room" } }');
  }
  return Object.entries(value)
    .map(([name, entry]) =>
      isRecord(entry)
        ? (checkKeys(`${prop}.${shorten(name)}`, entry, classKeys[prop]) ??
          checkClassName(`${prop}.${shorten(name)}.className`, entry.className))
        : wrongValue(`${prop}.${shorten(name)}`, entry, 'an object such as { className: "Room" }'),
    )
    .find(Boolean);
}

export const checkWorkflowNames = (workflows: WorkerProps["workflows"]): string | undefined =>
  Object.entries(isRecord(workflows) ? workflows : {})
    .map(([name, workflow]) =>
      workflow?.workflowName === undefined
        ? undefined
        : checkWorkflowName(`workflows.${shorten(name)}.workflowName`, workflow.workflowName),
    )
    .find(Boolean);

export const checkArray = (prop: string, value: unknown, example: string): string | undefined =>
  value === undefined || Array.isArray(value)
    ? undefined
    : wrongValue(prop, value, `an array, such as ${example}`);

/** An array of objects, whose own props are judged where they are used. */
export const checkArrayOfObjects = (
  prop: string,
  value: unknown,
  example: string,
): string | undefined => {
  const wrong = Array.isArray(value) ? value.findIndex((one) => !isRecord(one)) : -1;
  return wrong === -1
    ? checkArray(prop, value, `[${example}]`)
    : wrongValue(`${prop}[${wrong}]`, (value as unknown[])[wrong], `an object, such as ${example}`);
};

/** Names and what stands for them, which is judged where it is added. A text may be a secret. */
export const checkNames = (prop: string, value: unknown, example: string): string | undefined =>
  value === undefined || isRecord(value)
    ? undefined
    : `${prop}: got ${showNoText(value)}; allowed is an object, such as ${example}.`;

export const checkObject = (
  prop: string,
  value: unknown,
  keys: readonly string[],
): string | undefined =>
  isRecord(value)
    ? checkKeys(prop, value, keys)
    : wrongValue(prop, value, `an object with ${keys.join(", ")}`);

const checkKeys = (prop: string, value: object, known: readonly string[]): string | undefined =>
  unknownKeys(prop, value, known)[0];

function checkSwitches<Key extends string>(
  prop: string,
  value: { readonly [Name in Key]?: unknown },
  names: readonly Key[],
): string | undefined {
  return names.map((name) => checkBoolean(`${prop}.${name}`, value[name])).find(Boolean);
}

export function checkShare(prop: string, value: unknown): string | undefined {
  return value === undefined ||
    isToken(value) ||
    (typeof value === "number" && value >= 0 && value <= 1)
    ? undefined
    : wrongValue(prop, value, "a number from 0 (none) to 1 (all)");
}
