import { Workflow } from "@cdktf/provider-cloudflare/lib/workflow";
import { Construct } from "constructs";
import { Cloudflare } from "../cloudflare.js";
import { nameFromPath } from "../default-name.js";
import { claimOne } from "../one-owner.js";
import { show, wrongValue } from "../prop-rules.js";
import { isToken } from "../terraform-text.js";
import type { Worker } from "./worker.js";

export interface WorkerWorkflowProps {
  readonly worker: Worker;
  readonly workflowName: string;
  readonly className: string;
}

/** Longest name of a workflow. @see https://developers.cloudflare.com/workflows/reference/limits/ */
const NAME_MAX_LENGTH = 64;

/** The name of a workflow whose binding gives none. */
export const defaultWorkflowName = (worker: Construct, bindingName: string): string =>
  nameFromPath(`${worker.node.path}/${bindingName}`, {
    maxLength: NAME_MAX_LENGTH,
    underscores: false,
  });

export const checkWorkflowName = (prop: string, name: unknown): string | undefined =>
  isToken(name) || (typeof name === "string" && /^[a-zA-Z0-9_][a-zA-Z0-9-_]{0,63}$/.test(name))
    ? undefined
    : wrongValue(
        prop,
        name,
        `1 to ${NAME_MAX_LENGTH} letters, digits, hyphens and underscores, no hyphen first`,
      );

/** Registers a workflow in the account, after the script that has its class. */
export class WorkerWorkflow extends Construct {
  readonly resource: Workflow;

  constructor(
    scope: Construct,
    id: string,
    { worker, workflowName, className }: WorkerWorkflowProps,
  ) {
    super(scope, id);
    const { accountId } = Cloudflare.of(this);
    claimOne(
      this,
      ["workflow", accountId, workflowName],
      (first) =>
        `workflowName: ${show(workflowName)} is registered by ${first} already; a workflow has one class. Give this one another workflowName, or bind the other with scriptName.`,
    );
    this.resource = new Workflow(this, "Resource", {
      accountId,
      workflowName,
      className,
      // A reference, so that the script with the class is there first.
      scriptName: worker.scriptName,
    });
  }
}
