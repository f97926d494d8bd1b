import type { Construct } from "constructs";
import { RemovedFromState } from "../../removed-from-state.js";
import { RestOperation } from "../../rest-api/rest-operation.js";
import { RestResource } from "../../rest-api/rest-resource.js";
import { GATEWAY_PUT_ID } from "../rest-gateway.js";
import { NativeGatewayResource } from "./native-gateway-resource.js";

/**
 * Lets Terraform forget what the other provider declared of a gateway, so that a change of the provider never
 * deletes the gateway. The names in the state are made from the constructs' paths, which stay the same.
 */
export function forgetOtherProvider(
  gateway: Construct,
  resource: RestResource | NativeGatewayResource,
): void {
  const name = () => resource.friendlyUniqueId;
  if (resource instanceof RestResource) {
    new RemovedFromState(gateway, "Native", NativeGatewayResource.tfResourceType, name);
    return;
  }
  new RemovedFromState(gateway, "Restful", RestResource.tfResourceType, name);
  new RemovedFromState(gateway, GATEWAY_PUT_ID, RestOperation.tfResourceType);
}
