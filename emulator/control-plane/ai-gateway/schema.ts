import { z } from "zod";
import {
  GATEWAY_ID_MAX_LENGTH,
  type GatewaySettings,
  gatewayBounds,
  gatewayDefaults,
  gatewayIdPattern,
} from "../../../protocol/gateway-settings.js";
import { settingFields } from "../../state/stored-gateway.js";
import { withoutUndefined } from "../../without-undefined.js";
import { ApiError, apiErrorCodes } from "../api-error.js";
import { paging, searchText } from "../list-query.js";
import { parse } from "../parse.js";

const bounded = ({ min, max }: { readonly min: number; readonly max: number }) =>
  z.int().min(min).max(max).nullable();

type Numbers = { [Name in keyof typeof gatewayBounds]: ReturnType<typeof bounded> };
const numbers = Object.fromEntries(
  Object.entries(gatewayBounds).map(([name, bounds]) => [name, bounded(bounds)]),
) as Numbers;

/** What is kept is what is taken, but for these. */
const taken = z.strictObject({
  ...settingFields,
  ...numbers,
  // Cloudflare was seen to store an explicit null as 0.
  cache_ttl: numbers.cache_ttl.transform((seconds) => seconds ?? 0),
  // A gateway without a store shows "".
  store_id: settingFields.store_id.nullable().transform((id) => id ?? ""),
});

/** Settings every POST and PUT must carry; the others fall back to the product's defaults. */
const required = {
  cache_invalidate_on_update: true,
  cache_ttl: true,
  collect_logs: true,
  rate_limiting_interval: true,
  rate_limiting_limit: true,
} as const;

const settings = taken.partial().extend(taken.pick(required).shape);

export const gatewayId = z
  .string()
  .min(1)
  .max(GATEWAY_ID_MAX_LENGTH)
  .regex(gatewayIdPattern, `must match ${gatewayIdPattern}`);

const newGateway = settings.extend({ id: gatewayId });

/** @throws {ApiError} 400/7001 */
export function parseNewGateway(body: unknown): { id: string; settings: GatewaySettings } {
  const { id, ...given } = parse(newGateway, body, "validation", told);
  return { id, settings: withDefaults(given) };
}

/**
 * The whole of the mutable settings: one that is left out goes back to its default. What only
 * Cloudflare sets may come along, as clients send back what they have read.
 *
 * @throws {ApiError} 400/7001
 */
export function parseGatewaySettings(gatewayId: string, body: unknown): GatewaySettings {
  const replacement = settings.extend({
    id: z.literal(gatewayId, "cannot be changed; make another gateway instead").optional(),
    created_at: z.unknown().optional(),
    modified_at: z.unknown().optional(),
    is_default: z.unknown().optional(),
  });
  const { id, created_at, modified_at, is_default, ...given } = parse(
    replacement,
    body,
    "validation",
    told,
  );
  return withDefaults(given);
}

function withDefaults(given: z.output<typeof settings>): GatewaySettings {
  refuseSameIds(given as Partial<GatewaySettings>);
  return { ...gatewayDefaults, ...withoutUndefined(given) };
}

/** What is told of a fault: the value too, where it cannot be a secret, as the whole body can. */
const told = {
  showValues: ([setting]: readonly PropertyKey[]) =>
    setting !== undefined && setting !== "otel" && setting !== "stripe",
};

/** What Cloudflare makes of two rules with one id is not known. */
function refuseSameIds({ spend_limits }: Pick<Partial<GatewaySettings>, "spend_limits">): void {
  const ids = spend_limits?.rules.map(({ id }) => id) ?? [];
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice === undefined) return;
  throw new ApiError(501, [
    {
      code: apiErrorCodes.notEmulated,
      message: `Not emulated: two spend limit rules with the id "${twice}". Give each an id of its own.`,
      path: ["body", "spend_limits", "rules"],
    },
  ]);
}

export const gatewayListQuery = z.strictObject({ ...paging, search: searchText });
