import { TerraformElement } from "cdktf";
import type { Construct } from "constructs";
import { Cloudflare } from "./cloudflare.js";
import { escapeTemplate } from "./terraform-text.js";

/** A text that a stack has once, however many of its blocks end in it. */
class SharedText extends TerraformElement {
  readonly #text: string;

  constructor(scope: Construct, id: string, text: string) {
    super(scope, id, "local");
    this.#text = text;
  }

  override toTerraform(): object {
    return { locals: { [this.friendlyUniqueId]: escapeTemplate(this.#text) } };
  }
}

/**
 * A template that stands for a text of the stack: Terraform parses every text of a configuration several times in each plan, which
 * counts where a thousand objects have a long one each.
 *
 * @param id Names the text; the same id is the same text
 */
export function shareText(scope: Construct, id: string, text: string): string {
  const owner = Cloudflare.of(scope);
  const shared = (owner.node.tryFindChild(id) ?? new SharedText(owner, id, text)) as SharedText;
  return `\${local.${shared.friendlyUniqueId}}`;
}
