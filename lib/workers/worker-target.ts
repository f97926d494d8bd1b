import { type Rule, wrongValue } from "../prop-rules.js";
import { isToken } from "../terraform-text.js";
import type { Worker } from "./worker.js";
import { checkScriptName } from "./worker-checks.js";

/** Whether it is a Worker of this app: plain JavaScript lets anything through. */
export const isWorker = (worker: unknown): worker is Worker =>
  typeof worker === "object" && worker !== null && "scriptName" in worker && "classes" in worker;

/** The script name of a Worker; of what is none, which its rule reports, none. */
export const scriptNameOf = (worker: unknown): string =>
  isWorker(worker) ? worker.scriptName : typeof worker === "string" ? worker : "";

/** A Worker, or the script name of one that is written out; a token is fine. */
export const checkWorker = (prop: string, worker: unknown): string | undefined =>
  isWorker(worker) ||
  isToken(worker) ||
  (typeof worker === "string" && checkScriptName(worker) === undefined)
    ? undefined
    : wrongValue(prop, worker, 'a Worker, or its script name, such as "chat-worker"');

/** The rule of a prop that is a Worker. */
export const workerRule = (name: string): readonly Rule<{ readonly worker: Worker | string }>[] => [
  { name, check: ({ worker }) => checkWorker("worker", worker) },
];
