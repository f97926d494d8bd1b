import { z } from "zod";
import { notEmulated } from "../api-error.js";
import { direction, openPaging, queryFlag } from "../list-query.js";
import { parse } from "../parse.js";
import { findPermissionGroup, permissionGroups } from "./permission-groups.js";

const policy = z.strictObject({
  /** Clients send back what they have read. */
  id: z.string().optional(),
  effect: z.enum(["allow", "deny"]),
  permission_groups: z
    .array(
      z.strictObject({
        id: z.string(),
        name: z.string().optional(),
        meta: z.record(z.string(), z.string()).optional(),
      }),
    )
    .min(1),
  resources: z.record(z.string(), z.unknown()),
});

const ipRanges = z.array(z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()])).optional();
const time = z.iso.datetime({ offset: true });

const newToken = z.strictObject({
  name: z.string().min(1).max(120),
  policies: z.array(policy).min(1),
  condition: z
    .strictObject({ request_ip: z.strictObject({ in: ipRanges, not_in: ipRanges }).optional() })
    .optional(),
  expires_on: time.optional(),
  not_before: time.optional(),
});

const tokenUpdate = newToken.extend({ status: z.enum(["active", "disabled"]).optional() });

/** Query of the list of tokens. */
export const tokensQuery = z.strictObject({
  ...openPaging,
  direction: direction.default("asc"),
  include_expired: queryFlag.prefault("false"),
});

/** Query of the list of permission groups. */
export const groupsQuery = z.strictObject({
  name: z.string().optional(),
  scope: z.string().optional(),
});

/** What the body says, and which groups its policies name. */
export interface ParsedToken extends z.output<typeof tokenUpdate> {
  readonly permissionGroupIds: readonly string[];
}

/** Body of POST `/tokens`. @throws {ApiError} 400/1000, or 501 for a policy that is not emulated. */
export function parseNewToken(accountId: string, body: unknown): ParsedToken {
  return withGroups(accountId, parse(newToken, body, "accountToken", { showValues: true }));
}

/** Body of PUT `/tokens/:token`, which replaces everything but the value. @throws {ApiError} as POST */
export function parseTokenUpdate(accountId: string, body: unknown): ParsedToken {
  return withGroups(accountId, parse(tokenUpdate, body, "accountToken", { showValues: true }));
}

function withGroups(accountId: string, token: z.output<typeof tokenUpdate>): ParsedToken {
  const whole = `com.cloudflare.api.account.${accountId}`;
  for (const { effect, resources } of token.policies) {
    const [[resource, reach] = [], ...more] = Object.entries(resources);
    if (effect !== "allow" || resource !== whole || reach !== "*" || more.length > 0) {
      throw notEmulated(
        `a token's policy other than {"effect":"allow","resources":{"${whole}":"*"}}.`,
      );
    }
  }
  const ids = token.policies.flatMap((one) => one.permission_groups.map(({ id }) => id));
  const unknown = ids.find((id) => !findPermissionGroup(id));
  if (unknown !== undefined) {
    const known = permissionGroups.map(({ name, id }) => `${name} (${id})`).join(", ");
    throw notEmulated(`the permission group "${unknown}". The emulator has ${known}.`);
  }
  return { ...token, permissionGroupIds: [...new Set(ids)] };
}
