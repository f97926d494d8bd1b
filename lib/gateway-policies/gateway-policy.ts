import { Fn } from "cdktf";
import { Construct } from "constructs";
import { gatewayPath } from "../../protocol/urls.js";
import { claimName } from "../ai-gateway/claim-name.js";
import { gatewayIdOf } from "../ai-gateway/is-gateway.js";
import { Cloudflare } from "../cloudflare.js";
import { defaultName } from "../default-name.js";
import { protectFromDeletion } from "../deletion-protection.js";
import { escapeTexts } from "../escape-texts.js";
import { listingOfGateway } from "../recovery/gateway-listing.js";
import { recoverLostCreate } from "../recovery/lost-create.js";
import { reportHints } from "../report-hints.js";
import { reportProblems } from "../report-problems.js";
import { renderImportId } from "../rest-api/import-id.js";
import { RestResource } from "../rest-api/rest-resource.js";
import { soundProps } from "../sound-props.js";
import { isToken } from "../terraform-text.js";
import { checkId } from "../text-checks.js";
import type { IUsesProviders, UsedProvider } from "../uses-providers.js";
import { warnOfDefaultDeny } from "./default-deny.js";
import type {
  GatewayPolicyProps,
  IGatewayPolicy,
  PolicyAction,
  PolicyResource,
} from "./gateway-policy-props.js";
import {
  gatewayPolicyHints,
  gatewayPolicyRules,
  validateGatewayPolicyProps,
} from "./gateway-policy-validation.js";
import { checkPolicyNames } from "./policy-names.js";

const NAME_MAX_LENGTH = 64;

const managedKeys = ["name", "actor", "resource", "condition", "action"] as const;

/** Selects exactly what is managed: what else the API answers is no drift. */
const readSelector = `result.{${managedKeys.join(",")}}`;

/** Enforced at once: without it the API keeps a draft. */
const commit = { commit: ["true"] } as const;

/**
 * A policy of a gateway (beta): who may call which models, and for how much money. Every change is made in place and
 * committed at once.
 *
 * A gateway with one policy or more refuses whatever no policy allows; synth warns where none of the stack allows
 * everyone.
 *
 * @throws {@link UsageError} where the stack has no {@link Cloudflare}
 * @see https://developers.cloudflare.com/ai-gateway/features/policies/
 *
 * @example
 * ```ts
 * new GatewayPolicy(stack, "everyone", {
 *   gateway,
 *   action: { type: "limit", amount: 1000, period: "monthly" },
 * });
 * new GatewayPolicy(stack, "contractors", {
 *   gateway,
 *   resource: { model: "anthropic/claude-opus-*" },
 *   condition: '"contractors" in cf.user.groups',
 *   action: { type: "block" },
 * });
 * ```
 */
export class GatewayPolicy extends Construct implements IGatewayPolicy, IUsesProviders {
  /** A policy of the same account that is declared elsewhere. Nothing is created or changed. */
  static fromPolicyId(scope: Construct, id: string, policyId: string): IGatewayPolicy {
    return new ImportedGatewayPolicy(scope, id, policyId);
  }

  /** The policy's Terraform resource, for what the props do not cover. */
  readonly resource: RestResource;

  readonly #path: string;
  readonly #props: GatewayPolicyProps;

  constructor(scope: Construct, id: string, props: GatewayPolicyProps) {
    super(scope, id);
    const sound = soundProps(this, gatewayPolicyRules, props);
    const { gateway } = sound;
    const name = sound.name ?? defaultName(this, { maxLength: NAME_MAX_LENGTH, underscores: true });
    this.#props = sound;
    this.#path = `${gatewayPath(Cloudflare.of(this).accountId, gatewayIdOf(gateway))}/policies`;
    this.resource = new RestResource(this, "Resource", {
      path: this.#path,
      body: renderPolicyBody(name, sound),
      createQuery: commit,
      createSelector: "result",
      readPath: "$(path)/$(body.id)",
      readSelector,
      updateQuery: commit,
      outputAttrs: ["name"],
    });
    recoverLostCreate(this.resource, {
      listing: listingOfGateway(gateway, {
        kind: "policies",
        name: ["name"],
        createdAt: "created_at",
      }),
      name,
      renamed: true,
      importId: (policyId, path) => this.#importId(policyId, path),
    });
    claimName(this, "policy", gateway, name);
    checkPolicyNames(this, { gateway, path: this.#path, name, policy: this.resource });
    warnOfDefaultDeny(this, sound);
    protectFromDeletion(this, [this.resource], sound.deletionProtection);
    reportProblems(
      this,
      validateGatewayPolicyProps({ ...props, gateway: props.gateway, action: props.action }),
    );
    reportHints(
      this,
      gatewayPolicyHints.flatMap(({ check }) => check(sound) ?? []),
    );
  }

  /** The id Cloudflare gave it. */
  get policyId(): string {
    return Fn.basename(this.resource.id);
  }

  get usedProviders(): readonly UsedProvider[] {
    const { action, resource } = this.#props;
    const isPlainBlock = action?.type === "block" && action.except !== true;
    if (isPlainBlock || typeof resource !== "object" || resource === null) {
      return [];
    }
    const { model = [], provider = [] } = resource;
    return [
      ...list(provider).map((name) => ({ provider: name, where: "resource.provider" })),
      // A model is `{provider}/{model}`; with a wildcard before the slash it may be any provider's.
      ...list(model).flatMap((name) => {
        const [, slug] = /^([^/*]+)\//.exec(name) ?? [];
        return slug === undefined ? [] : [{ provider: slug, where: "resource.model" }];
      }),
    ];
  }

  /**
   * Takes over a policy that exists already, at the next deploy, instead of creating it. Needs Terraform on PATH at
   * synth, and may be removed after the deploy.
   * @param policyId Its id, as `GET /accounts/{account}/ai-gateway/gateways/{gateway}/policies` lists it
   */
  importFrom(policyId: string): void {
    reportProblems(this, checkId("policyId", policyId));
    this.resource.importFrom(this.#importId(policyId));
  }

  #importId(policyId: string, path: string = this.#path): string {
    return renderImportId({
      id: `${path}/${policyId}`,
      path,
      body: Object.fromEntries(managedKeys.map((key) => [key, null])),
      readSelector,
    });
  }
}

class ImportedGatewayPolicy extends Construct implements IGatewayPolicy {
  readonly policyId: string;

  constructor(scope: Construct, id: string, policyId: string) {
    super(scope, id);
    this.policyId = policyId;
    reportProblems(this, checkId("policyId", policyId));
  }
}

const list = (names: unknown): readonly string[] =>
  [names].flat().filter((name): name is string => typeof name === "string");

function renderPolicyBody(name: string, props: GatewayPolicyProps): object {
  const { actor = "company:all", resource = "*", condition = "true", action } = props;
  return {
    name: escapeTexts(name),
    actor: escapeTexts(actor),
    resource: renderResource(resource),
    condition: escapeTexts(condition),
    action: renderAction(action),
  };
}

const renderResource = (resource: "*" | PolicyResource): unknown =>
  typeof resource === "object" && resource !== null && !isToken(resource)
    ? escapeTexts(
        Object.fromEntries(Object.entries(resource).filter(([, names]) => names !== undefined)),
      )
    : resource;

/** The API knows one technique, and wants it said. */
const renderAction = (action: PolicyAction): object =>
  action?.type === "limit" ? { ...action, technique: "named-interval" } : action;
