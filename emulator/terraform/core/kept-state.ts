import { stateFromJson } from "./block-message.js";
import { ProviderError } from "./diagnostics.js";
import type { ProviderRequest } from "./plugin-protocol.js";
import type { Schema } from "./schema.js";

/** What a state file has of an object. @throws ProviderError when another version of the provider wrote it. */
export function keptState(request: ProviderRequest, schema: Schema) {
  const { typeName, version = 0, rawState } = request;
  if (version !== schema.version) {
    throw new ProviderError(
      "State of another provider version",
      `The state of ${typeName} has schema version ${version}; this provider reads version ` +
        `${schema.version}. Run one \`terraform apply\` with the real provider, which converts it.`,
    );
  }
  if (!rawState?.json) {
    throw new ProviderError("State without JSON", "Terraform sent an empty state.");
  }
  return stateFromJson(rawState.json, schema);
}
