import { type TerraformMetaArguments, TerraformResource } from "cdktf";
import type { Construct } from "constructs";
import { type Attributes, renderAttributes, resourceConfig } from "./attributes.js";
import type { RestBody, RestPoll } from "./rest-resource.js";

/** Attributes of `restful_operation` that this library or its users need. */
export interface RestOperationConfig extends TerraformMetaArguments {
  /** Path the request goes to. Another path replaces the operation. */
  readonly path: string;

  readonly method: "POST" | "PUT" | "PATCH" | "GET";

  /** Values after the `?`. */
  readonly query?: Readonly<Record<string, readonly string[]>>;

  /** What is sent. */
  readonly body?: RestBody;

  /** Secrets merged into the body when it is sent; in neither plan nor state. Disjoint with `body`. */
  readonly ephemeralBody?: RestBody;

  /** Reads the path after the request until it is done. @default nothing is waited for */
  readonly poll?: RestPoll;

  /** Request sent when the operation is removed. @default none */
  readonly deleteMethod?: "POST" | "PUT" | "PATCH" | "DELETE";

  /** @default the path */
  readonly deletePath?: string;

  /** What is sent when the operation is removed. @default nothing */
  readonly deleteBody?: RestBody;

  /** Paths of the answer kept in `output`. @default all of it, secrets the API echoes included */
  readonly outputAttrs?: readonly string[];
}

/**
 * One request, sent at create and again whenever what it sends changes. Nothing is read back.
 *
 * @see https://registry.terraform.io/providers/magodo/restful/0.25.2/docs/resources/operation
 */
export class RestOperation extends TerraformResource {
  static readonly tfResourceType = "restful_operation";

  readonly #attributes: Attributes;

  constructor(scope: Construct, id: string, config: RestOperationConfig) {
    super(scope, id, resourceConfig(RestOperation.tfResourceType, config));
    this.#attributes = renderAttributes(config);
  }

  /** A text from the API's answer, such as `output("id")`. */
  output(path: string): string {
    return this.getStringAttribute(`output.${path}`);
  }

  protected override synthesizeAttributes(): Attributes {
    return this.#attributes;
  }
}
