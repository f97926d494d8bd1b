import { TerraformElement } from "cdktf";
import type { Construct } from "constructs";

/**
 * Lets Terraform forget a resource, without a call to what it stands for: a `removed` block with
 * `destroy = false`. Where the state does not have it, nothing happens.
 */
export class RemovedFromState extends TerraformElement {
  readonly #type: string;
  readonly #name: () => string;

  /**
   * @param type The resource's type, such as "restful_resource"
   * @param name Its name in the state @default what a resource of this construct's id would be called
   */
  constructor(scope: Construct, id: string, type: string, name?: () => string) {
    super(scope, id);
    this.#type = type;
    this.#name = name ?? (() => this.friendlyUniqueId);
  }

  override toTerraform(): unknown {
    return {
      removed: [{ from: `${this.#type}.${this.#name()}`, lifecycle: { destroy: false } }],
    };
  }
}
