import { expect } from "@jest/globals";
import type { TerraformStack } from "cdktf";
import { AiGateway, type AiGatewayProps } from "../../lib/index.js";
import type { ResourceChange, Workbench } from "./workbench.js";

type Gateway = Record<string, unknown>;
type Declared = AiGatewayProps | ((stack: TerraformStack) => AiGatewayProps);

/** The only gateway of a bench, "nested", whose settings are objects and lists. */
export class NestedGateway {
  static readonly path = "/ai-gateway/gateways/nested";
  readonly #bench: Workbench;

  constructor(bench: Workbench) {
    this.#bench = bench;
  }

  declare(props: Declared, then: (gateway: AiGateway) => void = () => undefined): void {
    this.#bench.synth((stack) => {
      const given = typeof props === "function" ? props(stack) : props;
      then(new AiGateway(stack, "gateway", { gatewayId: "nested", ...given }));
    });
  }

  /** As the API shows it. */
  async read(): Promise<Gateway> {
    return (await this.#bench.api("GET", NestedGateway.path)).body.result as Gateway;
  }

  /** Changes some of its settings behind Terraform's back. */
  async put(changes: Gateway): Promise<void> {
    const { created_at, modified_at, is_default, ...body } = await this.read();
    const answer = await this.#bench.api("PUT", NestedGateway.path, { ...body, ...changes });
    expect(answer.body.errors).toEqual([]);
  }

  /** Addresses in the state of what it is made of. */
  async addresses(): Promise<string[]> {
    const { stdout } = await this.#bench.terraform("state", "list");
    return stdout.split("\n").filter((line) => /^(restful|terraform_data)/.test(line));
  }
}

export const changeOfType = (wanted: string, changes: readonly ResourceChange[]) =>
  changes.find(({ type }) => type === wanted);

export const changeOfGateway = (changes: readonly ResourceChange[]) =>
  changeOfType("restful_resource", changes);
