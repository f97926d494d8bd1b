import type { StateDocument, StoredBinding } from "../../state/state-document.js";
import type { QueueConsumer } from "../../workerd/uploaded-script.js";
import type { ApiMessage } from "../api-error.js";

/** The refusal of a binding to a namespace, bucket, database, queue or secret that does not exist. */
export function missingResource(
  _binding: StoredBinding,
  _account: StateDocument,
): ApiMessage | undefined {
  return undefined;
}

/** The queues whose messages a script takes. */
export function queueConsumersOf(_scriptName: string, _account: StateDocument): QueueConsumer[] {
  return [];
}

/** The image behind a class that is backed by a container; undefined until there is one. */
export function containerImageOf(
  _namespaceId: string,
  _account: StateDocument,
): string | undefined {
  return undefined;
}
