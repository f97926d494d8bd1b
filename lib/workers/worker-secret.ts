import { Construct } from "constructs";
import { Cloudflare } from "../cloudflare.js";
import { RestResource } from "../rest-api/rest-resource.js";
import type { Worker } from "./worker.js";

export interface WorkerSecretProps {
  readonly worker: Worker;
  readonly name: string;
  /** Token of an ephemeral value. */
  readonly text: string;
}

/**
 * One secret of a Worker, sent apart from the script, because a binding's text would be in the state.
 * A changed value is noticed and sent again; removing the construct removes the secret.
 */
export class WorkerSecret extends Construct {
  readonly resource: RestResource;

  constructor(scope: Construct, id: string, { worker, name, text }: WorkerSecretProps) {
    super(scope, id);
    const { accountId } = Cloudflare.of(this);
    this.resource = new RestResource(this, "Resource", {
      path: `/accounts/${accountId}/workers/scripts/${worker.scriptName}/secrets`,
      body: { name, type: "secret_text" },
      ephemeralBody: { text },
      createMethod: "PUT",
      createSelector: "result",
      readPath: "$(path)/$(body.name)",
      readSelector: "result",
      updateMethod: "PUT",
      updatePath: "$(path)",
      deletePath: "$(path)/$(body.name)",
      outputAttrs: ["name"],
    });
  }
}
