import { DataResource, dependable } from "cdktf";
import type { Construct } from "constructs";
import { RestResource, type RestResourceConfig } from "./rest-resource.js";

/**
 * One object of a REST API that has no way to change it: whatever is declared otherwise replaces it.
 *
 * What it was made with is kept beside it, not read back: such APIs leave part of it out of their answers, which
 * would replace the object at every deploy, and at its import.
 */
export class ImmutableRestResource extends RestResource {
  constructor(scope: Construct, id: string, config: RestResourceConfig) {
    super(scope, id, config);
    const declared = new DataResource(scope, `${id}Declared`, { input: config.body });
    this.lifecycle = {
      ...config.lifecycle,
      ignoreChanges: ["body"],
      replaceTriggeredBy: [dependable(declared)],
    };
  }
}
