import { Construct } from "constructs";
import { Cloudflare } from "../cloudflare.js";
import { applyRules, type PropRules, show, wrongValue } from "../prop-rules.js";
import { reportProblems } from "../report-problems.js";
import { RestOperation } from "../rest-api/rest-operation.js";
import { soundProps } from "../sound-props.js";
import { isToken } from "../terraform-text.js";
import { cronProblem } from "./cron-expression.js";
import type { Worker } from "./worker.js";
import { scriptNameOf, workerRule } from "./worker-target.js";

export interface WorkerCronProps {
  /** The Worker whose `scheduled` handler is called, or its script name. */
  readonly worker: Worker | string;

  /**
   * Cron expressions in Cloudflare's five fields, in UTC: `"0 9 * * MON-FRI"`. All crons of the Worker: what
   * is not listed is removed.
   * @see https://developers.cloudflare.com/workers/configuration/cron-triggers/#supported-cron-expressions
   */
  readonly crons: readonly string[];
}

/** What a cron's props are checked for. */
export const workerCronRules: PropRules<WorkerCronProps> = {
  worker: workerRule("worker-cron-worker"),
  crons: [
    { name: "worker-cron-list", check: ({ crons }) => checkList(crons) },
    { name: "worker-cron-expression", check: ({ crons }) => checkExpressions(crons) },
    { name: "worker-cron-twice", check: ({ crons }) => checkTwice(crons) },
  ],
};

/**
 * The times at which a Worker's `scheduled` handler is called. One per Worker: it holds the whole list.
 *
 * Crons somebody adds or removes outside Terraform are not seen; the next change of the list overwrites
 * them. Removing the construct removes all of the Worker's crons.
 *
 * @throws {@link UsageError} where the stack has no {@link Cloudflare}
 * @see https://developers.cloudflare.com/workers/configuration/cron-triggers/
 *
 * @example
 * ```ts
 * new WorkerCron(stack, "cron", { worker, crons: ["0 3 * * *"] });
 * ```
 */
export class WorkerCron extends Construct {
  /** The request that sets the crons, as a Terraform resource. */
  readonly resource: RestOperation;

  /** Undefined where it is none, which its rule reports. */
  readonly #worker: Worker | string | undefined;

  constructor(scope: Construct, id: string, props: WorkerCronProps) {
    super(scope, id);
    const { worker, crons = [] } = soundProps(this, workerCronRules, props);
    this.#worker = worker;
    const scriptName = scriptNameOf(worker);
    const { accountId } = Cloudflare.of(this);
    // Not the provider's own resource: its delete sends nothing, and the crons would go on for ever.
    this.resource = new RestOperation(this, "Resource", {
      path: `/accounts/${accountId}/workers/scripts/${scriptName}/schedules`,
      method: "PUT",
      body: crons.map((cron) => ({ cron })),
      deleteMethod: "PUT",
      deleteBody: [],
      outputAttrs: ["success"],
    });
    const named = { worker: props.worker, crons: props.crons };
    reportProblems(this, applyRules(workerCronRules, { ...props, ...named }));
    this.node.addValidation({ validate: () => this.#validateAlone() });
  }

  /** Two lists for one Worker would overwrite each other. */
  #validateAlone(): string[] {
    if (this.#worker === undefined) return [];
    const first = this.node.root.node
      .findAll()
      .find(
        (other): other is WorkerCron =>
          other instanceof WorkerCron && other.#worker === this.#worker,
      );
    return first === this || first === undefined
      ? []
      : [
          `crons: this Worker has a WorkerCron already, ${first.node.path}; the one would overwrite the other's. Put all expressions into one crons list.`,
        ];
  }
}

function checkList(crons: unknown): string | undefined {
  if (Array.isArray(crons) && crons.length === 0) {
    return "crons: got an empty array; the Worker would never be called. To remove all crons, remove the construct.";
  }
  return Array.isArray(crons)
    ? undefined
    : wrongValue("crons", crons, 'an array of cron expressions, such as ["0 3 * * *"]');
}

function checkExpressions(crons: unknown): string | undefined {
  for (const cron of Array.isArray(crons) ? crons : []) {
    const problem = isToken(cron) ? undefined : cronProblem(cron);
    if (problem !== undefined) {
      return `crons: got ${show(cron)}; ${problem}.`;
    }
  }
  return undefined;
}

function checkTwice(crons: unknown): string | undefined {
  const twice = Array.isArray(crons)
    ? crons.find((cron, index) => crons.indexOf(cron) !== index)
    : undefined;
  return twice === undefined
    ? undefined
    : `crons: got ${show(twice)} twice; each expression calls the Worker once. Remove one.`;
}
