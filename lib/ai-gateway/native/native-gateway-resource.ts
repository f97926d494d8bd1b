import { type TerraformMetaArguments, TerraformResource } from "cdktf";
import type { Construct } from "constructs";
import { gatewaysPath } from "../../../protocol/urls.js";

/** Attributes of `cloudflare_ai_gateway`, in the provider's own spelling. */
export interface NativeGatewayConfig extends Pick<TerraformMetaArguments, "lifecycle"> {
  readonly accountId: string;
  readonly gatewayId: string;

  /** Everything else: settings, as `cloudflare_ai_gateway` names them. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/**
 * The provider's own `cloudflare_ai_gateway`.
 *
 * @see https://registry.terraform.io/providers/cloudflare/cloudflare/5.22.0/docs/resources/ai_gateway
 */
export class NativeGatewayResource extends TerraformResource {
  static readonly tfResourceType = "cloudflare_ai_gateway";

  readonly #config: NativeGatewayConfig;

  constructor(scope: Construct, id: string, config: NativeGatewayConfig) {
    super(scope, id, {
      terraformResourceType: NativeGatewayResource.tfResourceType,
      terraformGeneratorMetadata: { providerName: "cloudflare" },
      ...(config.lifecycle && { lifecycle: config.lifecycle }),
    });
    this.#config = config;
  }

  /** The gateway's own id. */
  get id(): string {
    return this.getStringAttribute("id");
  }

  /** What makes it this gateway: another value replaces it. The same as over the other provider. */
  get identity(): unknown {
    const { accountId, gatewayId } = this.#config;
    return [gatewaysPath(accountId), gatewayId];
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    const { accountId, gatewayId, settings } = this.#config;
    return { account_id: accountId, id: gatewayId, ...settings };
  }
}
