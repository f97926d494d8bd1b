import { Hono } from "hono";
import type { Clock } from "../../clock.js";
import type { CronSchedule } from "../../crons/cron-schedule.js";
import { ApiError } from "../api-error.js";
import { success } from "../envelope.js";
import { findScript } from "./deployments.js";
import { checkCron } from "./schedules-schema.js";
import { parseScriptName } from "./schema.js";
import type { ScriptStore } from "./store.js";

/** Calls a Worker's `scheduled` handler on demand, with any cron expression, whether it is set or not. */
export function scheduledRoutes({
  store,
  crons,
  clock,
}: {
  readonly store: ScriptStore;
  readonly crons: Pick<CronSchedule, "run">;
  readonly clock: Clock;
}): Hono {
  const routes = new Hono();
  routes.post("/", async (c) => {
    const { name, schedules } = findScript(store, parseScriptName(c.req.param("script")));
    const cron = c.req.query("cron") ?? (schedules.length === 1 ? schedules[0]?.cron : undefined);
    if (cron === undefined) {
      const set = schedules.map((schedule) => `"${schedule.cron}"`).join(", ") || "none";
      const message = `Which cron? Add ?cron=<expression>; those set for "${name}": ${set}.`;
      throw ApiError.of(400, "badUpload", message);
    }
    checkCron(cron);
    const scheduledTime = clock.now();
    const outcome = await crons.run(name, cron, scheduledTime);
    if (outcome === "ok") {
      return success({ cron, scheduled_time: new Date(scheduledTime).toISOString(), outcome });
    }
    const failed = outcome === "failed";
    throw ApiError.of(
      failed ? 500 : 400,
      "handlerFailed",
      failed
        ? `The scheduled() handler of "${name}" failed.`
        : `The Worker "${name}" has no scheduled() handler.`,
      failed ? "What it threw is in the emulator's output." : undefined,
    );
  });
  return routes;
}
