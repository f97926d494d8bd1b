import { setTimeout as sleep } from "node:timers/promises";
import { type ApiRequest, retryAfterMs } from "../core/api-client.js";
import { isObjectValue, number, type ObjectValue, text, texts } from "../core/cty-value.js";
import { type Diagnostics, ProviderError } from "../core/diagnostics.js";
import { type Json, stringifyExactJson } from "../core/exact-json.js";
import type { ResourceContext } from "../core/provider-definition.js";
import { parseDocument, succeeded } from "./document.js";
import { expandText } from "./path-builder.js";
import type { RestfulClient } from "./restful-client.js";
import { Selector } from "./selector.js";

/** What the real provider waits between two looks, in seconds. */
const DEFAULT_DELAY_SECONDS = 10;

/** Before a path that is polled as it is written. */
const EXACT = "exact.";

/** Refuses what of a poll is known by name only. */
export function validatePoll(name: string, config: ObjectValue, diagnostics: Diagnostics): void {
  const poll = config[name];
  if (!isObjectValue(poll)) return;
  const locator = text(poll.status_locator);
  if (locator !== undefined && !locator.startsWith("body.")) {
    diagnostics.error(
      `${name}.status_locator is not emulated`,
      `Got "${locator}"; the provider inside the emulator finds a status in "body.…" only.`,
      name,
    );
  }
  const url = text(poll.url_locator);
  if (url !== undefined && !url.startsWith(EXACT)) {
    diagnostics.error(
      `${name}.url_locator is not emulated`,
      `Got "${url}"; the provider inside the emulator takes "${EXACT}…" only.`,
      name,
    );
  }
  if ((poll.header ?? null) !== null) {
    diagnostics.error(`${name}.header is not emulated`, "Leave it out.", name);
  }
}

/**
 * Reads until the status is the one that was waited for. The first look is at once: the real provider
 * waits before it.
 *
 * @param known - The document `$(body.x)` refers to.
 */
export async function pollUntilDone(
  poll: ObjectValue,
  first: ApiRequest,
  known: Json | undefined,
  { client, stop }: ResourceContext<RestfulClient>,
): Promise<void> {
  const request = polledRequest(poll, first);
  const { success, pending } = (isObjectValue(poll.status) ? poll.status : {}) as ObjectValue;
  const locator = expandText((text(poll.status_locator) ?? "").replace(/^body\./, ""), known);
  const selector = new Selector(locator);
  const delayMs = (number(poll.default_delay_sec) ?? DEFAULT_DELAY_SECONDS) * 1000;
  for (;;) {
    const response = await client.api.send(request, stop);
    if (!succeeded(response)) throw client.api.failure("Poll", request, response);
    const found = selector.select(parseDocument(response) ?? null);
    if (found === undefined) {
      throw new ProviderError("No status", `GET ${request.path} has no "${locator}".`);
    }
    const status = typeof found === "string" ? found : stringifyExactJson(found);
    if (sameWord(status, text(success) ?? "")) return;
    if (!(texts(pending) ?? []).some((word) => sameWord(status, word))) {
      throw new ProviderError("Unexpected status", `GET ${request.path}: got "${status}".`);
    }
    const wait = retryAfterMs(response) ?? delayMs;
    await sleep(wait, undefined, { signal: stop.signal }).catch(() => {
      throw stop.signal.reason;
    });
  }
}

/**
 * As the real provider: the query of a path is dropped, and that of the request whose outcome is waited for stays,
 * unless the poll has a path of its own.
 */
function polledRequest(poll: ObjectValue, first: ApiRequest): ApiRequest {
  const own = text(poll.url_locator)?.slice(EXACT.length);
  const [path = "", query] = (own ?? first.path).split("?");
  if (own === undefined) return { ...first, path };
  const asked: Record<string, string[]> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    asked[name] = [...(asked[name] ?? []), value];
  }
  return { ...first, path, query: asked };
}

const sameWord = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
