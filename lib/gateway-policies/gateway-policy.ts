import { Fn } from "cdktf";
import { Construct } from "constructs";
import { gatewayPath } from "../../protocol/urls.js";
import { Cloudflare } from "../cloudflare.js";
import { defaultName } from "../default-name.js";
import { protectFromDeletion } from "../deletion-protection.js";
import { RestResource } from "../rest-api/rest-resource.js";
import { checkStorageId, reportProblems } from "../storage/storage-construct.js";
import { escapeTemplate } from "../terraform-text.js";
import type { IUsesProviders, UsedProvider } from "../uses-providers.js";
import { warnOfDefaultDeny } from "./default-deny.js";
import type { GatewayPolicyProps, PolicyAction, PolicyResource } from "./gateway-policy-props.js";
import { validateGatewayPolicyProps } from "./gateway-policy-validation.js";

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
export class GatewayPolicy extends Construct implements IUsesProviders {
  /** The policy's Terraform resource, for what the props do not cover. */
  readonly resource: RestResource;

  readonly #path: string;
  readonly #props: GatewayPolicyProps;

  constructor(scope: Construct, id: string, props: GatewayPolicyProps) {
    super(scope, id);
    const { gateway } = props;
    const name = props.name ?? defaultName(this, { maxLength: NAME_MAX_LENGTH, underscores: true });
    this.#props = props;
    this.#path = `${gatewayPath(Cloudflare.of(this).accountId, gateway.gatewayId)}/policies`;
    this.resource = new RestResource(this, "Resource", {
      path: this.#path,
      body: renderPolicyBody(name, props),
      createQuery: commit,
      createSelector: "result",
      readPath: "$(path)/$(body.id)",
      readSelector,
      updateQuery: commit,
      outputAttrs: ["name"],
    });
    warnOfDefaultDeny(this, props);
    protectFromDeletion(this, [this.resource], props.deletionProtection);
    reportProblems(this, validateGatewayPolicyProps(props));
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
    reportProblems(this, checkStorageId("policyId", policyId));
    this.resource.importFrom(
      JSON.stringify({
        id: `${this.#path}/${policyId}`,
        path: this.#path,
        body: Object.fromEntries(managedKeys.map((key) => [key, null])),
        read_selector: readSelector,
      }),
    );
  }
}

const list = (names: string | readonly string[]): readonly string[] =>
  typeof names === "string" ? [names] : names;

function renderPolicyBody(name: string, props: GatewayPolicyProps): object {
  const { actor = "company:all", resource = "*", condition = "true", action } = props;
  return {
    name: escapeText(name),
    actor: escapeText(actor),
    resource: renderResource(resource),
    condition: escapeText(condition),
    action: renderAction(action),
  };
}

const escapeText = (text: string): string =>
  typeof text === "string" ? escapeTemplate(text) : text;

const renderResource = (resource: "*" | PolicyResource): unknown =>
  typeof resource === "object"
    ? Object.fromEntries(Object.entries(resource).filter(([, names]) => names !== undefined))
    : resource;

/** The API knows one technique, and wants it said. */
const renderAction = (action: PolicyAction): object =>
  action?.type === "limit" ? { ...action, technique: "named-interval" } : action;
