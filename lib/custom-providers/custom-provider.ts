import { Fn } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { customProvidersPath } from "../../protocol/urls.js";
import { Cloudflare } from "../cloudflare.js";
import { defaultName } from "../default-name.js";
import { protectFromDeletion } from "../deletion-protection.js";
import { claimOne } from "../one-owner.js";
import { show } from "../prop-rules.js";
import { CUSTOM_PREFIX, checkCustomSlug } from "../provider-slug.js";
import { recoverLostCreate } from "../recovery/lost-create.js";
import { reportProblems } from "../report-problems.js";
import { renderImportId } from "../rest-api/import-id.js";
import { RestDataSource } from "../rest-api/rest-data-source.js";
import { RestOperation } from "../rest-api/rest-operation.js";
import { RestResource } from "../rest-api/rest-resource.js";
import { soundProps } from "../sound-props.js";
import { isToken } from "../terraform-text.js";
import { checkId } from "../text-checks.js";
import type { IUsesProviders, UsedProvider } from "../uses-providers.js";
import { isSecretHeader, renderCustomProviderBody, renderHeaders } from "./custom-provider-body.js";
import type { CustomProviderProps } from "./custom-provider-props.js";
import { customProviderRules, validateCustomProviderProps } from "./custom-provider-validation.js";

/** A custom provider, whether this stack declares it or it exists already. */
export interface ICustomProvider extends IConstruct {
  /** Its name in the account, without `custom-`. */
  readonly slug: string;

  /** Its name in requests: `custom-{slug}`, as `gateway.providerUrl()` and models of routes take it. */
  readonly providerSlug: string;

  /** The id Cloudflare gave it. */
  readonly customProviderId: string;
}

const SLUG_MAX_LENGTH = 63;

/**
 * A provider of models that AI Gateway does not know: your own, or a regional one. It belongs to the account, and every
 * gateway of the account reaches it.
 *
 * Every change is made in place.
 *
 * @throws {@link UsageError} where the stack has no {@link Cloudflare}
 * @see https://developers.cloudflare.com/ai-gateway/configuration/custom-providers/
 *
 * @example
 * ```ts
 * const provider = new CustomProvider(stack, "internal", {
 *   baseUrl: "https://models.example.com",
 *   headers: { "x-api-key": new SecretVariable(stack, "internal_api_key") },
 * });
 * const url = gateway.providerUrl(provider.providerSlug); // …/custom-chat-internal
 * ```
 */
export class CustomProvider extends Construct implements ICustomProvider, IUsesProviders {
  /** A custom provider of the same account that is declared elsewhere. Nothing is created or changed. */
  static fromSlug(scope: Construct, id: string, slug: string): ICustomProvider {
    return new ImportedCustomProvider(scope, id, slug);
  }

  /** The provider's Terraform resource, for what the props do not cover. */
  readonly resource: RestResource;

  readonly slug: string;

  readonly #path: string;
  readonly #body: object;
  readonly #readSelector: string;

  constructor(scope: Construct, id: string, props: CustomProviderProps) {
    super(scope, id);
    const sound = soundProps(this, customProviderRules, props);
    const { headers } = sound;
    this.slug = sound.slug ?? defaultName(this, { maxLength: SLUG_MAX_LENGTH, underscores: false });
    this.#path = customProvidersPath(Cloudflare.of(this).accountId);
    const isSecret = Object.values(headers ?? {}).some(isSecretHeader);
    this.#body = renderCustomProviderBody(this.slug, sound, isSecret);
    // Headers with a secret in them are never read: the answer would be in the state.
    const read = Object.keys(this.#body).filter((key) => key !== "headers" || !isSecret);
    this.#readSelector = `result.{${read.join(",")}}`;
    this.resource = new RestResource(this, "Resource", {
      path: this.#path,
      body: this.#body,
      createSelector: "result",
      readPath: "$(path)/$(body.id)",
      readSelector: this.#readSelector,
      updateMethod: "PATCH",
      outputAttrs: ["slug"],
      ...(isSecret ? { writeOnlyAttrs: ["headers"] } : {}),
    });
    if (isSecret && headers !== undefined) {
      // Apart from the provider: an update sends its secrets only when they change, and forgets them when not.
      new RestOperation(this, "Headers", {
        path: this.resource.id,
        method: "PATCH",
        body: {},
        ephemeralBody: { headers: renderHeaders(headers) },
        outputAttrs: ["success"],
      });
    }
    recoverLostCreate(this.resource, {
      listing: {
        listId: "custom-providers",
        path: this.#path,
        name: ["slug"],
        id: "id",
        createdAt: "created_at",
      },
      name: this.slug,
      renamed: true,
      importId: (customProviderId) => this.#importId(customProviderId),
    });
    this.#claimSlug();
    protectFromDeletion(this, [this.resource], sound.deletionProtection);
    reportProblems(this, validateCustomProviderProps({ ...props, baseUrl: props.baseUrl }));
  }

  get providerSlug(): string {
    return `${CUSTOM_PREFIX}${this.slug}`;
  }

  /** The id Cloudflare gave it. */
  get customProviderId(): string {
    return Fn.basename(this.resource.id);
  }

  get usedProviders(): readonly UsedProvider[] {
    return [{ provider: this.providerSlug, where: "slug" }];
  }

  /**
   * Takes over a custom provider that exists already, at the next deploy, instead of creating it. Needs Terraform on
   * PATH at synth, and may be removed after the deploy.
   * @param customProviderId Its id, as `GET /accounts/{account}/ai-gateway/custom-providers` lists it
   */
  importFrom(customProviderId: string): void {
    reportProblems(this, checkId("customProviderId", customProviderId));
    this.resource.importFrom(this.#importId(customProviderId));
  }

  #importId(customProviderId: string): string {
    return renderImportId({
      id: `${this.#path}/${customProviderId}`,
      path: this.#path,
      body: Object.fromEntries(Object.keys(this.#body).map((key) => [key, null])),
      readSelector: this.#readSelector,
    });
  }

  #claimSlug(): void {
    if (isToken(this.slug)) {
      return;
    }
    claimOne(
      this,
      ["custom provider", this.slug],
      (first) =>
        `slug: ${show(this.slug)} is the slug of ${first} already; an account has one provider of a slug. Choose another one.`,
    );
  }
}

class ImportedCustomProvider extends Construct implements ICustomProvider {
  readonly slug: string;

  #found: RestDataSource | undefined;

  constructor(scope: Construct, id: string, slug: string) {
    super(scope, id);
    this.slug = slug;
    const problem = checkCustomSlug("slug", slug);
    reportProblems(this, problem === undefined ? [] : [problem]);
  }

  get providerSlug(): string {
    return `${CUSTOM_PREFIX}${this.slug}`;
  }

  /** Looked up in the account when it is asked for. */
  get customProviderId(): string {
    this.#found ??= new RestDataSource(this, "Found", {
      path: customProvidersPath(Cloudflare.of(this).accountId),
      query: { search: [this.slug] },
      selector: `result.#(slug=="${this.slug}")`,
      outputAttrs: ["id"],
    });
    return this.#found.output("id");
  }
}
