import { Construct, type IConstruct } from "constructs";
import { type AiGatewayBinding, aiGatewayBinding } from "../../protocol/binding.js";
import { Cloudflare } from "../cloudflare.js";
import { isRecord, show } from "../prop-rules.js";
import { reportProblems } from "../report-problems.js";
import type { Worker } from "../workers/worker.js";

/** A gateway, whether this stack declares it or it exists already. */
export interface IAiGateway extends IConstruct {
  /** Name of the gateway; known before a deploy that changes only its settings. */
  readonly gatewayId: string;

  /** The same name as it is written in the code, whatever it depends on at deploy. */
  readonly declaredId: string;

  /** The universal endpoint: `https://gateway.ai.cloudflare.com/v1/{account}/{gateway}`. */
  readonly url: string;

  /** Base URL for SDKs that speak OpenAI's protocol, whatever provider the model belongs to. */
  readonly compatUrl: string;

  /**
   * Base URL in front of one provider's own API.
   * @param slug The provider's name in URLs, such as "openai", "anthropic" or "workers-ai"
   * @see https://developers.cloudflare.com/ai-gateway/usage/providers/
   */
  providerUrl(slug: string): string;

  /**
   * Lets a Worker use the gateway: gives it the `ai` binding (one per Worker, however many gateways) and
   * the gateway's id as a text binding.
   * @param binding The declaration shared with the Worker's code, or only its name
   */
  bind(worker: Worker, binding: AiGatewayBinding | string): void;
}

/** What is the same for a gateway of this stack and one that exists already. */
export abstract class AiGatewayBase extends Construct implements IAiGateway {
  abstract readonly gatewayId: string;

  abstract readonly declaredId: string;

  get url(): string {
    const { aiGatewayBaseUrl, accountId } = Cloudflare.of(this);
    return `${aiGatewayBaseUrl}/${accountId}/${this.gatewayId}`;
  }

  get compatUrl(): string {
    return this.providerUrl("compat");
  }

  providerUrl(slug: string): string {
    return `${this.url}/${slug}`;
  }

  bind(worker: Worker, binding: AiGatewayBinding | string): void {
    const problem = bindProblem(worker, binding);
    if (problem !== undefined) {
      reportProblems(this, [problem]);
      return;
    }
    const { name, ai } = typeof binding === "string" ? aiGatewayBinding(binding) : binding;
    worker.addAi(ai);
    worker.addGatewayId(name, this.gatewayId, this.node.path);
  }
}

/** What is wrong with the arguments of `bind`, which plain JavaScript lets through. */
function bindProblem(worker: Worker, binding: unknown): string | undefined {
  if (typeof worker?.addGatewayId !== "function") {
    return `bind: worker: got ${show(worker)}; allowed is a Worker of this app, such as new Worker(stack, "worker", { bundle: "dist/worker.js" }).`;
  }
  return typeof binding === "string" || (isRecord(binding) && typeof binding.name === "string")
    ? undefined
    : `bind: binding: got ${show(binding)}; allowed is what aiGatewayBinding("GATEWAY") makes, or a name such as "GATEWAY".`;
}
