import type { WorkersScriptBindings } from "@cdktf/provider-cloudflare/lib/workers-script";
import { AI_BINDING_NAME } from "../../protocol/binding.js";
import { show, showName, wrongValue } from "../prop-rules.js";
import { checkSecret } from "../secret-text.js";
import { escapeTemplate, isToken } from "../terraform-text.js";
import { JsonVarError, renderJsonVar } from "./json-var.js";
import type { WorkerBinding } from "./worker-binding.js";

/** A name the Worker's code can write as `env.NAME`. */
const bindingName = /^[A-Za-z_$][\w$]*$/;

interface BoundName {
  /** In the user's words. */
  readonly kind: string;
  /** In the words of a declaration. */
  readonly type: string;
}

/**
 * What a Worker finds in its `env`: each name once, in one order however they came, and what is wrong
 * with them. Something wrong is left out and reported with everything else at synth.
 */
export class WorkerBindings {
  readonly #bindings = new Map<string, WorkersScriptBindings>();
  /** What each name stands for; secrets have no binding here. */
  readonly #names = new Map<string, BoundName>();
  readonly #problems: string[] = [];
  #ai: string | undefined;

  get problems(): readonly string[] {
    return this.#problems;
  }

  get jsonVarNames(): readonly string[] {
    return this.render()
      .filter(({ type }) => type === "json")
      .map(({ name }) => name);
  }

  /** Name → type, in the words of a declaration. */
  get types(): ReadonlyMap<string, string> {
    return new Map([...this.#names].map(([name, { type }]) => [name, type]));
  }

  /** Sorted by name: the order of calls is no change of the Worker. */
  render(): WorkersScriptBindings[] {
    return [...this.#bindings.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Reports what is wrong with everything else. */
  report(problem: string): void {
    this.#problems.push(problem);
  }

  addVar(name: string, text: string): void {
    if (typeof text !== "string" && !isToken(text)) {
      this.#problems.push(
        `${wrongValue(`vars.${showName(name)}`, text, "a text")} Objects and arrays go into jsonVars.`,
      );
      return;
    }
    this.#addText(name, { kind: "a var", type: "plain_text" }, text);
  }

  addGatewayId(name: string, gatewayId: string, gatewayPath: string): void {
    this.#addText(name, { kind: `the gateway ${gatewayPath}`, type: "ai_gateway" }, gatewayId);
  }

  addJsonVar(name: string, value: unknown): void {
    if (typeof value === "string" && !isToken(value)) {
      this.#problems.push(
        `jsonVars.${showName(name)}: got the text ${show(value)}; allowed are objects, arrays, numbers, true, false and null. Texts go into vars.`,
      );
      return;
    }
    try {
      this.#add(
        name,
        { kind: "a JSON var", type: "json" },
        { name, type: "json", json: renderJsonVar(value) },
      );
    } catch (error) {
      if (!(error instanceof JsonVarError)) {
        throw error;
      }
      this.#problems.push(
        `jsonVars.${showName(name)}: ${error.message}; allowed are objects, arrays, texts, finite numbers, true, false and null. Turn it into those first.`,
      );
    }
  }

  /** Reserves a secret's name; true where the secret is to be made. */
  addSecret(name: string, value: unknown): boolean {
    if (!isToken(value)) {
      // The value itself never goes into a message.
      const problem = checkSecret(`secrets.${showName(name)}`, value, showName(name).toLowerCase());
      if (problem !== undefined) this.#problems.push(problem);
      return false;
    }
    return this.addDeliveredSecret(name);
  }

  /** Reserves the name of a secret whose value comes another way; true where the secret is to be made. */
  addDeliveredSecret(name: string): boolean {
    return this.#reserve(name, { kind: "a secret", type: "secret_text" });
  }

  /** @returns whether it was added: a name that is used already is reported */
  addBinding(name: string, binding: WorkerBinding | { readonly type: "assets" }): boolean {
    if (binding.type === "ratelimit") {
      this.#problems.push(
        `bindings.${showName(name)}: got a ratelimit binding, which the provider cloudflare 5.14 refuses on a Worker. Count in a Durable Object, or use a gateway's rateLimitingLimit.`,
      );
      return false;
    }
    const { type } = binding;
    return this.#add(name, { kind: `a ${type} binding`, type }, { ...binding, name });
  }

  /** The one `ai` binding; asking again for the same name is no conflict. */
  addAi(name: string = AI_BINDING_NAME): void {
    if (name === this.#ai) {
      return;
    }
    if (this.#ai !== undefined) {
      this.#problems.push(
        `ai binding: got the names ${show(this.#ai)} and ${show(name)}; a Worker has one ai binding for all its gateways. Use one name in every aiGatewayBinding.`,
      );
      return;
    }
    this.#ai = name;
    this.#add(name, { kind: "the ai binding", type: "ai" }, { name, type: "ai" });
  }

  #addText(name: string, bound: BoundName, text: string): void {
    this.#add(name, bound, { name, type: "plain_text", text: escapeTemplate(text) });
  }

  #add(name: string, bound: BoundName, binding: WorkersScriptBindings): boolean {
    const isNew = this.#reserve(name, bound);
    if (isNew) {
      this.#bindings.set(name, binding);
    }
    return isNew;
  }

  #reserve(name: string, bound: BoundName): boolean {
    if (typeof name !== "string" || !bindingName.test(name)) {
      this.#problems.push(
        `binding name: got ${show(name)} for ${bound.kind}; allowed are letters, digits, "_" and "$", not a digit first, such as "GATEWAY".`,
      );
      return false;
    }
    const first = this.#names.get(name)?.kind;
    if (first !== undefined) {
      this.#problems.push(
        `binding name: ${show(name)} is used twice, for ${first} and for ${bound.kind}; each name stands for one thing in env. Rename one of them.`,
      );
      return false;
    }
    this.#names.set(name, bound);
    return true;
  }
}
