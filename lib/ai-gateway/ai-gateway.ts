import { Fn } from "cdktf";
import type { Construct } from "constructs";
import { GATEWAY_ID_MAX_LENGTH } from "../../protocol/gateway-settings.js";
import { gatewaysPath } from "../../protocol/urls.js";
import { Cloudflare } from "../cloudflare.js";
import type { GatewayProvider } from "../cloudflare-props.js";
import { defaultName } from "../default-name.js";
import { protectFromDeletion } from "../deletion-protection.js";
import { claimOne } from "../one-owner.js";
import { show } from "../prop-rules.js";
import { gatewayListing } from "../recovery/gateway-listing.js";
import { recoverLostCreate } from "../recovery/lost-create.js";
import { reportHints } from "../report-hints.js";
import { RestResource } from "../rest-api/rest-resource.js";
import { soundProps } from "../sound-props.js";
import { isToken } from "../terraform-text.js";
import { type GatewayBody, renderGatewayBody } from "./ai-gateway-body.js";
import { hintsFor } from "./ai-gateway-hints.js";
import { AiGatewayBase, type IAiGateway } from "./ai-gateway-interface.js";
import type { AiGatewayProps } from "./ai-gateway-props.js";
import { checkGatewayId, gatewayRules, validateGatewayProps } from "./ai-gateway-validation.js";
import { settingsWithSecrets } from "./gateway-put.js";
import { renderGatewayImportId } from "./gateway-reading.js";
import { forgetOtherProvider } from "./native/forget-other-provider.js";
import { addNativeGateway, renderNativeImportId } from "./native/native-gateway.js";
import { NativeGatewayResource } from "./native/native-gateway-resource.js";
import { validateNativeProps } from "./native/native-validation.js";
import { addRestGateway, takeOverRestGateway } from "./rest-gateway.js";

const defaultIdOptions = { maxLength: GATEWAY_ID_MAX_LENGTH, underscores: true } as const;

/**
 * A Cloudflare AI Gateway.
 *
 * Changes are made in place; only another `gatewayId` replaces the gateway. A gateway that exists already
 * under the id is refused at deploy, unless one that failed within the last day created it: see {@link AiGateway.importFrom}.
 *
 * @throws {@link UsageError} where the stack has no {@link Cloudflare}
 * @see https://developers.cloudflare.com/ai-gateway/
 *
 * @example
 * ```ts
 * const gateway = new AiGateway(stack, "gateway", { cacheTtl: 60 });
 * gateway.bind(worker, aiGatewayBinding("GATEWAY"));
 * ```
 */
export class AiGateway extends AiGatewayBase {
  /** A gateway of the same account that is declared elsewhere. Nothing is created or changed. */
  static fromGatewayId(scope: Construct, id: string, gatewayId: string): IAiGateway {
    return new ImportedAiGateway(scope, id, gatewayId);
  }

  /** The gateway's Terraform resource, for what the props do not cover. */
  readonly resource: RestResource | NativeGatewayResource;

  /** The provider that declares the gateway. */
  readonly gatewayProvider: GatewayProvider;

  /** The settings as they were given, for policies to look at. */
  readonly props: AiGatewayProps;

  /** What can be rendered of the props. */
  readonly #renderable: AiGatewayProps;
  readonly #path: string;
  readonly #configuredId: string;
  #gatewayId: string | undefined;

