import type { TerraformResourceLifecycle } from "cdktf";
import type { Construct } from "constructs";
import type { GatewaySettings } from "../../../protocol/gateway-settings.js";
import { Cloudflare } from "../../cloudflare.js";
import { escapeTemplate } from "../../terraform-text.js";
import { NativeGatewayResource } from "./native-gateway-resource.js";
import { renderNativeSettings } from "./native-settings.js";

type Settings = Readonly<Partial<Record<keyof GatewaySettings, unknown>>>;

/** A gateway as the provider's own resource, from the same request body as over the generic one. */
export function addNativeGateway(
  gateway: Construct,
  gatewayId: string,
  body: Settings,
): NativeGatewayResource {
  const cloudflare = Cloudflare.of(gateway);
  cloudflare.requireNativeGateways();
  return new NativeGatewayResource(gateway, "Resource", {
    accountId: cloudflare.accountId,
    gatewayId,
    settings: renderNativeSettings(body),
    lifecycle: lifecycleOf(gateway.node.path, body),
  });
}

/** The id Terraform imports a gateway by. */
export const renderNativeImportId = (gateway: Construct, gatewayId: string): string =>
  `${Cloudflare.of(gateway).accountId}/${gatewayId}`;

/**
 * Settings the provider leaves as they are where they are not written, with what is true while they are off.
 * All others are written when they are off, or Terraform sees that they were removed.
 */
const sticky = {
  otel: { prop: "otel", off: "try(length(self.otel), 0) == 0" },
  spend_limits: {
    prop: "spendLimits",
    off: "try(self.spend_limits.enabled, false) != true",
  },
} as const satisfies Partial<Record<keyof GatewaySettings, object>>;

/** A removed setting that stays on fails the plan: nothing else would say so. */
function lifecycleOf(path: string, body: Settings): TerraformResourceLifecycle {
  const postcondition = Object.entries(sticky)
    .filter(([key]) => (body[key as keyof typeof sticky] ?? null) === null)
    .map(([key, { prop, off }]) => ({
      condition: `\${${off}}`,
      errorMessage: escapeTemplate(
        `${path}: ${prop} is not declared, but the gateway has it, and cloudflare_ai_gateway leaves ${key} as it is where nothing is said. Declare it, turn it off in the dashboard, or deploy once with gatewayProvider: "restful".`,
      ),
    }));
  return postcondition.length > 0 ? { postcondition } : {};
}
