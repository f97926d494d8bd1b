import { gatewaysPath } from "../../protocol/urls.js";
import { isGateway } from "../ai-gateway/is-gateway.js";
import { Cloudflare } from "../cloudflare.js";
import { isToken } from "../terraform-text.js";
import type { Listing } from "./existing-objects.js";

/** All gateways of an account. */
export const gatewayListing = (accountId: string): Listing => ({
  listId: "gateways",
  path: gatewaysPath(accountId),
  name: ["id"],
  id: "id",
  createdAt: "created_at",
});

/** What a list of a gateway is, beside its place. */
export interface GatewayMembers extends Pick<Listing, "items" | "name" | "createdAt"> {
  /** Last word of the list's path. */
  readonly kind: string;
}

/**
 * A list of what a gateway has. None where only Terraform knows the gateway's id: the list is read when Terraform
 * plans, also before the gateway is there.
 */
export function listingOfGateway(
  gateway: unknown,
  { kind, ...members }: GatewayMembers,
): Listing | undefined {
  if (!isGateway(gateway) || typeof gateway.declaredId !== "string") return undefined;
  const { declaredId } = gateway;
  if (isToken(declaredId)) return undefined;
  const listing = gatewayListing(Cloudflare.of(gateway).accountId);
  return {
    listId: `${kind}-of-${declaredId}`,
    path: `${listing.path}/${declaredId}/${kind}`,
    owner: { listing, name: declaredId },
    id: "id",
    ...members,
  };
}

/** One object of a gateway, where its path ends with its name and the form of the list is not documented. */
export interface GatewayMember extends Pick<Listing, "createdAt"> {
  /** Last word of the list's path. */
  readonly kind: string;

  /** Key of the name. */
  readonly key: string;

  readonly name: string;
}

/**
 * The one object of a gateway that has a name, or nothing. It is read as Terraform reads it once it is in the state, so
 * a plan does not depend on more than before.
 */
export function memberOfGateway(
  gateway: unknown,
  { kind, key, name, createdAt }: GatewayMember,
): Listing | undefined {
  const list = listingOfGateway(gateway, { kind, name: [key], createdAt });
  if (list === undefined || typeof name !== "string" || isToken(name)) return undefined;
  const path = `${list.path}/${name}`;
  // No gateway's id has a dot: two of these are never alike.
  const listId = `${list.listId}.${name}`;
  return { ...list, listId, collection: list.path, path, id: key, single: true };
}
