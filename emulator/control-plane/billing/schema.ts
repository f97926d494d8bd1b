import { z } from "zod";
import { parse } from "../parse.js";

const unixMs = z.coerce.number().int().min(0).optional();

export const invoiceHistoryQuery = z.strictObject({
  type: z.enum(["auto", "manual", "all"]).optional(),
});

export const usageHistoryQuery = z.strictObject({
  value_grouping_window: z.enum(["day", "hour"]),
  start_time: unixMs,
  end_time: unixMs,
});

/** Cents. */
const topup = z.strictObject({
  amount: z.int().min(1_000),
  payment_method_id: z.string().min(1).optional(),
});

const topupStatus = z.strictObject({ payment_intent_id: z.string().min(1) });

/** @throws {ApiError} 400/7001 */
export function checkTopup(body: unknown): void {
  parse(topup, body, "validation");
}

/** @throws {ApiError} 400/7001 */
export const parseTopupStatus = (body: unknown): z.output<typeof topupStatus> =>
  parse(topupStatus, body, "validation");
