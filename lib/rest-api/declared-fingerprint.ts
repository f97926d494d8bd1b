import { createHash } from "node:crypto";
import { TerraformElement } from "cdktf";
import { resolve } from "cdktf/lib/_tokens";
import type { Construct } from "constructs";
import type { Attributes } from "./attributes.js";
import { RestDataSource } from "./rest-data-source.js";
import { RestResource } from "./rest-resource.js";

/** Of the texts. They stay in states: a version that makes them otherwise has to let this one's pass. */
const FORMAT = "2-";

/** How a selector has any text of this format. */
export const ANY_FINGERPRINT = `:!"${FORMAT}`;

/**
 * Short texts that say what an object is declared as: two that are declared alike have one in common, wherever in the
 * code they and what they name are.
 *
 * Terraform makes them of what a body's expressions stand for. Of what is looked up, such as the types that Cloudflare
 * makes mandatory, a second one says where: another answer is no other declaration.
 */
export class DeclaredFingerprint extends TerraformElement {
  /** Whether the object itself is imported. */
  isOfImport = false;

  readonly #body: object;

  constructor(scope: Construct, id: string, body: object) {
    super(scope, id, "local");
    this.#body = body;
  }

  /** As templates; known as soon as what the body refers to is. */
  get texts(): readonly string[] {
    return Object.keys(this.#current()).map(textOf);
  }

  /**
   * As templates that a plan knows: the id of an import has to be. What is imported itself is in them by the id it is
   * imported by, and where the body names what may yet have to be created, they are of its address.
   */
  get textsAtImport(): readonly string[] {
    const imported = this.#imported();
    return imported === undefined ? this.textsOfAddresses : Object.keys(imported).map(textOf);
  }

  /** None where the body refers to nothing: no import keeps one then. */
  get textsOfAddresses(): readonly string[] {
    const body = this.#lookUpsNamed(this.#resolved());
    return textsIn(body).length === 0 ? [] : [`${FORMAT}${hash(JSON.stringify(body, inOrder))}`];
  }

  /** All that an object of this declaration may have been given, as templates. */
  get allTexts(): readonly string[] {
    return [...this.texts, ...this.textsOfAddresses];
  }

  override toTerraform(): object {
    return { locals: { ...this.#current(), ...(this.isOfImport ? this.#imported() : {}) } };
  }

  /** Name of a local value → what it is made of. */
  #current(): Readonly<Record<string, unknown>> {
    return this.#both(this.friendlyUniqueId, this.#resolved());
  }

  /** The same at an import; undefined where a plan may not know it. */
  #imported(): Readonly<Record<string, unknown>> | undefined {
    const body = this.#resolved();
    const byIds = replaced(body, `${RestResource.tfResourceType}.`, () =>
      this.#all(RestResource).flatMap(({ friendlyUniqueId, importedId }) =>
        importedId === undefined
          ? []
          : [[`${friendlyUniqueId}.id`, resolve(this.cdktfStack, importedId) as string]],
      ),
    );
    if (textsIn(this.#lookUpsNamed(byIds)).some(refersToResource)) return undefined;
    return JSON.stringify(byIds) === JSON.stringify(body)
      ? this.#current()
      : this.#both(`${this.friendlyUniqueId}_imported`, byIds);
  }

  #both(name: string, body: unknown): Readonly<Record<string, unknown>> {
    const named = this.#lookUpsNamed(body);
    const same = JSON.stringify(named) === JSON.stringify(body);
    return { [name]: body, ...(same ? {} : { [`${name}_by_path`]: named }) };
  }

  #resolved(): unknown {
    return resolve(this.cdktfStack, this.#body);
  }

  /** A body with what is looked up as where and how that is, in place of the answer. */
  #lookUpsNamed(body: unknown): unknown {
    return replaced(body, `data.${RestDataSource.tfResourceType}.`, () =>
      this.#all(RestDataSource).map(({ friendlyUniqueId, identity }) => [
        `${friendlyUniqueId}.output`,
        hash(JSON.stringify(resolve(this.cdktfStack, identity), inOrder)),
      ]),
    );
  }

  #all<One extends Construct>(kind: abstract new (...args: never[]) => One): readonly One[] {
    return this.cdktfStack.node.findAll().filter((one): one is One => one instanceof kind);
  }
}

/** A text of a local value. */
const textOf = (local: string): string =>
  `${FORMAT}\${substr(sha256(jsonencode(local.${local})), 0, 16)}`;

const hash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16);

/** Whether a template has anything in it that a plan may not know: all but variables. */
const refersToResource = (text: string): boolean =>
  /(?<![\w.-])(?!var\.)[A-Za-z_][\w-]*\.[A-Za-z_]/.test(
    text.slice(text.indexOf("${")).replaceAll(/"[^"]*"/g, '""'),
  );

/** Strings that refer to something, wherever they are. */
const textsIn = (value: unknown): readonly string[] =>
  typeof value === "string"
    ? [value].filter(isTemplate)
    : value instanceof Object
      ? Object.values(value).flatMap(textsIn)
      : [];

const isTemplate = (text: string): boolean => /(?<!\$)\$\{/.test(text);

/** A body with texts in place of references; most refer to nothing of a type, and to list all in a stack takes long. */
function replaced(
  body: unknown,
  type: string,
  list: () => readonly (readonly [attribute: string, text: string])[],
): unknown {
  if (!textsIn(body).some((text) => text.includes(type))) return body;
  const texts = list();
  return mapTexts(body, (template) =>
    texts.reduce(
      (all, [attribute, text]) => all.replaceAll(type + attribute, () => JSON.stringify(text)),
      template,
    ),
  );
}

function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === "string") return isTemplate(value) ? map(value) : value;
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map));
  if (!(value instanceof Object)) return value;
  return Object.fromEntries(
    Object.entries(value as Attributes).map(([name, inner]) => [name, mapTexts(inner, map)]),
  );
}

/** Objects with their keys in order, for a later version may render them in another. */
const inOrder = (_: string, value: unknown): unknown =>
  value instanceof Object && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
