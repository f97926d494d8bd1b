import { readFileSync, statSync } from "node:fs";
import {
  applyRules,
  checkBoolean,
  checkWord,
  type PropRules,
  show,
  wrongValue,
} from "../prop-rules.js";
import { isToken } from "../terraform-text.js";
import type { WorkerAssets, WorkerProps } from "./worker-props.js";

/** Longest script name that is still a DNS label. */
export const SCRIPT_NAME_MAX_LENGTH = 63;

/** What a Worker's props are checked for; `env` and the assets' files are judged where they are read. */
export const workerRules: PropRules<WorkerProps> = {
  bundle: [{ name: "worker-bundle", check: ({ bundle }) => checkBundle(bundle) }],
  scriptName: [
    { name: "worker-script-name", check: ({ scriptName }) => checkScriptName(scriptName) },
  ],
  assets: [],
  vars: [],
  jsonVars: [],
  secrets: [],
  bindings: [],
  compatibilityDate: [
    {
      name: "worker-compatibility-date",
      check: ({ compatibilityDate: date }) =>
        date === undefined || isToken(date) || isDate(date)
          ? undefined
          : wrongValue("compatibilityDate", date, 'a date as YYYY-MM-DD, such as "2026-04-26"'),
    },
  ],
  compatibilityFlags: [
    {
      name: "worker-compatibility-flags",
      check: ({ compatibilityFlags: flags }) =>
        flags === undefined ||
        isToken(flags) ||
        (Array.isArray(flags) && flags.every((flag) => typeof flag === "string"))
          ? undefined
          : wrongValue("compatibilityFlags", flags, 'an array of flags, such as ["nodejs_compat"]'),
    },
  ],
  observability: [
    {
      name: "worker-observability",
      check: ({ observability }) => checkObservability(observability),
    },
    {
      name: "worker-head-sampling-rate",
      check: ({ observability }) =>
        checkShare("observability.headSamplingRate", observability?.headSamplingRate),
    },
    {
      name: "worker-logs-head-sampling-rate",
      check: ({ observability }) =>
        checkShare("observability.logs.headSamplingRate", observability?.logs?.headSamplingRate),
    },
  ],
  workersDev: [
    {
      name: "worker-workers-dev",
      check: ({ workersDev }) => checkBoolean("workersDev", workersDev),
    },
  ],
  previewUrls: [
    {
      name: "worker-preview-urls",
      check: ({ previewUrls }) => checkBoolean("previewUrls", previewUrls),
    },
    {
      name: "worker-preview-urls-without-workers-dev",
      check: ({ workersDev, previewUrls }) =>
        previewUrls === true && workersDev === false
          ? "previewUrls: got true with workersDev false; previews are served below workers.dev. Remove workersDev: false, or previewUrls."
          : undefined,
    },
  ],
};

/** What the settings of a Worker's assets are checked for. */
export const assetsRules: PropRules<WorkerAssets> = {
  directory: [],
  binding: [],
  htmlHandling: [
    {
      name: "worker-html-handling",
      check: ({ htmlHandling }) =>
        checkWord("htmlHandling", htmlHandling, [
          "auto-trailing-slash",
          "force-trailing-slash",
          "drop-trailing-slash",
          "none",
        ]),
    },
  ],
  notFoundHandling: [
    {
      name: "worker-not-found-handling",
      check: ({ notFoundHandling }) =>
        checkWord("notFoundHandling", notFoundHandling, [
          "none",
          "404-page",
          "single-page-application",
        ]),
    },
  ],
  runWorkerFirst: [
    {
      name: "worker-run-worker-first",
      check: ({ runWorkerFirst }) => checkRunWorkerFirst(runWorkerFirst),
    },
  ],
};

/** All that is wrong with a Worker's props; where assets are served from is judged when it is read. */
export function validateWorkerProps(props: WorkerProps): readonly string[] {
  // Named, because plain JavaScript may leave the bundle out.
  const problems = applyRules(workerRules, { ...props, bundle: props.bundle });
  const assets = props.assets === undefined ? [] : applyRules(assetsRules, props.assets);
  return [...problems, ...assets.map((problem) => `assets.${problem}`)];
}

function checkBundle(bundle: unknown): string | undefined {
  if (typeof bundle !== "string" || bundle === "") {
    return wrongValue("bundle", bundle, "the path of the Worker's bundled module");
  }
  if (!statSync(bundle, { throwIfNoEntry: false })?.isFile()) {
    return `bundle: got ${show(bundle)}; there is no such file. Run the bundler first (such as npx esbuild src/worker.ts --bundle --format=esm --outfile=${bundle}), or correct the path (relative ones start where cdktf runs).`;
  }
  if (!/\bexport\b/.test(readFileSync(bundle, "utf8"))) {
    return `bundle: ${bundle} exports nothing, so it is no ES module. Bundle it with --format=esm, and export default { fetch(request, env) { … } }.`;
  }
  return undefined;
}

function checkScriptName(name: unknown): string | undefined {
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

function checkRunWorkerFirst(value: unknown): string | undefined {
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

function checkObservability(value: WorkerProps["observability"]): string | undefined {
  if (value === undefined || isToken(value)) return undefined;
  if (typeof value !== "object" || value === null) {
    return wrongValue("observability", value, "an object such as { enabled: true }");
  }
  const { logs = {} } = value;
  return (
    checkKeys("observability", value, [...switches, "headSamplingRate", "logs"]) ??
    checkSwitches("observability", value, switches) ??
    checkKeys("observability.logs", logs, [...logSwitches, "headSamplingRate"]) ??
    checkSwitches("observability.logs", logs, logSwitches)
  );
}

function checkKeys(prop: string, value: object, known: readonly string[]): string | undefined {
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  return unknown && `${prop}.${unknown}: there is no such prop; the props are ${known.join(", ")}.`;
}

function checkSwitches<Key extends string>(
  prop: string,
  value: { readonly [Name in Key]?: unknown },
  names: readonly Key[],
): string | undefined {
  return names.map((name) => checkBoolean(`${prop}.${name}`, value[name])).find(Boolean);
}

function checkShare(prop: string, value: unknown): string | undefined {
  return value === undefined ||
    isToken(value) ||
    (typeof value === "number" && value >= 0 && value <= 1)
    ? undefined
    : wrongValue(prop, value, "a number from 0 (none) to 1 (all)");
}

function isDate(text: unknown): boolean {
  if (typeof text !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(text)) {
    return false;
  }
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
