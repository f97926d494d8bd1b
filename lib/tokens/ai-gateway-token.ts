import { Fn, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { accountTokensPath } from "../../protocol/urls.js";
import { Cloudflare } from "../cloudflare.js";
import { defaultName } from "../default-name.js";
import { protectFromDeletion } from "../deletion-protection.js";
import { escapeTexts } from "../escape-texts.js";
import { claimOne } from "../one-owner.js";
import { show } from "../prop-rules.js";
import { recoverLostCreate } from "../recovery/lost-create.js";
import { reportHints } from "../report-hints.js";
import { reportProblems } from "../report-problems.js";
import { renderImportId } from "../rest-api/import-id.js";
import { RestDataSource } from "../rest-api/rest-data-source.js";
import { RestResource, type RestResourceConfig } from "../rest-api/rest-resource.js";
import { soundProps } from "../sound-props.js";
import { isToken } from "../terraform-text.js";
import { checkId } from "../text-checks.js";
import type { IDeliveredSecret } from "../workers/delivered-secret.js";
import type { Worker } from "../workers/worker.js";
import { tokenHintsFor } from "./ai-gateway-token-hints.js";
import type { AiGatewayTokenProps, IAiGatewayToken } from "./ai-gateway-token-props.js";
import {
  aiGatewayTokenRules,
  TOKEN_NAME_MAX_LENGTH,
  validateTokenProps,
} from "./ai-gateway-token-validation.js";
import { checkLostTokens } from "./lost-tokens.js";
import { TokenDelivery } from "./token-delivery.js";

const PERMISSION_GROUP = "AI Gateway Run";
const readSelector = "result.{name,policies,expires_on,not_before,condition}";

/**
 * An API token of the account that may do one thing: ask authenticated gateways.
 *
 * Its value is in neither the synthesized JSON, nor the plan, nor the state. It gets to where it is used by
 * {@link AiGatewayToken.deliverTo}. The API token that deploys needs the permission "Account API Tokens: Write".
 *
 * @throws {@link UsageError} where the stack has no {@link Cloudflare}
 * @see https://developers.cloudflare.com/ai-gateway/configuration/authentication/
 *
 * @example
 * ```ts
 * const gateway = new AiGateway(stack, "gateway", { authentication: true });
 * const token = new AiGatewayToken(stack, "token", { rotation: "2026-12" });
 * token.deliverTo(worker, "AI_GATEWAY_TOKEN");
 * worker.addVar("GATEWAY_URL", gateway.compatUrl);
 * ```
 */
export class AiGatewayToken extends Construct implements IAiGatewayToken, IDeliveredSecret {
  /** A token of the same account that is declared elsewhere. Nothing is created or changed. */
  static fromTokenId(scope: Construct, id: string, tokenId: string): IAiGatewayToken {
    return new ImportedAiGatewayToken(scope, id, tokenId);
  }

  /** The token's Terraform resource, for what the props do not cover. */
  readonly resource: RestResource;

  readonly #path: string;
  readonly #rotation: string | undefined;
  #delivery: TokenDelivery | undefined;

  constructor(scope: Construct, id: string, props: AiGatewayTokenProps = {}) {
    super(scope, id);
    const sound = soundProps(this, aiGatewayTokenRules, props);
    this.#rotation = sound.rotation;
    const { accountId } = Cloudflare.of(this);
    this.#path = accountTokensPath(accountId);
    const group = new RestDataSource(this, "PermissionGroup", {
      path: `${this.#path}/permission_groups`,
      query: { name: [PERMISSION_GROUP] },
      selector: `result.#(name=="${PERMISSION_GROUP}")`,
      outputAttrs: ["id"],
    });
    const name =
      sound.name ?? defaultName(this, { maxLength: TOKEN_NAME_MAX_LENGTH, underscores: true });
    this.resource = new RestResource(
      this,
      "Resource",
      renderToken(this.#path, accountId, group.output("id"), { ...sound, name }),
    );
    const claim = recoverLostCreate(this.resource, {
      listing: {
        listId: "tokens",
        path: this.#path,
        name: ["name"],
        id: "id",
        createdAt: "issued_on",
      },
      name,
      renamed: true,
      importId: (tokenId) => this.#importId(tokenId),
    });
    checkLostTokens(this, { path: this.#path, name, token: this.resource, claim });
    if (!isToken(name)) {
      claimOne(
        this,
        ["token", name],
        (first) =>
          `name: ${show(name)} is the name of ${first} already; Cloudflare takes it twice, and a deploy that was interrupted could take the one for the other. Choose another one.`,
      );
    }
    protectFromDeletion(this, [this.resource], sound.deletionProtection);
    reportProblems(this, validateTokenProps(props));
    reportHints(this, tokenHintsFor(sound));
  }

  get tokenId(): string {
    return Fn.basename(this.resource.id) as string;
  }

  /**
   * Gives a Worker the token's value as a secret, `env.NAME`; `worker.addSecret(name, token)` does the same.
   *
   * At the deploy that makes the secret, and at each rotation, the token gets a new value, and at once every Worker
   * it is delivered to. Needs Node on PATH where Terraform runs.
   */
  deliverTo(worker: Worker, name: string): void {
    if (typeof worker?.addDeliveredSecret !== "function") {
      const problem = `deliverTo: worker: got ${show(worker)}; allowed is a Worker of this app, such as new Worker(stack, "worker", { bundle: "dist/worker.js" }).`;
      reportProblems(this, [problem]);
      return;
    }
    const [own, other] = [this, worker].map((one) => TerraformStack.of(one).node.path);
    if (own !== other) {
      const problem = `deliverTo: worker: got ${worker.node.path} of the stack ${other}; allowed is a Worker of the token's own stack, ${own}. Declare a token in each stack: new AiGatewayToken(stack, ${show(this.node.id)}) beside that Worker.`;
      reportProblems(this, [problem]);
      return;
    }
    this.#delivery ??= new TokenDelivery(this, "Delivery", {
      token: this.resource,
      rotation: this.#rotation,
    });
    const secret = worker.addDeliveredSecret(name, this.#delivery.delivered);
    if (secret !== undefined) {
      this.#delivery.addTarget({ worker, name, secret });
    }
  }

  /**
   * Takes over a token that exists already, at the next deploy, instead of creating it. If it is delivered, its
   * present value is worth nothing afterwards. Needs Terraform on PATH at synth, and may be removed after the deploy.
   * @param tokenId Its id, as `GET /accounts/{account}/tokens` lists it
   */
  importFrom(tokenId: string): void {
    reportProblems(this, checkId("tokenId", tokenId));
    this.resource.importFrom(this.#importId(tokenId));
  }

  #importId(tokenId: string): string {
    return renderImportId({
      id: `${this.#path}/${tokenId}`,
      path: this.#path,
      body: {
        ...Object.fromEntries(this.resource.bodyKeys.map((key) => [key, null])),
        // Without what the API adds to them, such as ids.
        policies: [{ effect: null, resources: null, permission_groups: [{ id: null }] }],
      },
      readSelector,
    });
  }
}

class ImportedAiGatewayToken extends Construct implements IAiGatewayToken {
  readonly tokenId: string;

  constructor(scope: Construct, id: string, tokenId: string) {
    super(scope, id);
    this.tokenId = tokenId;
    reportProblems(this, checkId("tokenId", tokenId));
  }
}

function renderToken(
  path: string,
  accountId: string,
  permissionGroupId: string,
  { name = "", expiresOn, notBefore, condition }: AiGatewayTokenProps,
): RestResourceConfig {
  return {
    path,
    body: {
      name: escapeTexts(name),
      policies: [
        {
          effect: "allow",
          resources: { [`com.cloudflare.api.account.${accountId}`]: "*" },
          permission_groups: [{ id: permissionGroupId }],
        },
      ],
      ...(expiresOn === undefined ? {} : { expires_on: expiresOn }),
      ...(notBefore === undefined ? {} : { not_before: notBefore }),
      ...(condition === undefined ? {} : { condition: renderCondition(condition) }),
    },
    // The answer has the value; nothing but the id is to be kept of it.
    createSelector: "result.{id}",
    readPath: "$(path)/$(body.id)",
    readSelector,
    outputAttrs: ["id"],
  };
}

function renderCondition(condition: AiGatewayTokenProps["condition"]): object {
  const { in: allowed, notIn } = condition?.requestIp ?? {};
  return {
    request_ip: {
      ...(allowed === undefined ? {} : { in: allowed }),
      ...(notIn === undefined ? {} : { not_in: notIn }),
    },
  };
}
