import { type TerraformMetaArguments, TerraformResource } from "cdktf";
import type { Construct } from "constructs";

export interface TerraformDataConfig extends TerraformMetaArguments {
  /** What is kept. */
  readonly input: Readonly<Record<string, unknown>>;

  /** Another value replaces the resource. @default none */
  readonly triggersReplace?: Readonly<Record<string, unknown>>;
}

/**
 * Terraform's own resource that keeps a value.
 *
 * cdktf's class starts Terraform at every synth, once for each object, to ask for its version: a minute for 1,000
 * gateways.
 */
export class TerraformData extends TerraformResource {
  readonly #config: TerraformDataConfig;

  constructor(scope: Construct, id: string, config: TerraformDataConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: "terraform_data",
      terraformGeneratorMetadata: { providerName: "terraform" },
    });
    this.#config = config;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    const { input, triggersReplace } = this.#config;
    return { input, ...(triggersReplace && { triggers_replace: triggersReplace }) };
  }
}
