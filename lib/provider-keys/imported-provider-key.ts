import { Construct } from "constructs";
import { reportProblems } from "../report-problems.js";
import { checkId } from "../text-checks.js";
import type { IProviderKey } from "./provider-key-props.js";

/** A key that is declared elsewhere: its id and nothing else. */
export class ImportedProviderKey extends Construct implements IProviderKey {
  readonly providerConfigId: string;

  constructor(scope: Construct, id: string, providerConfigId: string) {
    super(scope, id);
    this.providerConfigId = providerConfigId;
    reportProblems(this, checkId("providerConfigId", providerConfigId));
  }
}
