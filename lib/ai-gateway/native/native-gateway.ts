import type { TerraformResourceLifecycle } from "cdktf";
import type { Construct } from "constructs";
import type { GatewaySettings } from "../../../protocol/gateway-settings.js";
import { Cloudflare } from "../../cloudflare.js";
import { reportProblems } from "../../report-problems.js";
import { escapeTemplate } from "../../terraform-text.js";
import type { AiGatewayProps } from "../ai-gateway-props.js";
import { NativeGatewayResource } from "./native-gateway-resource.js";
import { renderNativeSettings } from "./native-settings.js";
import { checkProviderVersion } from "./provider-version.js";

type GatewayWithProps = Construct & { readonly props: AiGatewayProps };
type Settings = Readonly<Partial<Record<keyof GatewaySettings, unknown>>>;

/** A gateway as the provider's own resource, from the same request body as over the generic one. */
export function addNativeGateway(
  gateway: GatewayWithProps,
  gatewayId: string,
  body: Settings,
): NativeGatewayResource {
  const cloudflare = Cloudflare.of(gateway);
  const problem = checkProviderVersion(cloudflare.requireNativeGateways());
  reportProblems(gateway, problem === undefined ? [] : [problem]);
  const settings = { ...body, ...turnedOff(gateway.props) };
  return new NativeGatewayResource(gateway, "Resource", {
    accountId: cloudflare.accountId,
    gatewayId,
    settings: renderNativeSettings(settings),
    lifecycle: lifecycleOf(gateway.node.path, settings),
  });
}

/** The id Terraform imports a gateway by. */
export const renderNativeImportId = (gateway: Construct, gatewayId: string): string =>
  `${Cloudflare.of(gateway).accountId}/${gatewayId}`;

/**
 * Settings that are not in the provider's PUT where they are not declared: it is the API that decides what becomes of
 * them. With each, what is true while it is off. All other settings are written when they are off, or sent as null.
 */
const leftOut = {
  otel: { prop: "otel", off: "try(length(self.otel), 0) == 0" },
  spend_limits: {
    prop: "spendLimits",
    off: "try(self.spend_limits.enabled, false) != true || try(length(self.spend_limits.rules), 0) == 0",
  },
} as const satisfies Partial<Record<keyof GatewaySettings, object>>;

/** An empty array sends them as "off". */
function turnedOff({ otel, spendLimits }: AiGatewayProps): Settings {
  return {
    ...(isEmpty(otel) && { otel: [] }),
    ...(isEmpty(spendLimits) && { spend_limits: { enabled: false, rules: [] } }),
  };
}

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/** A setting that is not declared and is still on fails the apply: nothing else would say so. */
function lifecycleOf(path: string, settings: Settings): TerraformResourceLifecycle {
  const postcondition = Object.entries(leftOut)
    .filter(([key]) => (settings[key as keyof typeof leftOut] ?? null) === null)
    .map(([, { prop, off }]) => ({
      condition: `\${${off}}`,
      errorMessage: escapeTemplate(
        `${path}: ${prop} is not declared, but is still on: Cloudflare kept it, because cloudflare_ai_gateway does not send it then. Write ${prop}: [] to turn it off, or declare it.`,
      ),
    }));
  return postcondition.length > 0 ? { postcondition } : {};
}
