import {
  applyRules,
  checkBoolean,
  checkInteger,
  checkWord,
  isRecord,
  type PropRules,
} from "../prop-rules.js";
import { isToken } from "../terraform-text.js";
import type { WorkerPropsAtSynth } from "./add-from-props.js";
import { checkCompatibilityDate, checkCompatibilityFlags } from "./compatibility-checks.js";
import { checkWorkerDeclaration } from "./declared-bindings.js";
import { assetsRules } from "./worker-assets-validation.js";
import {
  checkArray,
  checkArrayOfObjects,
  checkBundle,
  checkClassNames,
  checkNames,
  checkObject,
  checkObservability,
  checkScriptName,
  checkShare,
  checkWorkflowNames,
} from "./worker-checks.js";
import { checkWorker } from "./worker-target.js";

/** What a Worker's props are checked for; `env` and the assets' files are judged where they are read. */
export const workerRules: PropRules<WorkerPropsAtSynth> = {
  bundle: [{ name: "worker-bundle", check: ({ bundle }) => checkBundle(bundle) }],
  scriptName: [
    { name: "worker-script-name", check: ({ scriptName }) => checkScriptName(scriptName) },
  ],
  assets: [
    {
      name: "worker-assets",
      check: ({ assets }) => checkNames("assets", assets, '{ directory: "dist/assets" }'),
    },
  ],
  vars: [
    { name: "worker-vars", check: ({ vars }) => checkNames("vars", vars, '{ COLOR: "blue" }') },
  ],
  jsonVars: [
    {
      name: "worker-json-vars",
      check: ({ jsonVars }) => checkNames("jsonVars", jsonVars, "{ LIMITS: { perDay: 10 } }"),
    },
  ],
  secrets: [
    {
      name: "worker-secrets",
      check: ({ secrets }) =>
        checkNames("secrets", secrets, '{ API_KEY: new SecretVariable(stack, "api_key") }'),
    },
  ],
  declaration: [
    {
      name: "worker-declaration",
      check: ({ declaration }) => checkWorkerDeclaration(declaration),
    },
  ],
  bindings: [
    {
      name: "worker-bindings",
      check: ({ bindings }) => checkNames("bindings", bindings, "{ FILES: bucket }"),
    },
  ],
  durableObjects: [
    {
      name: "worker-durable-object-class",
      check: ({ durableObjects }) => checkClassNames("durableObjects", durableObjects),
    },
  ],
  migrations: [
    {
      name: "worker-migrations",
      check: ({ migrations }) =>
        checkArray("migrations", migrations, '[{ newSqliteClasses: ["Room"] }]'),
    },
  ],
  workflows: [
    {
      name: "worker-workflow-class",
      check: ({ workflows }) => checkClassNames("workflows", workflows),
    },
    { name: "worker-workflow-name", check: ({ workflows }) => checkWorkflowNames(workflows) },
  ],
  compatibilityDate: [
    {
      name: "worker-compatibility-date",
      check: ({ compatibilityDate }) => checkCompatibilityDate(compatibilityDate),
    },
  ],
  compatibilityFlags: [
    {
      name: "worker-compatibility-flags",
      check: ({ compatibilityFlags }) => checkCompatibilityFlags(compatibilityFlags),
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
  routes: [
    {
      name: "worker-routes",
      check: ({ routes }) =>
        checkArrayOfObjects("routes", routes, '{ zoneId: "…", pattern: "example.com/chat/*" }'),
    },
  ],
  customDomains: [
    {
      name: "worker-custom-domains",
      check: ({ customDomains }) =>
        checkArrayOfObjects(
          "customDomains",
          customDomains,
          '{ zoneId: "…", hostname: "chat.example.com" }',
        ),
    },
  ],
  crons: [
    {
      name: "worker-crons",
      check: ({ crons }) => checkArray("crons", crons, '["0 3 * * *"]'),
    },
  ],
  queueConsumers: [
    {
      name: "worker-queue-consumers",
      check: ({ queueConsumers }) =>
        checkArrayOfObjects("queueConsumers", queueConsumers, "{ queue: jobs }"),
    },
  ],
  placement: [
    {
      name: "worker-placement",
      check: ({ placement }) =>
        placement === undefined || isToken(placement)
          ? undefined
          : (checkObject("placement", placement, ["mode"]) ??
            checkWord("placement.mode", placement.mode, ["smart"])),
    },
  ],
  limits: [
    {
      name: "worker-limits",
      check: ({ limits }) =>
        limits === undefined || isToken(limits)
          ? undefined
          : (checkObject("limits", limits, ["cpuMs"]) ??
            checkInteger("limits.cpuMs", limits.cpuMs, cpuBounds)),
    },
  ],
  tailConsumers: [
    {
      name: "worker-tail-consumers",
      check: ({ tailConsumers }) =>
        checkArray("tailConsumers", tailConsumers, "[tailWorker]") ??
        tailConsumers
          ?.map((one, index) => checkWorker(`tailConsumers[${index}]`, one))
          .find(Boolean),
    },
  ],
  logpush: [{ name: "worker-logpush", check: ({ logpush }) => checkBoolean("logpush", logpush) }],
};

/** @see https://developers.cloudflare.com/workers/platform/limits/#cpu-time */
const cpuBounds = { min: 1, max: 300_000, unit: "milliseconds" } as const;

/** All that is wrong with a Worker's props; where assets are served from is judged when it is read. */
export function validateWorkerProps(props: WorkerPropsAtSynth): readonly string[] {
  // Named, because plain JavaScript may leave the bundle out.
  const problems = applyRules(workerRules, { ...props, bundle: props.bundle });
  const assets = isRecord(props.assets)
    ? applyRules(assetsRules, { ...props.assets, directory: props.assets.directory })
    : [];
  return [...problems, ...assets.map((problem) => `assets.${problem}`)];
}
