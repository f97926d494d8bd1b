import { createHash } from "node:crypto";
import { dependable, Lazy, type TerraformProvider, TerraformStack } from "cdktf";
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
    const spec = JSON.parse(id) as { readonly read_selector: string };
    const kept = (selector: string) => withFingerprints(selector, this.#fingerprints());
    // At synth: what it is made with may be imported only later in the program.
    const atSynth = (produce: () => string) => Lazy.stringValue({ produce });
    super.importFrom(
      atSynth(() => JSON.stringify({ ...spec, read_selector: kept(spec.read_selector) })),
      provider,
    );
    this.replaceAttributes({ read_selector: atSynth(() => kept(this.#config.readSelector)) });
    this.ignoreChanges(["read_selector"]);
    this.node.scope?.node.tryRemoveChild(`${this.#id}Declared`);
    const { replaceTriggeredBy: _, ...lifecycle } = this.lifecycle ?? {};
    this.lifecycle = {
      ...lifecycle,
      postcondition: [
        ...(lifecycle.postcondition ?? []),
        {
          condition: `\${${isKept(KEPT)}}`,
          errorMessage: this.#said(
            "is in the state without what it was imported as: a deploy made it, or an import before this call of importFrom. Remove the call; nothing is left to import.",
          ),
        },
        {
          condition: atSynth(
            () => `\${${[`!${isKept(KEPT)}`, ...this.#fingerprints().map(isKept)].join(" || ")}}`,
          ),
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

  /**
   * What is declared, as short texts; what only Terraform knows is in it by its address. Where that is another object
   * that is imported, a second text has it by its id: constructs get other addresses with other ids in the code.
   */
  #fingerprints(): readonly string[] {
    const stack = TerraformStack.of(this);
    const body = JSON.stringify(resolve(stack, this.#config.body), inOrder);
    if (!body.includes(`${RestResource.tfResourceType}.`)) return [hash(body)];
    const byIds = stack.node
      .findAll()
      .filter((one): one is RestResource => one instanceof RestResource)
      .reduce(
        (text, { friendlyUniqueId, importedId }) =>
          importedId === undefined
            ? text
            : text.replaceAll(`${RestResource.tfResourceType}.${friendlyUniqueId}.id`, () =>
                resolve(stack, importedId),
              ),
        body,
      );
    return [...new Set([body, byIds])].map(hash);
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

const hash = (text: string): string =>
  `${FORMAT}-${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;

/** Whether a text is in the selector that the state has, which a plan knows. */
const isKept = (text: string): string => `strcontains(self.read_selector, jsonencode("${text}"))`;

/** A selector that ends with the object it makes, with the texts in that object. */
const withFingerprints = (selector: string, texts: readonly string[]): string =>
  selector.replace(
    /\}$/,
    `${texts.map((text, index) => `,"${index === 0 ? KEPT : `${KEPT}_by_ids`}":!"${text}"`).join("")}}`,
  );
