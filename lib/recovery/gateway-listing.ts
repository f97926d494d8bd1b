import { gatewaysPath } from "../../protocol/urls.js";
import type { IAiGateway } from "../ai-gateway/ai-gateway-interface.js";
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
  gateway: IAiGateway | undefined,
  { kind, ...members }: GatewayMembers,
): Listing | undefined {
  // Plain JavaScript may leave the gateway out; its own check says so.
  const { declaredId } = gateway ?? {};
  if (gateway === undefined || typeof declaredId !== "string" || isToken(declaredId)) {
    return undefined;
  }
  const listing = gatewayListing(Cloudflare.of(gateway).accountId);
  return {
    listId: `${kind}-of-${declaredId}`,
    path: `${listing.path}/${declaredId}/${kind}`,
    owner: { listing, name: declaredId },
    id: "id",
    ...members,
  };
}
