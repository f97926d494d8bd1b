import type { Construct } from "constructs";
import { gatewayPath } from "../../protocol/urls.js";
import type { IAiGateway } from "../ai-gateway/ai-gateway-interface.js";
import { gatewayIdOf, gatewayRule } from "../ai-gateway/is-gateway.js";
import { Cloudflare } from "../cloudflare.js";
import { deletionProtectionRule, protectFromDeletion } from "../deletion-protection.js";
import { claimOne } from "../one-owner.js";
import { applyRules, type PropRules, show } from "../prop-rules.js";
import { memberOfGateway } from "../recovery/gateway-listing.js";
import { recoverLostCreate } from "../recovery/lost-create.js";
import { reportProblems } from "../report-problems.js";
import { ImmutableRestResource } from "../rest-api/immutable-rest-resource.js";
import { renderImportId } from "../rest-api/import-id.js";
import type { RestResource } from "../rest-api/rest-resource.js";
import { soundProps, textOrNone } from "../sound-props.js";
import { isToken } from "../terraform-text.js";
import { checkId } from "../text-checks.js";
import { checkHostname } from "../workers/worker-custom-domain.js";
import { CustomDomainBase, type ICustomDomain } from "./custom-domain-interface.js";

export interface CustomDomainProps {
  /** The gateway that answers. */
  readonly gateway: IAiGateway;

  /** The whole name, such as `ai.example.com`: lower case, no `*`, no path. */
  readonly hostname: string;

  /** The zone the hostname is in. */
  readonly zoneId: string;

  /**
   * Refuses every plan that would delete the domain.
   * @default true in a production stage, otherwise false
   */
  readonly deletionProtection?: boolean;
}

/** What a custom domain's props are checked for. */
export const customDomainRules: PropRules<CustomDomainProps> = {
  gateway: gatewayRule("custom-domain-gateway"),
  hostname: [{ name: "custom-domain-hostname", check: ({ hostname }) => checkHostname(hostname) }],
  zoneId: [{ name: "custom-domain-zone-id", check: ({ zoneId }) => checkId("zoneId", zoneId)[0] }],
  deletionProtection: deletionProtectionRule("custom-domain-deletion-protection"),
};

/** Read to be shown; what it was made with is not compared. */
const readSelector = 'result.{"domain":hostname,status,cname_target}';

/**
 * A hostname of your own in front of a gateway: account and gateway are left out of its URLs, and Cloudflare Access
 * can guard it.
 *
 * The API makes no DNS record: declare a proxied CNAME record to {@link CustomDomain.cnameTarget}. Every change
 * replaces the domain: for a moment the name does not answer. Cloudflare has not settled this API yet.
 *
 * @throws {@link UsageError} where the stack has no {@link Cloudflare}
 * @see https://developers.cloudflare.com/ai-gateway/configuration/custom-domains/
 *
 * @example
 * ```ts
 * const domain = new CustomDomain(stack, "domain", {
 *   gateway,
 *   hostname: "ai.example.com",
 *   zoneId: "023e105f4ecef8ad9ca31a8372d0c353",
 * });
 * const url = domain.providerUrl("openai"); // https://ai.example.com/openai
 * ```
 */
export class CustomDomain extends CustomDomainBase {
  /** A custom domain that is declared elsewhere. Nothing is created or changed. */
  static fromHostname(scope: Construct, id: string, hostname: string): ICustomDomain {
    return new ImportedCustomDomain(scope, id, hostname);
  }

  /** The domain's Terraform resource, for what the props do not cover. */
  readonly resource: RestResource;

  readonly hostname: string;

  readonly #path: string;

  constructor(scope: Construct, id: string, props: CustomDomainProps) {
    super(scope, id);
    const sound = soundProps(this, customDomainRules, props);
    const { gateway, zoneId } = sound;
    const hostname = textOrNone(props.hostname);
    this.hostname = hostname;
    this.#path = `${gatewayPath(Cloudflare.of(this).accountId, gatewayIdOf(gateway))}/custom-domains`;
    this.resource = new ImmutableRestResource(this, "Resource", {
      path: this.#path,
      body: { domain: hostname, zone_id: zoneId },
      createSelector: "result",
      readPath: "$(path)/$(body.hostname)",
      readSelector,
      outputAttrs: ["status", "cname_target"],
    });
    recoverLostCreate(this.resource, {
      listing: memberOfGateway(gateway, {
        kind: "custom-domains",
        key: "hostname",
        name: hostname,
        createdAt: "created_at",
      }),
      name: hostname,
      importId: (_, path) => this.#importId(path),
    });
    if (!isToken(hostname)) {
      claimOne(
        this,
        ["gateway hostname", hostname],
        (first) =>
          `hostname: ${show(hostname)} is the hostname of ${first} already; a hostname has one gateway. Remove one of the domains.`,
      );
    }
    protectFromDeletion(this, [this.resource], sound.deletionProtection);
    reportProblems(
      this,
      applyRules(customDomainRules, {
        ...props,
        gateway: props.gateway,
        hostname: props.hostname,
        zoneId: props.zoneId,
      }),
    );
  }

  /** What the hostname's CNAME record has to point to. */
  get cnameTarget(): string {
    return this.resource.output("cname_target");
  }

  /** `pending_dcv` until Cloudflare has seen the DNS record, as of the last deploy. */
  get status(): string {
    return this.resource.output("status");
  }

  /**
   * Takes over a custom domain that exists already, at the next deploy, instead of creating it. Its zone is not in
   * the API's answers, so what is declared is believed. Needs Terraform on PATH at synth, and may be removed after the
   * deploy.
   */
  importFrom(hostname: string = this.hostname): void {
    if (hostname !== this.hostname) {
      const problem = `importFrom: got ${show(hostname)}, but this domain's hostname is ${show(this.hostname)}. Set hostname to the one to import.`;
      reportProblems(this, [problem]);
    }
    this.resource.importFrom(this.#importId());
  }

  #importId(path: string = this.#path): string {
    return renderImportId({
      id: `${path}/${this.hostname}`,
      path,
      body: { domain: null },
      readSelector,
    });
  }
}

class ImportedCustomDomain extends CustomDomainBase {
  readonly hostname: string;

  constructor(scope: Construct, id: string, hostname: string) {
    super(scope, id);
    this.hostname = hostname;
    const problem = checkHostname(hostname);
    reportProblems(this, problem === undefined ? [] : [problem]);
  }
}
