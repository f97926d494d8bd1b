import { TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { hclOutput } from "../errors.js";
import { type Attributes, renderAttributes } from "./attributes.js";
import { REST_PROVIDER_VERSION } from "./version.js";

/** Where `magodo/restful` is published. */
export const REST_PROVIDER_SOURCE = "magodo/restful";

export interface RestProviderConfig {
  /** URL that all paths start from, without a slash at the end. */
  readonly baseUrl: string;

  /** How requests prove who sends them. */
  readonly security?: {
    readonly http: { readonly token: { readonly token: string; readonly scheme?: string } };
  };

  readonly client?: {
    readonly retry?: {
      /** Answers that are tried again. */
      readonly statusCodes: readonly number[];
      /** Tries after the first one. @default 3 */
      readonly count?: number;
      /** Seconds before the second try; doubled each time. @default 1 */
      readonly waitInSec?: number;
      /** Meant as the longest wait, in seconds; 0.25.2 takes it for `waitInSec`. @default 3600 */
      readonly maxWaitInSec?: number;
    };
  };

  /** Method that changes an object. @default "PUT" */
  readonly updateMethod?: "PUT" | "PATCH" | "POST";

  /** Version constraint. @default {@link REST_PROVIDER_VERSION} */
  readonly version?: string;

  /** Name of this configuration where a stack has several. @default none: the stack's default one */
  readonly alias?: string;
}

/**
 * The provider `magodo/restful`: any REST API as resources.
 *
 * @see https://registry.terraform.io/providers/magodo/restful/0.25.2/docs
 */
export class RestProvider extends TerraformProvider {
  readonly #attributes: Attributes;
  readonly #alias: string | undefined;

  constructor(scope: Construct, id: string, config: RestProviderConfig) {
    const { version = REST_PROVIDER_VERSION, alias, ...attributes } = config;
    super(scope, id, {
      terraformResourceType: "restful",
      terraformGeneratorMetadata: { providerName: "restful", providerVersion: version },
      terraformProviderSource: REST_PROVIDER_SOURCE,
    });
    this.#alias = alias;
    this.#attributes = renderAttributes(attributes);
  }

  override get alias(): string | undefined {
    return this.#alias;
  }

  protected override synthesizeAttributes(): Attributes {
    return this.#attributes;
  }

  // Asked of every stack that uses restful: the provider has to be in it.
  protected override synthesizeHclAttributes(): never {
    throw hclOutput(this.node.path);
  }
}
