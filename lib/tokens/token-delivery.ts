import { Fn, type IResolvable, type LocalExecProvisioner, ref, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { isLoopbackUrl, workerSecretsPath } from "../../protocol/urls.js";
import { Cloudflare } from "../cloudflare.js";
import type { RestResource } from "../rest-api/rest-resource.js";
import { StagedFiles, sha256Of } from "../staged-files.js";
import { TerraformData } from "../terraform-data.js";
import type { Worker } from "../workers/worker.js";
import { deliveryScript } from "./delivery-script.js";

export interface TokenDeliveryProps {
  readonly token: RestResource;
  readonly rotation: string | undefined;
}

interface Target {
  readonly worker: Worker;
  readonly name: string;
  readonly secret: RestResource;
}

/**
 * Gives a token a new value and hands it to all its Workers at once, whenever the token, one of the secrets or
 * the rotation is new. The value is in no configuration, plan, state or output of Terraform.
 *
 * Terraform has a resource in its state while the program of its creation still runs. One that is killed then is whole to
 * the next plan, and the Workers have a value that is worth nothing. So a second resource, which is made when the program has
 * ended, is what says that the value was delivered; where it is missing, the value is delivered again.
 */
export class TokenDelivery extends Construct {
  /** In the state when the Workers have the value. */
  readonly delivered: TerraformData;

  readonly #delivery: TerraformData;
  readonly #props: TokenDeliveryProps;
  readonly #script: StagedFiles;
  readonly #targets: Target[] = [];

  constructor(scope: Construct, id: string, props: TokenDeliveryProps) {
    super(scope, id);
    this.#props = props;
    this.#script = new StagedFiles(this, "Script");
    const content = deliveryScript;
    this.#script.setFiles([{ name: "deliver-token.mjs", content, sha256: sha256Of(content) }]);
    this.#delivery = new TerraformData(this, "Resource");
    this.delivered = new TerraformData(this, "Delivered", {
      triggersReplace: { delivery: this.#idOfDelivery },
    });
  }

  get #idOfDelivery(): string {
    return this.#delivery.getStringAttribute("id");
  }

  /** Hands the value to one more secret. */
  addTarget(target: Target): void {
    this.#targets.push(target);
    // The order of calls is no change.
    this.#targets.sort((a, b) => (a.secret.node.path < b.secret.node.path ? -1 : 1));
    const { token, rotation } = this.#props;
    const secrets = this.#targets.map(({ secret }) => secret.id);
    this.#delivery.triggersReplace = {
      token: token.id,
      secrets,
      ...(rotation === undefined ? {} : { rotation }),
    };
    const own = ref("self.id", TerraformStack.of(this));
    this.#delivery.provisioners = [this.#renderRun({ id: own, again: false })];
    this.delivered.provisioners = [this.#renderRun({ id: this.#idOfDelivery, again: true })];
  }

  /** @param run The delivery, and whether it is run only where it did not end in this deploy */
  #renderRun(run: {
    readonly id: string | IResolvable;
    readonly again: boolean;
  }): LocalExecProvisioner {
    const { accountId, baseUrl, apiToken } = Cloudflare.of(this);
    const delivery = {
      api: baseUrl,
      token: this.#props.token.id,
      run,
      secrets: this.#targets.map(({ worker, name }) => ({
        path: workerSecretsPath(accountId, worker.scriptName),
        name,
      })),
    };
    return {
      type: "local-exec",
      // No shell: the same on every system.
      interpreter: ["node"],
      command: `${this.#script.directory}/deliver-token.mjs`,
      environment: {
        AI_GATEWAY_TOKEN_DELIVERY: Fn.jsonencode(delivery),
        AI_GATEWAY_TOKEN_API_TOKEN: apiToken.stringValue,
        // As Terraform does it: a proxy that is set is used, but not on the way to this machine.
        ...(isLoopbackUrl(baseUrl) ? {} : { NODE_USE_ENV_PROXY: "1" }),
      },
    };
  }
}
