import { z } from "zod";
import { policyTerms } from "../../state/stored-gateway-resources.js";
import { pagingUpTo, queryFlag } from "../list-query.js";

const names = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

const terms = policyTerms.extend({
  name: z.string().min(1),
  actor: z.string().min(1),
  // Whether it is CEL is not looked at: an expression that Cloudflare would refuse is kept here.
  condition: z.string().min(1),
  resource: z.union([
    z.literal("*"),
    z
      .strictObject({ model: names.optional(), provider: names.optional() })
      .refine(
        ({ model, provider }) => model !== undefined || provider !== undefined,
        "must name a model or a provider",
      ),
  ]),
  action: z.discriminatedUnion("type", [
    z.strictObject({ type: z.literal("no-limit") }),
    z.strictObject({ type: z.literal("block"), except: z.literal(true).optional() }),
    z.strictObject({
      type: z.literal("limit"),
      amount: z.number().positive(),
      period: z.enum(["hourly", "daily", "weekly", "monthly"]),
      technique: z.literal("named-interval"),
    }),
  ]),
});

/** Body of a POST. */
export const newPolicy = terms;

/** Body of a PUT: what changes. */
export const policyChange = terms.partial();

const flag = queryFlag.prefault("false");

/** Query of a POST or PUT. */
export const writeQuery = z.strictObject({ commit: flag });

/** Query of a GET. */
export const readQuery = z.strictObject({ includeStaging: flag });

/** Query of a list. */
export const listQuery = readQuery.extend({
  ...pagingUpTo(100),
});

/** Body of POST `/simulate`. */
export const simulation = z.strictObject({
  identity: z.record(z.string(), z.unknown()),
  model: z.string().min(1),
  provider: z.string().min(1),
  bucketUsage: z.record(z.string(), z.strictObject({ spent: z.number() })).optional(),
});

export type Simulation = z.output<typeof simulation>;
