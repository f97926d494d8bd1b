import type { ApiRequest, ApiResponse } from "../core/api-client.js";
import { type ObjectValue, text } from "../core/cty-value.js";
import { ProviderError } from "../core/diagnostics.js";
import type { Json } from "../core/exact-json.js";
import type { ResourceContext } from "../core/provider-definition.js";
import { parseDocument, selectDocument } from "./document.js";
import { expandPath } from "./path-builder.js";
import { type RestfulClient, requestOptions } from "./restful-client.js";

/** The document and the path of a new object, from the answer to its creation. */
export function answeredCreate(
  planned: ObjectValue,
  request: ApiRequest,
  response: ApiResponse,
): { readonly id: string; readonly document: Json | undefined } {
  try {
    const selector = text(planned.create_selector);
    const document = selectDocument(selector, parseDocument(response), "create_selector");
    if (document === undefined && selector) {
      throw new ProviderError(
        "create_selector finds nothing",
        `the answer has no "${selector}".`,
        "create_selector",
      );
    }
    const readPath = text(planned.read_path);
    const id = readPath ? expandPath(readPath, request.path, document) : request.path;
    return { id, document };
  } catch (thrown) {
    if (!(thrown instanceof ProviderError)) throw thrown;
    throw new ProviderError(
      thrown.summary,
      `${request.method} ${request.path} made the object, but its path is not known: ` +
        `${thrown.detail} It is not in the state: remove or import it.`,
      thrown.attribute,
    );
  }
}

/** `check_existance`: an object on the path is not taken over. */
export async function refuseExisting(
  path: string,
  planned: ObjectValue,
  context: ResourceContext<RestfulClient>,
): Promise<void> {
  const { client, stop } = context;
  const request = {
    method: "GET",
    path,
    ...requestOptions(client, planned, "read", undefined),
  };
  const response = await client.api.send(request, stop);
  if (response.status === 404) return;
  throw new ProviderError(
    "The object exists already",
    `GET ${path} answered ${response.status}. To manage it from here, import it.`,
    "path",
  );
}
