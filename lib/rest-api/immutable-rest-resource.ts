import { dependable } from "cdktf";
import type { Construct } from "constructs";
import { TerraformData } from "../terraform-data.js";
import { type RestBody, RestResource, type RestResourceConfig } from "./rest-resource.js";

/** Without `forceNewAttrs`, which have no effect here: all of the body is one. */
export type ImmutableRestResourceConfig = Omit<RestResourceConfig, "forceNewAttrs">;

/**
 * One object of a REST API that has no way to change it: whatever is declared otherwise replaces it.
 *
 * What it was made with is kept beside it, not read back: such APIs leave part of it out of their answers, which
 * would replace the object at every deploy, and at its import.
 */
export class ImmutableRestResource extends RestResource {
  readonly #path: string;
  readonly #body: RestBody;

  constructor(scope: Construct, id: string, config: ImmutableRestResourceConfig) {
    super(scope, id, config);
    this.#path = config.path;
    this.#body = config.body;
    const declared = new TerraformData(scope, `${id}Declared`, { input: config.body });
    this.lifecycle = {
      ...config.lifecycle,
      ignoreChanges: ["body"],
      replaceTriggeredBy: [dependable(declared)],
    };
  }

  override get identity(): unknown {
    return [this.#path, this.#body];
  }
}
