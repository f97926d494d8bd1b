import { Construct } from "constructs";
import { workerSecretsPath } from "../../protocol/urls.js";
import { Cloudflare } from "../cloudflare.js";
import { RestResource } from "../rest-api/rest-resource.js";
import type { Worker } from "./worker.js";

export interface WorkerSecretProps {
  readonly worker: Worker;
  readonly name: string;
  /** Token of an ephemeral value; left out where something else sends the text. */
  readonly text?: string;
}

/** Stands in `env` until the text is sent. No secret, so it may be in the state. */
const PLACEHOLDER = "not delivered yet: the deploy that made this secret did not get further";

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
      path: workerSecretsPath(accountId, worker.scriptName),
      // Never sent a second time over what has been delivered: nothing of it changes.
      ...(text === undefined
        ? { body: { name, type: "secret_text", text: PLACEHOLDER }, writeOnlyAttrs: ["text"] }
        : { body: { name, type: "secret_text" }, ephemeralBody: { text } }),
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
