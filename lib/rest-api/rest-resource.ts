import { type TerraformMetaArguments, type TerraformProvider, TerraformResource } from "cdktf";
import type { Construct } from "constructs";
import { type Attributes, renderAttributes, resourceConfig } from "./attributes.js";

/** JSON as a request carries it. Strings and numbers may be tokens. */
export type RestBody = object;

/** One change of the body before an update sends it. */
export interface BodyPatch {
  readonly path: string;
  /** What is there instead. */
  readonly rawJson?: string;
  /** Whether it is left out. */
  readonly removed?: boolean;
}

/** How it is found out that something is done. */
export interface RestPoll {
  /** Where the status is: `body.` and a selector (gjson). */
  readonly statusLocator: string;
  /**
   * `exact.` and the path that is read, with its query. The query of `readPath` is not sent.
   * @default the object's path
   */
  readonly urlLocator?: string;
  readonly status: { readonly success: string; readonly pending?: readonly string[] };
  /** Seconds between two reads. @default 10 */
  readonly defaultDelaySec?: number;
}

/** Attributes of `restful_resource` that this library or its users need. */
export interface RestResourceConfig extends TerraformMetaArguments {
  /** Path of the collection, where the object is created. Another path replaces the object. */
  readonly path: string;

  /** What is sent, and what is compared with what the API answers. */
  readonly body: RestBody;

  /** Secrets merged into the body when it is sent; in neither plan nor state. Disjoint with `body`. */
  readonly ephemeralBody?: RestBody;

  /** @default "POST" */
  readonly createMethod?: "POST" | "PUT" | "PATCH";

  /** Values after the `?` when it is created. */
  readonly createQuery?: Readonly<Record<string, readonly string[]>>;

  /** Part of the create answer that is the object (gjson). @default the whole answer */
  readonly createSelector?: string;

  /** Path of the object; becomes its id. `$(path)` and `$(body.x)` are filled in. @default the path */
  readonly readPath?: string;

  /** Part of the read answer that is the object (gjson). @default the whole answer */
  readonly readSelector?: string;

  /** @default "PUT" */
  readonly updateMethod?: "PUT" | "PATCH" | "POST";

  /** @default the id */
  readonly updatePath?: string;

  /**
   * What an update sends instead of the body as it is, one change after the other. `rawJson` may have
   * `$(body.x)`. An empty path is the whole body.
   */
  readonly updateBodyPatches?: readonly BodyPatch[];

  /** Reads the object after it was made until it is there. @default nothing is waited for */
  readonly pollCreate?: RestPoll;

  /** Values after the `?` when it is changed. */
  readonly updateQuery?: Readonly<Record<string, readonly string[]>>;

  /** Whether an update by PATCH sends the whole body, and not only what is new in it. @default false */
  readonly mergePatchDisabled?: boolean;

  /** @default "DELETE" */
  readonly deleteMethod?: "POST" | "PUT" | "PATCH" | "DELETE";

  /** @default the id */
  readonly deletePath?: string;

  /** What is sent when the object is removed. @default nothing */
  readonly deleteBody?: RestBody;

  /** Paths in `body` whose change replaces the object. */
  readonly forceNewAttrs?: readonly string[];

  /** Paths of the answer kept in `output`. @default all of it, secrets the API echoes included */
  readonly outputAttrs?: readonly string[];

  /** Paths in `body` that stay as they are where the API's answer leaves them out. */
  readonly writeOnlyAttrs?: readonly string[];
}

/** What an import brings into the state: its id has words for it, or it is never kept there. */
const imported: readonly string[] = [
  "body",
  "ephemeral_body",
  "header",
  "path",
  "query",
  "read_response_template",
  "read_selector",
];

/** Attributes that only a creation asks for. */
const ofCreation: readonly string[] = [
  "check_existance",
  "create_method",
  "create_query",
  "create_selector",
  "poll_create",
  "read_path",
];

/**
 * One object of a REST API: created, read, changed in place and deleted.
 *
 * @see https://registry.terraform.io/providers/magodo/restful/0.25.2/docs/resources/resource
 */
export class RestResource extends TerraformResource {
  static readonly tfResourceType = "restful_resource";

  #attributes: Attributes;
  #importedId: string | undefined;

  constructor(scope: Construct, id: string, config: RestResourceConfig) {
    super(scope, id, resourceConfig(RestResource.tfResourceType, config));
    this.#attributes = renderAttributes(config);
  }

  /** The object's path below the provider's base URL. */
  get id(): string {
    return this.getStringAttribute("id");
  }

  /** What the path ends with of an object that is imported, as the call of `importFrom` says it. */
  get importedId(): string | undefined {
    return this.#importedId;
  }

  /** A text from the API's answer, such as `output("subdomain")`. */
  output(path: string): string {
    return this.getStringAttribute(`output.${path}`);
  }

  /**
   * As every resource's, but no change where that is possible. An attribute that the import does not bring is one in
   * the plan, although nothing is sent for it: where an update or a deletion needs one, the state has to learn it.
   */
  override importFrom(id: string, provider?: TerraformProvider): void {
    super.importFrom(id, provider);
    this.#importedId = lastOfPath(id);
    const { output_attrs: _, ...others } = this.#attributes;
    if (Object.keys(others).every((name) => [...imported, ...ofCreation].includes(name))) {
      this.importUnchanged();
    }
  }

  /**
   * Leaves out of an import's changes what only a creation asks for, which Terraform takes from the declaration wherever
   * it creates or replaces; `output` is then all that is read.
   */
  importUnchanged(): void {
    this.ignoreChanges(ofCreation);
    // Without a selector, all would be secrets the API echoes, too.
    if (this.#attributes.read_selector !== undefined) {
      this.replaceAttributes({ output_attrs: undefined });
    }
  }

  /** Leaves attributes as the state has them; a creation and a replacement take them from here nevertheless. */
  ignoreChanges(names: readonly string[]): void {
    const { ignoreChanges: ignored = [] } = this.lifecycle ?? {};
    if (!Array.isArray(ignored)) return;
    const given = names.filter((name) => this.#attributes[name] !== undefined);
    this.lifecycle = {
      ...this.lifecycle,
      ignoreChanges: [...new Set([...(ignored as string[]), ...given])],
    };
  }

  /** Puts attributes, in Terraform's spelling, in the place of others; undefined is none. */
  replaceAttributes(attributes: Attributes): void {
    this.#attributes = { ...this.#attributes, ...attributes };
  }

  /** The path it is created below. */
  get path(): string {
    return this.#attributes.path as string;
  }

  /** What is sent, and compared with what the API answers. */
  get bodyKeys(): readonly string[] {
    return Object.keys(this.#attributes.body as object);
  }

  /** What makes it this object: another value replaces it. */
  get identity(): unknown {
    const { path, body, force_new_attrs: names = [] } = this.#attributes;
    return [path, ...(names as readonly string[]).map((name) => valueAt(body, name))];
  }

  protected override synthesizeAttributes(): Attributes {
    return this.#attributes;
  }
}

/** Of an import's id as `renderImportId` makes it; undefined of one that was written otherwise. */
function lastOfPath(importId: string): string | undefined {
  try {
    const { id } = JSON.parse(importId) as { readonly id?: unknown };
    return typeof id === "string" ? id.slice(id.lastIndexOf("/") + 1) : undefined;
  } catch {
    return undefined;
  }
}

const valueAt = (body: unknown, path: string): unknown =>
  path
    .split(".")
    .reduce((value, key) => (value as Record<string, unknown> | undefined)?.[key] ?? null, body);