  constructor(scope: Construct, id: string, props: AiGatewayProps = {}) {
    super(scope, id);
    const renderable = soundProps(this, gatewayRules, props);
    this.#renderable = renderable;
    this.props = props;
    this.#configuredId = renderable.gatewayId ?? defaultName(this, defaultIdOptions);
    const cloudflare = Cloudflare.of(this);
    this.#path = gatewaysPath(cloudflare.accountId);
    this.gatewayProvider = props.gatewayProvider ?? cloudflare.gatewayProvider;
    const body = renderGatewayBody(this.#configuredId, renderable);
    this.resource =
      this.gatewayProvider === "cloudflare"
        ? addNativeGateway(this, this.#configuredId, body)
        : addRestGateway(this, { path: this.#path, body, props: renderable });
    this.#claimId(cloudflare.accountId);
    protectFromDeletion(this, [this.resource], props.deletionProtection);
    forgetOtherProvider(this, this.resource);
    recoverLostCreate(this.resource, {
      listing: gatewayListing(cloudflare.accountId),
      name: this.#configuredId,
      importId: (gatewayId) => this.#importId(gatewayId, body),
    });
    this.#report(props);
  }

  get declaredId(): string {
    return this.#configuredId;
  }

  /** From the resource's id, which an update keeps: what depends on it stays known in plans. */
  get gatewayId(): string {
    this.#gatewayId ??=
      this.resource instanceof NativeGatewayResource
        ? this.resource.id
        : (Fn.basename(this.resource.id) as string);
    return this.#gatewayId;
  }

  /**
   * Takes over a gateway that exists already, at the next deploy, instead of creating it: one that was made by
   * hand, or by the other `gatewayProvider`. Its settings become this construct's. Needs Terraform on PATH at synth.
   *
   * The call may stay for good: where the gateway is in the state, it does nothing. When it goes, the plan has notes to add
   * and to change, of which nothing is sent, and maybe one `restful_operation`, which sends what the gateway has already.
   *
   * @param gatewayId Id of the existing gateway, as a confirmation @default this gateway's own id
   *
   * @example
   * ```ts
   * new AiGateway(stack, "gateway", { gatewayId: "made-by-hand" }).importFrom("made-by-hand");
   * ```
   */
  importFrom(gatewayId: string = this.#configuredId): void {
    if (gatewayId !== this.#configuredId) {
      const problem = `importFrom: got ${show(gatewayId)}, but this gateway's id is ${show(this.#configuredId)}; Terraform would delete the one and create the other. Set gatewayId to the id of the gateway to import.`;
      this.node.addValidation({ validate: () => [problem] });
    }
    const props = this.#renderable;
    const body = renderGatewayBody(this.#configuredId, props);
    this.resource.importFrom(this.#importId(gatewayId, body));
    if (this.resource instanceof RestResource) {
      takeOverRestGateway(this, this.resource, { path: this.#path, body, props });
    }
  }

  #importId(gatewayId: string, body: GatewayBody): string {
    return this.gatewayProvider === "cloudflare"
      ? renderNativeImportId(this, gatewayId)
      : renderGatewayImportId(this.#path, gatewayId, {
          body,
          withSecrets: settingsWithSecrets(this.#renderable),
        });
  }

  #claimId(accountId: string): void {
    const id = this.#configuredId;
    if (isToken(id)) {
      return;
    }
    claimOne(
      this,
      ["gateway", accountId, id],
      (first) =>
        `gatewayId: ${show(id)} is the id of ${first} already; each of them would overwrite and delete the other. Give this gateway another gatewayId, or declare it once and pass it on.`,
    );
  }

  #report(props: AiGatewayProps): void {
    const problems = [
      ...validateGatewayProps(props),
      ...(this.gatewayProvider === "cloudflare" ? validateNativeProps(props) : []),
    ];
    if (problems.length > 0) {
      this.node.addValidation({ validate: () => [...problems] });
    }
    reportHints(this, hintsFor(this.#renderable));
  }
}

class ImportedAiGateway extends AiGatewayBase {
  readonly gatewayId: string;
  readonly declaredId: string;

  constructor(scope: Construct, id: string, gatewayId: string) {
    super(scope, id);
    this.gatewayId = gatewayId;
    this.declaredId = gatewayId;
    const problem = isToken(gatewayId) ? undefined : checkGatewayId("gatewayId", gatewayId);
    if (problem !== undefined) {
      this.node.addValidation({ validate: () => [problem] });
    }
  }
}
