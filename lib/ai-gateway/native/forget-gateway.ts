import type { TerraformResource } from "cdktf";
import type { Construct } from "constructs";
import type { GatewayProvider } from "../../cloudflare.js";
import { RestOperation } from "../../rest-api/rest-operation.js";
import { RestResource } from "../../rest-api/rest-resource.js";
import { NativeGatewayResource } from "./native-gateway-resource.js";
import { RemovedFromState } from "./removed-from-state.js";

/** Ids of the operations that a gateway over restful may have beside its resource. */
const operationIds: readonly string[] = [];

/** Lets Terraform forget what a provider declares of a gateway. */
export function forgetGatewayOf(
  gateway: Construct,
  provider: GatewayProvider,
  resource: TerraformResource,
): void {
  // The names in the state are made from the constructs' paths, and those are the same for both providers.
  const name = () => resource.friendlyUniqueId;
  if (provider === "cloudflare") {
    new RemovedFromState(gateway, "Moved", NativeGatewayResource.tfResourceType, name);
    return;
  }
  new RemovedFromState(gateway, "Moved", RestResource.tfResourceType, name);
  for (const id of operationIds) {
    new RemovedFromState(gateway, id, RestOperation.tfResourceType);
  }
}
