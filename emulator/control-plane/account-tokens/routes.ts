import { createHash } from "node:crypto";
import { Hono } from "hono";
import { randomApiToken, randomHex } from "../../ids.js";
import type { StoredAccountToken } from "../../state/stored-products.js";
import { withoutUndefined } from "../../without-undefined.js";
import { missing } from "../api-error.js";
import { readBearer } from "../authenticate.js";
import { success } from "../envelope.js";
import { pageOf, parseQuery } from "../list-query.js";
import { type ProductOptions, timestamp } from "../product-options.js";
import { readJson } from "../read-body.js";
import { type AccountTokens, hashToken } from "./account-tokens.js";
import { findPermissionGroup, permissionGroups } from "./permission-groups.js";
import {
  groupsQuery,
  type ParsedToken,
  parseNewToken,
  parseTokenUpdate,
  tokensQuery,
} from "./schema.js";

export interface AccountTokenRoutesOptions extends Pick<ProductOptions, "products" | "clock"> {
  readonly accountId: string;
  readonly tokens: AccountTokens;
}

/**
 * API tokens that the account owns, below `/accounts/:account/tokens`. A value is told once: in the
 * answer that makes it.
 * @see https://developers.cloudflare.com/api/resources/accounts/subresources/tokens/
 */
export function accountTokenRoutes(options: AccountTokenRoutesOptions): Hono {
  const { products, clock, accountId, tokens } = options;
  const rows = products.accountTokens;
  const routes = new Hono();

  const find = (id: string): StoredAccountToken => rows.get(id) ?? tokenNotFound(id);
  const render = (token: StoredAccountToken) => renderToken(token, tokens.statusOf(token));

  routes.get("/permission_groups", (c) => {
    const { name, scope } = parseQuery(groupsQuery, c.req.query(), "accountToken");
    const found = permissionGroups.filter(
      (group) =>
        (name === undefined || group.name === name) &&
        (scope === undefined || group.scopes.includes(scope)),
    );
    return success(found.map(({ allows, ...group }) => group));
  });

  routes.get("/verify", (c) => {
    const token = tokens.find(readBearer(c.req.raw) ?? "");
    // Whoever gets here otherwise has the emulator's own token, which is no row.
    if (!token) return success({ id: ownTokenId(accountId), status: "active" });
    const { id, expires_on, not_before } = token;
    return success({ id, status: tokens.statusOf(token), expires_on, not_before });
  });

  routes.get("/", (c) => {
    const asked = parseQuery(tokensQuery, c.req.query(), "accountToken");
    const shown = rows
      .list()
      .filter((token) => asked.include_expired || tokens.statusOf(token) !== "expired")
      .map(render);
    return pageOf(asked.direction === "desc" ? shown.reverse() : shown, asked);
  });

  routes.post("/", async (c) => {
    const given = parseNewToken(accountId, await readJson(c.req.raw, "accountToken"));
    const value = randomApiToken();
    const now = timestamp(clock);
    const token: StoredAccountToken = {
      ...settingsOf(given),
      id: randomHex(16),
      status: "active",
      value_sha256: hashToken(value),
      issued_on: now,
      modified_on: now,
    };
    await rows.put(() => token);
    return success({ ...render(token), value });
  });

  routes.get("/:token", (c) => success(render(find(c.req.param("token")))));

  routes.put("/:token", async (c) => {
    const { id } = find(c.req.param("token"));
    const given = parseTokenUpdate(accountId, await readJson(c.req.raw, "accountToken"));
    const updated = await rows.change(id, tokenNotFound, ({ status, value_sha256, issued_on }) => ({
      ...settingsOf(given),
      id,
      status: given.status ?? status,
      value_sha256,
      issued_on,
      modified_on: timestamp(clock),
    }));
    return success(render(updated));
  });

  routes.put("/:token/value", async (c) => {
    const { id } = find(c.req.param("token"));
    const value = randomApiToken();
    await rows.change(id, tokenNotFound, (token) => ({
      ...token,
      value_sha256: hashToken(value),
      modified_on: timestamp(clock),
    }));
    return success(value);
  });

  routes.delete("/:token", async (c) => {
    const { id } = await rows.remove(c.req.param("token"), tokenNotFound);
    return success({ id });
  });

  return routes;
}

type Settings = Pick<
  StoredAccountToken,
  "name" | "policies" | "permission_group_ids" | "condition" | "expires_on" | "not_before"
>;

function settingsOf({ permissionGroupIds, status, ...given }: ParsedToken): Settings {
  const { name, condition, expires_on, not_before } = given;
  return {
    name,
    permission_group_ids: [...permissionGroupIds],
    policies: given.policies.map((policy) => ({
      id: policy.id ?? randomHex(16),
      effect: policy.effect,
      resources: policy.resources,
      permission_groups: policy.permission_groups.map(({ id }) => ({
        id,
        name: findPermissionGroup(id)?.name,
      })),
    })),
    ...(condition?.request_ip && {
      condition: { request_ip: withoutUndefined(condition.request_ip) },
    }),
    ...(expires_on === undefined ? {} : { expires_on }),
    ...(not_before === undefined ? {} : { not_before }),
  };
}

/** Never with the value. */
function renderToken(
  { value_sha256, permission_group_ids, ...token }: StoredAccountToken,
  status: string,
): Record<string, unknown> {
  return { ...token, status };
}

const ownTokenId = (accountId: string): string =>
  createHash("sha256").update(`the emulator's own token ${accountId}`).digest("hex").slice(0, 32);

const tokenNotFound = missing(
  "accountTokenNotFound",
  "API token not found",
  (id) => `The emulator has no account token with the id "${id}".`,
);
