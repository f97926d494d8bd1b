import { createHash } from "node:crypto";
import { dependable, type TerraformProvider, TerraformStack } from "cdktf";
import { resolve } from "cdktf/lib/_tokens";
import type { Construct } from "constructs";
import { TerraformData } from "../terraform-data.js";
import { escapeTemplate } from "../terraform-text.js";
import { RestResource, type RestResourceConfig } from "./rest-resource.js";

/** Without `forceNewAttrs`, which have no effect here: all of the body is one. */
export type ImmutableRestResourceConfig = Omit<RestResourceConfig, "forceNewAttrs"> &
  Required<Pick<RestResourceConfig, "readSelector">>;

/**
 * One object of a REST API that has no way to change it: whatever is declared otherwise replaces it.
 *
 * What it was made with is kept beside it, not read back: such APIs leave part of it out of their answers, which
 * would replace the object at every deploy, and at its import.
 *
 * An import adds nothing to a state beside the object, so what it was declared as is kept in the selector that comes
 * with the import, and compared with what is declared now.
 */
export class ImmutableRestResource extends RestResource {
  /**
   * What it is made with; a change replaces it. Terraform deletes the object first, so a deploy that ends before still
   * has to replace it.
   */
  readonly declared: TerraformData;

  readonly #id: string;
  readonly #config: ImmutableRestResourceConfig;

  constructor(scope: Construct, id: string, config: ImmutableRestResourceConfig) {
    super(scope, id, config);
    this.#id = id;
    this.#config = config;
    this.declared = new TerraformData(scope, `${id}Declared`, { input: config.body });
    this.lifecycle = {
      ...config.lifecycle,
      ignoreChanges: ["body"],
      replaceTriggeredBy: [dependable(this.declared)],
    };
  }

  override get identity(): unknown {
    return [this.#config.path, this.#config.body];
  }

  /** @param id As `renderImportId` makes it */
  override importFrom(id: string, provider?: TerraformProvider): void {
    const fingerprint = this.#fingerprint();
    const spec = JSON.parse(id) as { readonly read_selector: string };
    const readSelector = withText(spec.read_selector, fingerprint);
    super.importFrom(JSON.stringify({ ...spec, read_selector: readSelector }), provider);
    this.replaceAttributes({ read_selector: withText(this.#config.readSelector, fingerprint) });
    this.ignoreChanges(["read_selector"]);
    this.node.scope?.node.tryRemoveChild(`${this.#id}Declared`);
    const { replaceTriggeredBy: _, ...lifecycle } = this.lifecycle ?? {};
    this.lifecycle = {
      ...lifecycle,
      postcondition: [
        ...(lifecycle.postcondition ?? []),
        {
          condition: `\${${kept(KEPT)}}`,
          errorMessage: this.#said(
            "is in the state without what it was imported as: a deploy made it, or an import before this call of importFrom. Remove the call; nothing is left to import.",
          ),
        },
        {
          condition: `\${!${kept(KEPT)} || ${kept(fingerprint)}}`,
          errorMessage: this.#said(
            "is declared otherwise than it was imported, and Cloudflare cannot change it: it would have to be made anew. Declare it again as it was, remove the call of importFrom and deploy; from then on, a change replaces it.",
          ),
        },
      ],
    };
  }

  #said(problem: string): string {
    return escapeTemplate(`[${this.node.scope?.node.path}] ${problem}`);
  }

  /** What is declared, as a short text; what only Terraform knows is in it by its name. */
  #fingerprint(): string {
    const body = resolve(TerraformStack.of(this), this.#config.body);
    const digest = createHash("sha256").update(JSON.stringify(body, inOrder)).digest("hex");
    return `${FORMAT}-${digest.slice(0, 16)}`;
  }
}

/** Objects with their keys in order, for a later version may render them in another. */
const inOrder = (_: string, value: unknown): unknown =>
  value instanceof Object && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

const KEPT = "declared";

/** Of the fingerprint. It stays in states: a version that makes it otherwise has to let this one's pass. */
const FORMAT = 1;

/** Whether a text is in the selector that the state has, which a plan knows. */
const kept = (text: string): string => `strcontains(self.read_selector, jsonencode("${text}"))`;

/** A selector that ends with the object it makes, with a text more in that object. */
const withText = (selector: string, text: string): string =>
  selector.replace(/\}$/, `,"${KEPT}":!"${text}"}`);
