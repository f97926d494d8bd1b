import type { Construct } from "constructs";
import { gatewayKey, isGateway } from "../ai-gateway/is-gateway.js";
import { refuseNamesakes } from "../recovery/namesakes.js";
import type { RestResource } from "../rest-api/rest-resource.js";
import { isToken } from "../terraform-text.js";

export interface NamedPolicy {
  readonly gateway: unknown;
  /** Path of the gateway's policies. */
  readonly path: string;
  readonly name: unknown;
  readonly policy: RestResource;
}

/**
 * Refuses another policy of the same name at a gateway, such as the answer to a creation leaves that is lost. Both are
 * enforced, so it counts whenever it was made, and whether the stack's own was made by it or imported.
 */
export function checkPolicyNames(
  owner: Construct,
  { gateway, path, name, policy }: NamedPolicy,
): void {
  if (!isGateway(gateway) || typeof name !== "string" || isToken(name)) return;
  refuseNamesakes(owner, {
    listing: { id: "Names", path, key: gatewayKey(gateway) },
    name,
    resource: policy,
    problem: (ids) =>
      `the gateway has another policy of this name, which is enforced too; an answer that was lost leaves one. Delete it by its id, ${ids}, or give this policy another name.`,
  });
}
