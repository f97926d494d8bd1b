import { scriptKey } from "../script-key.js";
import type { UploadedScript } from "../uploaded-script.js";
import type { MiniflareWorker } from "./miniflare-worker.js";

/**
 * workerd tells nobody why a handler failed that no request waits for: a tail of the script does.
 * It is asked for every event, which costs a small Worker a tenth of its requests per second, so
 * only a script gets one that may have such handlers. What it has a tail for anyway it tells of its
 * other handlers, too: workerd's own line has no stack and often no name.
 */
const mayFailUnheard = ({ queueConsumers = [], modules }: UploadedScript): boolean =>
  queueConsumers.length > 0 ||
  modules.some(
    ({ type, content }) =>
      type === "ESModule" && /\b(scheduled|alarm)\b/.test(new TextDecoder().decode(content)),
  );

const workerOf = ({ accountId, name }: UploadedScript): string =>
  `${scriptKey(accountId, name)}.reports`;

export const renderTails = (script: UploadedScript): Pick<MiniflareWorker, "tails"> =>
  mayFailUnheard(script) ? { tails: [workerOf(script)] } : {};

/** The Workers that write down what went wrong in crons, alarms and queues. */
export function renderReportWorkers(scripts: readonly UploadedScript[]): MiniflareWorker[] {
  return scripts.filter(mayFailUnheard).map((script) => ({
    name: workerOf(script),
    compatibilityDate: "2026-01-01",
    compatibilityFlags: [],
    modulesRoot: "/",
    modules: [
      {
        type: "ESModule",
        path: "/index.js",
        contents: renderModule(scriptKey(script.accountId, script.name)),
      },
    ],
    bindings: {},
    unsafeBindings: [],
  }));
}

/** What it writes begins as workerd's own lines do, so it is read as the script's. */
const renderModule = (key: string): string => `
const handlerOf = (event) => {
  if (event === null) return undefined;
  if ("queue" in event) return "queue()";
  if ("cron" in event) return "scheduled()";
  if ("scheduledTime" in event) return "alarm()";
  if ("request" in event) return "fetch()";
  if (!("getWebSocketEvent" in event)) return undefined;
  const { webSocketEventType: type } = event.getWebSocketEvent;
  return "webSocket" + type[0].toUpperCase() + type.slice(1) + "()";
};
export default { tail(events) {
  for (const { event, exceptions } of events) {
    const handler = handlerOf(event);
    if (handler === undefined) continue;
    for (const { name, message, stack } of exceptions) {
      console.error(${JSON.stringify(`service core:user:${key}: `)} + "Uncaught exception in " + handler + ": " + name + ": " + message + (stack ? "\\n" + stack : ""));
    }
  }
} };
`;
