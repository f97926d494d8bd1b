import { dependable, type TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { providerConfigsPath, storeSecretsPath } from "../../protocol/urls.js";
import { AiGateway } from "../ai-gateway/ai-gateway.js";
import type { IAiGateway } from "../ai-gateway/ai-gateway-interface.js";
import { gatewayIdOf, gatewayKey, isGateway } from "../ai-gateway/is-gateway.js";
import { Cloudflare } from "../cloudflare.js";
import { makeAfterCustomProviders } from "../custom-providers/after-custom-providers.js";
import { protectFromDeletion } from "../deletion-protection.js";
import { claimOne, claimUpTo } from "../one-owner.js";
import { show } from "../prop-rules.js";
import { listingOfGateway } from "../recovery/gateway-listing.js";
import { recoverLostCreate } from "../recovery/lost-create.js";
import { reportHints } from "../report-hints.js";
import { reportProblems } from "../report-problems.js";
import { resourcesOf } from "../resources-of.js";
import { ImmutableRestResource } from "../rest-api/immutable-rest-resource.js";
import { RestOperation } from "../rest-api/rest-operation.js";
import { RestResource } from "../rest-api/rest-resource.js";
import { secretToken } from "../secret-text.js";
import { soundProps } from "../sound-props.js";
import { isToken } from "../terraform-text.js";
import { checkId } from "../text-checks.js";
import type { IUsesProviders, UsedProvider } from "../uses-providers.js";
import { whileDeclared } from "../while-declared.js";
import { ImportedProviderKey } from "./imported-provider-key.js";
import {
  CONFIGS_PER_PAGE,
  idOf,
  renderConfigImportId,
  renderProviderConfig,
  renderSecret,
  renderSecretImportId,
  renderSecretValue,
} from "./provider-key-blocks.js";
import type { IProviderKey, ProviderKeyProps } from "./provider-key-props.js";
import {
  checkSecretId,
  isStored,
  missingStore,
  providerKeyHints,
  providerKeyRules,
  tooManyKeys,
  validateProviderKeyProps,
} from "./provider-key-validation.js";

/**
 * A provider's API key at a gateway (BYOK): requests that bring none are sent on with it.
 *
 * The value is a secret of the account's Secrets Store and in neither plan nor state; a rotated one is sent in
 * place. Another setting deletes the key and makes it again at once, because Cloudflare cannot change one. A key of
 * the same provider and alias that exists already is refused at deploy: see {@link ProviderKey.importFrom}.
 *
 * @throws {@link UsageError} where the stack has no {@link Cloudflare}
 * @see https://developers.cloudflare.com/ai-gateway/configuration/bring-your-own-keys/
 *
 * @example
 * ```ts
 * // export TF_VAR_openai_api_key=…
 * const gateway = new AiGateway(stack, "gateway", { storeId: "8ab1f05c7e3d49a6b2c0d1e2f3a4b5c6" });
 * new ProviderKey(stack, "openai", {
 *   gateway,
 *   providerSlug: "openai",
 *   secret: new SecretVariable(stack, "openai_api_key"),
 * });
 * ```
 */
export class ProviderKey extends Construct implements IProviderKey, IUsesProviders {
  /** A key of the same account that is declared elsewhere. Nothing is created or changed. */
  static fromProviderConfigId(
    scope: Construct,
    id: string,
    providerConfigId: string,
  ): IProviderKey {
    return new ImportedProviderKey(scope, id, providerConfigId);
  }

  /** The name under which a gateway looks for the secret of a key. */
  static secretName(gatewayId: string, providerSlug: string, alias = "default"): string {
    return `${gatewayId}_${providerSlug}_${alias}`;
  }

  /** The Terraform resource of the key at the gateway, for what the props do not cover. */
  readonly resource: RestResource;

  /** The Terraform resource of the secret; none where the secret exists already. */
  readonly secretResource: RestResource | undefined;

  readonly #props: ProviderKeyProps;
  readonly #secretsPath: string;
  readonly #configsPath: string;

  constructor(scope: Construct, id: string, props: ProviderKeyProps) {
    super(scope, id);
    const sound = soundProps(this, providerKeyRules, props);
    // Its form says what is declared, whether or not it is right.
    this.#props = { ...sound, secret: props.secret };
    const { accountId } = Cloudflare.of(this);
    const { gateway, providerSlug } = sound;
    const { secret } = props;
    const storeId = sound.storeId ?? storeOf(gateway);
    this.#secretsPath = storeSecretsPath(accountId, storeId ?? "");
    this.#configsPath = providerConfigsPath(accountId, gatewayIdOf(gateway));
    const before: TerraformResource[] =
      gateway instanceof AiGateway ? resourcesOf(gateway, this) : [];
    const replaceTriggeredBy: string[] = [];
    if (!isStored(secret)) {
      const name = ProviderKey.secretName(gatewayIdOf(gateway), providerSlug, sound.alias);
      this.secretResource = new RestResource(
        this,
        this.#childId("Secret"),
        renderSecret(this.#secretsPath, name),
      );
      const value = new RestOperation(
        this,
        this.#childId("Value"),
        renderSecretValue(this.secretResource.id, secretToken(secret)),
      );
      before.push(value);
      // Of a key that is imported, nothing else in the state changes where the secret is made anew.
      replaceTriggeredBy.push(`${dependable(value)}.path`);
      if (isGateway(gateway) && (storeId === undefined || storeId === "")) {
        reportProblems(this, [missingStore(gateway.node.path)]);
      }
    }
    const secretId = isStored(secret) ? secret.secretId : idOf(this.secretResource?.id ?? "");
    this.resource = new ImmutableRestResource(this, this.#childId("Config"), {
      ...renderProviderConfig(this.#configsPath, secretId, sound),
      // The key works from its first moment on.
      dependsOn: before.map(whileDeclared),
      lifecycle: { replaceTriggeredBy },
    });
    this.#recoverLostCreates(storeId);
    // Not the config: a change of its settings replaces it.
    const kept = this.secretResource === undefined ? [] : [this.secretResource];
    protectFromDeletion(this, kept, sound.deletionProtection, this.#identity());
    makeAfterCustomProviders(this, [providerSlug], [this.resource]);
    this.#claim();
    reportProblems(this, validateProviderKeyProps(props));
    reportHints(
      this,
      providerKeyHints.flatMap(({ check }) => check(sound) ?? []),
    );
  }

  /** The gateway that asks the provider with it. */
  get gateway(): IAiGateway {
    return this.#props.gateway;
  }

  get providerConfigId(): string {
    return this.resource.output("id");
  }

  /** The provider it is a key of. */
  get usedProviders(): readonly UsedProvider[] {
    const { providerSlug } = this.#props;
    return providerSlug === undefined ? [] : [{ provider: providerSlug, where: "providerSlug" }];
  }

  /**
   * Takes over a key that exists already, at the next deploy, instead of creating it. The value is sent anew. Needs
   * Terraform on PATH at synth, and may be removed after the deploy.
   * @param providerConfigId Its id, as `GET …/ai-gateway/gateways/{gateway}/provider_configs` lists it
   * @param secretId Id of its secret, from the same list; left out for a `secret` given by its id
   */
  importFrom(providerConfigId: string, secretId?: string): void {
    reportProblems(this, checkId("providerConfigId", providerConfigId));
    this.resource.importFrom(renderConfigImportId(this.#configsPath, providerConfigId));
    if (this.secretResource === undefined) return;
    if (secretId === undefined) {
      reportProblems(this, [
        "importFrom: got no secretId; the secret exists, and Terraform would be refused to create it again. Pass the secret_id of the provider config too.",
      ]);
      return;
    }
    const problem = checkSecretId("secretId", secretId);
    reportProblems(this, problem === undefined ? [] : [problem]);
    this.secretResource.importFrom(renderSecretImportId(this.#secretsPath, secretId));
  }

  #recoverLostCreates(storeId: string | undefined): void {
    const { gateway, providerSlug, alias = "default" } = this.#props;
    if (isToken(providerSlug) || isToken(alias) || !isGateway(gateway)) return;
    recoverLostCreate(this.resource, {
      claimId: this.#childId("ConfigClaim"),
      listing: listingOfGateway(gateway, {
        kind: "provider_configs",
        name: ["provider_slug", "alias"],
        createdAt: "modified_at",
      }),
      name: `${providerSlug}/${alias}`,
      importId: (configId, path) => renderConfigImportId(path, configId),
    });
    if (this.secretResource === undefined || !storeId) return;
    recoverLostCreate(this.secretResource, {
      claimId: this.#childId("SecretClaim"),
      listing: {
        listId: `secrets-of-${storeId}`,
        path: this.#secretsPath,
        name: ["name"],
        id: "id",
        createdAt: "created",
      },
      name: ProviderKey.secretName(gateway.declaredId, providerSlug, alias),
      importId: (secretId) => renderSecretImportId(this.#secretsPath, secretId),
    });
  }

  /** What makes it this key, where no resource of its own is protected and says so. */
  #identity(): readonly unknown[] {
    const { secret, providerSlug, alias = "default" } = this.#props;
    return isStored(secret) ? [[this.#configsPath, providerSlug, alias]] : [];
  }

  /** Another alias is another Terraform resource: the new key does not wait until the old one is deleted. */
  #childId(kind: string): string {
    const { providerSlug, alias = "default" } = this.#props;
    const words = [kind, providerSlug, alias];
    return words.some((word) => typeof word !== "string" || isToken(word)) ? kind : words.join("-");
  }

  #claim(): void {
    const { gateway, providerSlug, alias = "default", defaultConfig } = this.#props;
    const { accountId } = Cloudflare.of(this);
    const key = [accountId, gateway?.declaredId, providerSlug];
    claimOne(
      this,
      ["provider-key", ...key, alias],
      (first) =>
        `alias: ${show(alias)} is the alias of ${first} already, for the same gateway and provider; Cloudflare takes one key for each alias. Give this one another alias.`,
    );
    if (isGateway(gateway)) {
      claimUpTo(this, CONFIGS_PER_PAGE, ["provider-keys", accountId, gatewayKey(gateway)], () =>
        tooManyKeys(CONFIGS_PER_PAGE),
      );
    }
    if (defaultConfig ?? alias === "default") {
      claimOne(
        this,
        ["provider-key-default", ...key],
        (first) =>
          `defaultConfig: ${first} is the default key of ${show(providerSlug)} at this gateway already. Set defaultConfig: false in one of them.`,
      );
    }
  }
}

const storeOf = (gateway: IAiGateway): string | undefined =>
  gateway instanceof AiGateway ? gateway.props.storeId : undefined;
