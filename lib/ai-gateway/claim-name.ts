import type { Construct } from "constructs";
import { claimOne } from "../one-owner.js";
import { show } from "../prop-rules.js";
import { isToken } from "../terraform-text.js";
import { gatewayKey, isGateway } from "./is-gateway.js";

/** Reports at synth a second construct of a gateway under one name. What is no gateway is reported by its rule. */
export function claimName(owner: Construct, kind: string, gateway: unknown, name: string): void {
  if (isToken(name) || !isGateway(gateway)) {
    return;
  }
  claimOne(
    owner,
    [kind, gatewayKey(gateway), name],
    (first) =>
      `name: ${show(name)} is the name of ${first} already; a gateway has one ${kind} of a name. Choose another one.`,
  );
}
