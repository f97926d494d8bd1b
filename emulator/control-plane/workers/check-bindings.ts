import type { StateDocument, StoredBinding } from "../../state/state-document.js";
import { ApiError, type ApiMessage, apiMessage } from "../api-error.js";
import { missingResource } from "./account-resources.js";
import { type ClassRegistry, findClass } from "./class-registry.js";

export interface BindingCheck {
  readonly scriptName: string;
  readonly account: StateDocument;
  /** As it is once the upload is through. */
  readonly classes: ClassRegistry;
  /** Names of classes the upload deletes. */
  readonly deleted: ReadonlySet<string>;
}

/**
 * Refuses bindings to what does not exist, all at once.
 * @throws {ApiError} 400 with the code of each kind
 */
export function checkBindings(bindings: readonly StoredBinding[], check: BindingCheck): void {
  const faults = bindings.flatMap((binding) => missingTarget(binding, check) ?? []);
  if (faults.length > 0) throw new ApiError(400, faults);
}

function missingTarget(binding: StoredBinding, check: BindingCheck): ApiMessage | undefined {
  const { scriptName, account } = check;
  const isScript = (name: string) => name === scriptName || account.scripts.has(name);
  switch (binding.type) {
    case "durable_object_namespace":
      return missingClass(binding, check);
    case "service":
      if (isScript(binding.service)) return undefined;
      return apiMessage(
        "serviceBindingTarget",
        `Could not resolve service binding '${binding.name}'. Target script '${binding.service}' not found. Please verify the target script and try again.`,
      );
    case "workflow":
      if (isScript(binding.script_name ?? scriptName)) return undefined;
      return apiMessage(
        "scriptNotFound",
        `The workflow binding "${binding.name}" names the Worker "${binding.script_name}", which does not exist on your account.`,
      );
    default:
      return missingResource(binding, account);
  }
}

function missingClass(
  { class_name, script_name }: Extract<StoredBinding, { type: "durable_object_namespace" }>,
  { scriptName, classes, deleted }: BindingCheck,
): ApiMessage | undefined {
  const owner = script_name ?? scriptName;
  if (findClass(classes, owner, class_name)) return undefined;
  const code = "classBinding";
  // By the name alone: a script_name does not exempt the binding on Cloudflare either.
  if (deleted.has(class_name)) {
    return apiMessage(
      code,
      `Cannot apply --delete-class migration to class '${class_name}' without also removing the binding that references it.`,
    );
  }
  if (!classes.has(owner) && owner !== scriptName) {
    return apiMessage(
      code,
      `Cannot create binding for class in script '${owner}' that does not exist.`,
    );
  }
  return apiMessage(
    code,
    `Cannot create binding for class '${class_name}' because it is not currently configured to implement Durable Objects. Did you forget to apply a 'new-class' migration to this class?`,
  );
}
