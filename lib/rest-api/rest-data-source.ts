import { TerraformDataSource, type TerraformMetaArguments } from "cdktf";
import type { Construct } from "constructs";
import { type Attributes, renderAttributes, resourceConfig } from "./attributes.js";

/** Attributes of the data source `restful_resource` that this library or its users need. */
export interface RestDataSourceConfig extends TerraformMetaArguments {
  /** Path that is read. */
  readonly path: string;

  /** Values after the `?`. */
  readonly query?: Readonly<Record<string, readonly string[]>>;

  /** Part of the answer that is the object (gjson). @default the whole answer */
  readonly selector?: string;

  /** Paths of the answer kept in `output`. @default all of it */
  readonly outputAttrs?: readonly string[];

  /** Whether nothing at the path (404) is no error: `output` is null then. @default false */
  readonly allowNotExist?: boolean;
}

/**
 * What a REST API answers at a path.
 *
 * @see https://registry.terraform.io/providers/magodo/restful/0.25.2/docs/data-sources/resource
 */
export class RestDataSource extends TerraformDataSource {
  static readonly tfResourceType = "restful_resource";

  readonly #attributes: Attributes;

  constructor(scope: Construct, id: string, config: RestDataSourceConfig) {
    super(scope, id, resourceConfig(RestDataSource.tfResourceType, config));
    const { path, ...attributes } = config;
    // The provider calls the path of a data source its id.
    this.#attributes = renderAttributes({ id: path, ...attributes });
  }

  /** A text from the API's answer, such as `output("subdomain")`. */
  output(path: string): string {
    return this.getStringAttribute(`output.${path}`);
  }

  /** What is looked up, wherever in the code. */
  get identity(): unknown {
    return this.#attributes;
  }

  protected override synthesizeAttributes(): Attributes {
    return this.#attributes;
  }
}
