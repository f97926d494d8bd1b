import { dependable, Lazy, type TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { TerraformData } from "../terraform-data.js";
import { escapeTemplate } from "../terraform-text.js";
import { ANY_FINGERPRINT, DeclaredFingerprint } from "./declared-fingerprint.js";
import { RestResource, type RestResourceConfig } from "./rest-resource.js";
import { siblingName } from "./sibling-name.js";

/** Without `forceNewAttrs`, which have no effect here: all of the body is one. */
export type ImmutableRestResourceConfig = Omit<RestResourceConfig, "forceNewAttrs"> &
  Required<Pick<RestResourceConfig, "readSelector">>;

/**
 * One object of a REST API that has no way to change it: whatever is declared otherwise replaces it.
 *
 * What it was made with is kept beside it, not read back: such APIs leave part of it out of their answers, which
 * would replace the object at every deploy, and at its import.
 *
 * An import adds nothing to a state beside the object, and what is beside it may get lost, as by another construct id.
 * So what it was declared as is also kept in its selector, which comes with an import and stays as long as the
 * object, and is compared with what is declared now wherever nothing beside the object can tell.
 */
export class ImmutableRestResource extends RestResource {
  /**
   * What it is made with; a change replaces it. Terraform deletes the object first, so a deploy that ends before still
   * has to replace it.
   */
  readonly declared: TerraformData;

  readonly #id: string;
  readonly #config: ImmutableRestResourceConfig;
  readonly #fingerprint: DeclaredFingerprint;

  constructor(scope: Construct, id: string, config: ImmutableRestResourceConfig) {
    super(scope, id, config);
    this.#id = id;
    this.#config = config;
    this.#fingerprint = new DeclaredFingerprint(scope, `${id}Fingerprint`, config.body);
    this.declared = new TerraformData(scope, `${id}Declared`, {
      input: config.body,
      // What it is as of when it comes into the state: whether that is what the object was made with.
      triggersReplace: Lazy.anyValue({ produce: () => this.#fingerprint.allTexts }),
      lifecycle: { ignoreChanges: ["triggers_replace"] },
    });
    this.replaceAttributes({
      read_selector: Lazy.stringValue({
        produce: () => this.#kept(config.readSelector, this.#fingerprint.texts),
      }),
    });
    this.lifecycle = {
      ...config.lifecycle,
      ignoreChanges: ["body", "read_selector"],
      replaceTriggeredBy: [
        ...(config.lifecycle?.replaceTriggeredBy ?? []),
        dependable(this.declared),
      ],
      postcondition: [
        ...(config.lifecycle?.postcondition ?? []),
        {
          condition: Lazy.stringValue({ produce: () => this.#isAsDeclared() }),
          errorMessage: Lazy.stringValue({
            produce: () =>
              this.#said(
                `is declared otherwise than it was imported or made, or a construct it refers to has another id, and Cloudflare cannot change it: it would have to be made anew. Declare it again as it was, remove the call of importFrom if there is one, and deploy; from then on, a change replaces it. Or make it anew now, in the folder that cdktf wrote the stack to: terraform apply -replace=${this.terraformResourceType}.${this.friendlyUniqueId}`,
              ),
          }),
        },
      ],
    };
  }

  override get identity(): unknown {
    return [this.#config.path, this.#config.body];
  }

  /** @param id As `renderImportId` makes it */
  override importFrom(id: string, provider?: TerraformProvider): void {
    const spec = JSON.parse(id) as { readonly read_selector: string };
    super.importFrom(
      // At synth: what it is made with may be imported only later in the program.
      Lazy.stringValue({
        produce: () =>
          JSON.stringify({
            ...spec,
            read_selector: this.#kept(spec.read_selector, this.#fingerprint.textsAtImport),
          }),
      }),
      provider,
    );
    this.#fingerprint.isOfImport = true;
    this.node.scope?.node.tryRemoveChild(`${this.#id}Declared`);
    const { replaceTriggeredBy: _, ...lifecycle } = this.lifecycle ?? {};
    const { replaceTriggeredBy = [] } = this.#config.lifecycle ?? {};
    this.lifecycle = {
      ...lifecycle,
      ...(replaceTriggeredBy.length === 0 ? {} : { replaceTriggeredBy }),
      postcondition: [
        {
          condition: `\${strcontains(self.read_selector, ${JSON.stringify(`"${IMPORTED}":`)})}`,
          errorMessage: this.#said(
            "is in the state without what it was imported as: a deploy made it, or an import before this call of importFrom. Remove the call; nothing is left to import.",
          ),
        },
        ...(lifecycle.postcondition ?? []),
      ],
    };
  }

  /** What it was made with moves along, so that a change of that in the same deploy is seen. */
  override moveFromId(id: string): void {
    super.moveFromId(id);
    const name = id.slice(id.lastIndexOf(".") + 1);
    const declared = siblingName(name, this.#id, `${this.#id}Declared`);
    if (declared !== undefined) {
      this.declared.moveFromId(`${TerraformData.tfResourceType}.${declared}`);
    }
  }

  #said(problem: string): string {
    return escapeTemplate(`[${this.node.scope?.node.path}] ${problem}`);
  }

  /** A selector that ends with the object it makes, with the texts in that object. */
  #kept(selector: string, texts: readonly string[]): string {
    const name = this.#fingerprint.isOfImport ? IMPORTED : MADE;
    const keys = [name, `${name}_by_path`];
    return selector.replace(
      /\}$/,
      () => `${texts.map((text, index) => `,"${keys[index]}":!"${text}"`).join("")}}`,
    );
  }

  /**
   * Where what it was made with is in the state, a change of that replaces it, whatever the texts are by now. Nothing is
   * known of an object without texts.
   */
  #isAsDeclared(): string {
    const selectorHas = (text: string) => `strcontains(self.read_selector, ${text})`;
    const atFirst = `terraform_data.${this.declared.friendlyUniqueId}.triggers_replace`;
    const passing = [
      `!${selectorHas(JSON.stringify(ANY_FINGERPRINT))}`,
      ...this.#fingerprint.allTexts.map((text) => selectorHas(`"${text}"`)),
      ...(this.#fingerprint.isOfImport
        ? []
        : [
            // Of a version that kept none.
            `${atFirst} == null`,
            `anytrue(try([for text in ${atFirst} : ${selectorHas("text")}], []))`,
          ]),
    ];
    return `\${anytrue([${passing.join(", ")}])}`;
  }
}

/** Keys of the texts in the selector: of an object that an import brought, and of one that a deploy made. */
const IMPORTED = "declared";
const MADE = "made";
