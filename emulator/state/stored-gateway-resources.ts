import { z } from "zod";
import { datasetFilterOperators } from "../../protocol/dataset-filters.js";

const timestamps = { created_at: z.string(), modified_at: z.string() };

/** A custom provider of the account. */
export const storedCustomProvider = z.strictObject({
  id: z.string(),
  name: z.string(),
  slug: z.string(),
  base_url: z.string(),
  description: z.string().nullable(),
  link: z.string().nullable(),
  curl_example: z.string().nullable(),
  js_example: z.string().nullable(),
  enable: z.boolean(),
  beta: z.boolean(),
  position: z.number().nullable(),
  /** JSON of headers, which may be credentials. */
  sealed_headers: z.string().nullable(),
  ...timestamps,
});

/** A hostname that stands for a gateway. */
export const storedGatewayDomain = z.strictObject({
  hostname: z.string(),
  gateway_id: z.string(),
  zone_id: z.string(),
  cname_target: z.string(),
  /** Milliseconds. */
  created_at: z.number(),
  modified_at: z.number(),
});

const filter = z.strictObject({
  key: z.string(),
  operator: z.enum(datasetFilterOperators),
  value: z.array(z.union([z.string(), z.number(), z.boolean()])),
});

/** Saved filters over a gateway's log. */
export const storedDataset = z.strictObject({
  id: z.string(),
  gateway_id: z.string(),
  name: z.string(),
  enable: z.boolean(),
  filters: z.array(filter),
  ...timestamps,
});

export const storedEvaluation = z.strictObject({
  id: z.string(),
  gateway_id: z.string(),
  name: z.string(),
  dataset_ids: z.array(z.string()),
  evaluation_type_ids: z.array(z.string()),
  ...timestamps,
});

const names = z.union([z.string(), z.array(z.string())]);

/** What a policy says. */
export const policyTerms = z.strictObject({
  name: z.string(),
  actor: z.string(),
  resource: z.union([
    z.literal("*"),
    z.strictObject({ model: names.optional(), provider: names.optional() }),
  ]),
  condition: z.string(),
  action: z.union([
    z.strictObject({ type: z.literal("no-limit") }),
    z.strictObject({ type: z.literal("block"), except: z.literal(true).optional() }),
    z.strictObject({
      type: z.literal("limit"),
      /** US dollars. */
      amount: z.number(),
      period: z.enum(["hourly", "daily", "weekly", "monthly"]),
      technique: z.literal("named-interval"),
    }),
  ]),
});

const termsAndTimes = policyTerms.extend({ created_at: z.number(), updated_at: z.number() });

/** A policy of a gateway: what is enforced, and what is staged beside it. Times in seconds. */
export const storedPolicy = z.strictObject({
  id: z.string(),
  gateway_id: z.string(),
  committed: termsAndTimes.nullable(),
  draft: termsAndTimes.nullable(),
});

export type StoredCustomProvider = z.infer<typeof storedCustomProvider>;
export type StoredGatewayDomain = z.infer<typeof storedGatewayDomain>;
export type StoredDataset = z.infer<typeof storedDataset>;
export type StoredEvaluation = z.infer<typeof storedEvaluation>;
export type StoredPolicy = z.infer<typeof storedPolicy>;
export type PolicyTerms = z.infer<typeof policyTerms>;
export type TimedPolicyTerms = z.infer<typeof termsAndTimes>;
