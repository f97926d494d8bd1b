import { CloudflareProvider } from "@cdktf/provider-cloudflare/lib/provider";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { AI_GATEWAY_URL, accountSubdomainPath, CLOUDFLARE_API_URL } from "../protocol/urls.js";
import type { CloudflareProps, GatewayProvider } from "./cloudflare-props.js";
import { cloudflareRules } from "./cloudflare-validation.js";
import {
  invalidAccountId,
  invalidBaseUrl,
  missingAccountId,
  missingCloudflare,
  secondCloudflare,
} from "./errors.js";
import { applyPoliciesAbove } from "./policy-pack/policies-above.js";
import { applyRules } from "./prop-rules.js";
import { reportProblems } from "./report-problems.js";
import { RestDataSource } from "./rest-api/rest-data-source.js";
import { RestProvider } from "./rest-api/rest-provider.js";
import { REST_PROVIDER_VERSION } from "./rest-api/version.js";
import { SecretVariable } from "./secret-variable.js";
import { soundProps } from "./sound-props.js";
import { refuseNameClashes } from "./stages/name-clashes.js";
import { matches } from "./text-checks.js";

/** The version of `cloudflare/cloudflare` that the bindings were made from. */
export const CLOUDFLARE_PROVIDER_VERSION = "5.14.0";

/** The versions of `cloudflare/cloudflare` whose `cloudflare_ai_gateway` is the one written here. */
export const NATIVE_GATEWAY_PROVIDER_VERSION = "~> 5.22";

/** Answers that are worth another try; 520 to 524 are Cloudflare's own for an origin that did not answer. */
const retriedStatuses = [429, 500, 502, 503, 504, 520, 521, 522, 523, 524] as const;

/**
 * Tries of a call after the first, one second and then twice as long apart: a call that is never answered
 * fails after a minute. With every third call failing, 10 at a time, 20 gateways need 5 of them; with 3, which is the
 * provider's default, four deploys of ten fail.
 */
const RETRIES = 6;

const cloudflareOfStack = Symbol.for("cdktf-cloudflare-ai-gateway/cloudflare");

interface StackWithCloudflare extends TerraformStack {
  [cloudflareOfStack]?: Cloudflare;
}

/**
 * The Cloudflare account of a stack: the account's id, the two Terraform providers and the API token.
 * One per stack; the other constructs find it.
 *
 * The token is the Terraform variable `cloudflare_api_token`, sensitive and ephemeral, so that it is in
 * neither the synthesized JSON, nor the plan, nor the state.
 *
 * @throws {@link UsageError} without an account id, for a URL that is none, and for a second one in a stack
 * @see https://developers.cloudflare.com/fundamentals/api/get-started/create-token/
 *
 * @example
 * ```ts
 * // export CLOUDFLARE_ACCOUNT_ID=… TF_VAR_cloudflare_api_token=…
 * new Cloudflare(stack, "cloudflare");
 * ```
 */
export class Cloudflare extends Construct {
  /**
   * The nearest stack's Cloudflare construct.
   * @throws {@link UsageError} where the stack has none
   */
  static of(scope: Construct): Cloudflare {
    const stack: StackWithCloudflare = TerraformStack.of(scope);
    const cloudflare = stack[cloudflareOfStack];
    if (cloudflare === undefined) {
      throw missingCloudflare(scope.node.path);
    }
    return cloudflare;
  }

  readonly accountId: string;

  /** Where the REST API answers, without a slash at the end. */
  readonly baseUrl: string;

  /** Where the gateways answer, before account and gateway, without a slash at the end. */
  readonly aiGatewayBaseUrl: string;

  /** The API token: `export TF_VAR_cloudflare_api_token=…`. */
  readonly apiToken: SecretVariable;

  /** The provider of everything that goes through the generic REST resource. */
  readonly restProvider: RestProvider;

  /** The provider of the Workers' own resources. */
  readonly cloudflareProvider: CloudflareProvider;

  /** The provider that declares gateways which do not name one themselves. */
  readonly gatewayProvider: GatewayProvider;

  readonly #pinnedCloudflareVersion: string | undefined;
  readonly #workersDevSubdomain: string | undefined;
  #subdomain: RestDataSource | undefined;

