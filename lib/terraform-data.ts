import { type TerraformMetaArguments, TerraformResource } from "cdktf";
import type { Construct } from "constructs";

export interface TerraformDataConfig extends TerraformMetaArguments {
  /** What is kept. @default nothing */
  readonly input?: unknown;

  /** Another value replaces the resource. @default none */
  readonly triggersReplace?: unknown;
}

/**
 * Terraform's own resource that keeps a value.
 *
 * cdktf's class starts Terraform at every synth, once for each object, to ask for its version: a minute for 1,000
 * gateways.
 */
export class TerraformData extends TerraformResource {
  static readonly tfResourceType = "terraform_data";

  /** Another value replaces the resource. */
  triggersReplace: unknown;

  readonly #input: unknown;

  constructor(scope: Construct, id: string, config: TerraformDataConfig = {}) {
    const { input, triggersReplace, ...meta } = config;
    super(scope, id, {
      ...meta,
      terraformResourceType: TerraformData.tfResourceType,
      terraformGeneratorMetadata: { providerName: "terraform" },
    });
    this.#input = input;
    this.triggersReplace = triggersReplace;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { input: this.#input, triggers_replace: this.triggersReplace };
  }
}
