import { z } from "zod";
import { CronExpression, CronExpressionError } from "../../crons/cron-expression.js";
import type { StoredScript } from "../../state/state-document.js";
import { ApiError, notEmulated } from "../api-error.js";
import { parse } from "../parse.js";

/**
 * What an account on the paid plan may have.
 * @see https://developers.cloudflare.com/workers/platform/limits/
 */
const MAX_SCHEDULES = 250;

/** The body: a bare array. What an answer holds beside `cron` may be sent back. */
const schedulesBody = z.array(
  z.strictObject({
    cron: z.string(),
    created_on: z.string().optional(),
    modified_on: z.string().optional(),
  }),
);

/**
 * The cron expressions of a PUT of `/schedules`, in their order.
 * @throws {ApiError} 400/10100 for an expression that is none
 */
export function parseSchedules(body: unknown): string[] {
  const crons = parse(schedulesBody, body, "badUpload", { showValues: true }).map(
    ({ cron }) => cron,
  );
  for (const cron of crons) checkCron(cron);
  const twice = crons.find((cron, index) => crons.indexOf(cron) !== index);
  if (twice !== undefined) {
    throw ApiError.of(400, "badUpload", `The cron expression "${twice}" is there twice.`);
  }
  return crons;
}

/** @throws {ApiError} 400/10100, or 501 for one Cloudflare takes and the emulator does not */
export function checkCron(cron: string): void {
  try {
    new CronExpression(cron);
  } catch (error) {
    if (!(error instanceof CronExpressionError)) throw error;
    if (error.legal) throw notEmulated(`the cron expression "${cron}": ${error.message}`);
    throw ApiError.of(400, "cron", `invalid cron string: ${cron}`, error.message);
  }
}

/** @throws {ApiError} 400 when the account would have more than it may */
export function checkScheduleCount(
  scriptName: string,
  count: number,
  scripts: readonly StoredScript[],
): void {
  const others = scripts
    .filter(({ name }) => name !== scriptName)
    .reduce((sum, { schedules }) => sum + schedules.length, 0);
  if (others + count <= MAX_SCHEDULES) return;
  throw ApiError.of(
    400,
    "badUpload",
    `The account would have ${others + count} cron triggers; ${MAX_SCHEDULES} are allowed.`,
  );
}