  constructor(scope: Construct, id: string, props: CloudflareProps = {}) {
    super(scope, id);
    const sound = soundProps(this, cloudflareRules, props);
    const stack: StackWithCloudflare = TerraformStack.of(this);
    const first = stack[cloudflareOfStack];
    if (first !== undefined) {
      throw secondCloudflare(this.node.path, first.node.path);
    }
    stack[cloudflareOfStack] = this;
    applyPoliciesAbove(stack);
    refuseNameClashes(stack);

    // `||`: an exported but empty variable is as good as none.
    this.accountId = this.#checkedAccountId(
      props.accountId ?? (process.env.CLOUDFLARE_ACCOUNT_ID || undefined),
    );
    this.baseUrl = this.#checkedUrl(
      "baseUrl",
      props.baseUrl ?? (process.env.CLOUDFLARE_BASE_URL || CLOUDFLARE_API_URL),
    );
    this.aiGatewayBaseUrl = this.#checkedUrl(
      "aiGatewayBaseUrl",
      props.aiGatewayBaseUrl ?? (process.env.AI_GATEWAY_BASE_URL || AI_GATEWAY_URL),
    );
    this.#workersDevSubdomain = sound.workersDevSubdomain;

    this.apiToken = new SecretVariable(this, "cloudflare_api_token", {
      description: "Cloudflare API token. Set it with: export TF_VAR_cloudflare_api_token=…",
    });
    this.restProvider = new RestProvider(this, "restful", {
      baseUrl: this.baseUrl,
      security: { http: { token: { token: this.apiToken.stringValue } } },
      client: {
        retry: { statusCodes: retriedStatuses, count: RETRIES, waitInSec: 1 },
      },
      version: sound.providerVersions?.restful ?? REST_PROVIDER_VERSION,
    });
    this.cloudflareProvider = new CloudflareProvider(this, "provider", {
      apiToken: this.apiToken.stringValue,
      baseUrl: this.baseUrl,
    });
    this.gatewayProvider = sound.gatewayProvider ?? "restful";
    this.#pinnedCloudflareVersion = sound.providerVersions?.cloudflare;
    if (this.#pinnedCloudflareVersion !== undefined) {
      this.#setCloudflareVersion(this.#pinnedCloudflareVersion);
    }
    reportProblems(this, applyRules(cloudflareRules, props));
  }

  /**
   * Lets the stack have a version of `cloudflare/cloudflare` with `cloudflare_ai_gateway`, unless
   * `providerVersions` says which one.
   * @returns the constraint that holds
   * @internal
   */
  requireNativeGateways(): string {
    if (this.#pinnedCloudflareVersion !== undefined) {
      return this.#pinnedCloudflareVersion;
    }
    this.#setCloudflareVersion(NATIVE_GATEWAY_PROVIDER_VERSION);
    return NATIVE_GATEWAY_PROVIDER_VERSION;
  }

  /**
   * The account's name below workers.dev. Where it is not given, the account is asked, once per stack,
   * by a data source that depends on nothing: an address does not change with the code behind it.
   */
  get workersDevSubdomain(): string {
    if (this.#workersDevSubdomain !== undefined) {
      return this.#workersDevSubdomain;
    }
    this.#subdomain ??= new RestDataSource(this, "Subdomain", {
      path: accountSubdomainPath(this.accountId),
      selector: "result",
      outputAttrs: ["subdomain"],
    });
    return this.#subdomain.output("subdomain");
  }

  #setCloudflareVersion(version: string): void {
    // The generated class has no word for it: it writes the version it was generated from.
    TerraformStack.of(this).addOverride("terraform.required_providers.cloudflare.version", version);
  }

  #checkedAccountId(accountId: unknown): string {
    if (accountId === undefined || accountId === "") {
      throw missingAccountId(this.node.path);
    }
    if (typeof accountId !== "string" || !matches(accountId, /^[\w-]+$/)) {
      throw invalidAccountId(this.node.path, accountId);
    }
    return accountId;
  }

  #checkedUrl(name: string, url: unknown): string {
    // With a user in it, a password would be in the synthesized JSON.
    const pattern = /^https?:\/\/[^\s?#/@]+(\/[^\s?#]*)?$/i;
    if (typeof url !== "string" || !matches(url, pattern)) {
      throw invalidBaseUrl(this.node.path, name, url);
    }
    return url.replace(/\/+$/, "");
  }
}
