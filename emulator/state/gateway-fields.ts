import { z } from "zod";
import { type DlpSetting, dlpActions, dlpChecks } from "../../protocol/gateway-dlp.js";
import {
  type OtelSetting,
  otelContentTypes,
  type StripeSetting,
} from "../../protocol/gateway-exports.js";
import {
  type GuardrailActions,
  type GuardrailsSetting,
  guardrailActions,
  guardrailCategories,
} from "../../protocol/gateway-guardrails.js";
import {
  MAX_SPEND_LIMIT_RULES,
  type SpendLimitsSetting,
  spendLimitTechniques,
} from "../../protocol/gateway-spend-limits.js";
import { randomHex } from "../ids.js";

/*
 * The nested settings of a gateway: what a request may say, and so what is kept and shown. What the
 * API fills in is filled in here.
 */

const texts = z.array(z.string());

const dlpProfiles = z.strictObject({
  enabled: z.boolean(),
  action: z.enum(dlpActions),
  profiles: texts,
});

const dlpPolicies = z.strictObject({
  enabled: z.boolean(),
  policies: z.array(
    z.strictObject({
      id: z.string().min(1),
      enabled: z.boolean(),
      action: z.enum(dlpActions),
      check: z.array(z.enum(dlpChecks)),
      profiles: texts,
    }),
  ),
});

/** Either form; judged by the one that was meant, so that a fault names its own path. */
export const dlp = z.unknown().transform((value, context): DlpSetting => {
  const form = value instanceof Object && "policies" in value ? dlpPolicies : dlpProfiles;
  const result = form.safeParse(value);
  if (result.success) return result.data;
  for (const { path, message } of result.error.issues) {
    context.issues.push({ code: "custom", path, message, input: value });
  }
  return z.NEVER;
});

const guardrailKeys = Object.values(guardrailCategories);
const categories: z.ZodType<GuardrailActions> = z
  .strictObject(
    Object.fromEntries(guardrailKeys.map((key) => [key, z.enum(guardrailActions)])) as {
      [Key in (typeof guardrailKeys)[number]]: z.ZodEnum<{ FLAG: "FLAG"; BLOCK: "BLOCK" }>;
    },
  )
  .partial() as unknown as z.ZodType<GuardrailActions>;

export const guardrails: z.ZodType<GuardrailsSetting | null> = z
  .strictObject({ prompt: categories, response: categories })
  .nullable();

export const otel: z.ZodType<readonly OtelSetting[] | null> = z
  .array(
    z.strictObject({
      url: z.url(),
      headers: z.record(z.string(), z.string()),
      authorization: z.string().exactOptional(),
      content_type: z.enum(otelContentTypes).default("json"),
    }),
  )
  .nullable();

export const stripe: z.ZodType<StripeSetting | null> = z
  .strictObject({
    authorization: z.string().min(1),
    usage_events: z.array(z.strictObject({ payload: z.string() })),
  })
  .nullable();

const filter = z.strictObject({ mode: z.literal("filter"), values: texts });
const partition = z.strictObject({ mode: z.literal("partition") });

const rule = z.strictObject({
  id: z.string().default(() => randomHex(4)),
  enabled: z.boolean().default(true),
  limit: z.number().min(0),
  limitType: z.literal("cost"),
  window: z.int().min(0),
  technique: z.enum(spendLimitTechniques).default("sliding"),
  metadata: z.record(z.string(), z.discriminatedUnion("mode", [partition, filter])).exactOptional(),
  model: filter.exactOptional(),
  provider: filter.exactOptional(),
});

export const spendLimits: z.ZodType<SpendLimitsSetting | null> = z
  .strictObject({
    enabled: z.boolean().default(false),
    rules: z.array(rule).max(MAX_SPEND_LIMIT_RULES).default([]),
  })
  .nullable();
