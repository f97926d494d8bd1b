import {
  ApiClient,
  type ApiRequest,
  type ApiResponse,
  backoffMs,
  retryAfterMs,
} from "../core/api-client.js";
import { type ObjectValue, text } from "../core/cty-value.js";
import { ProviderError } from "../core/diagnostics.js";
import { isJsonObject, type Json, type JsonObject, parseExactJson } from "../core/exact-json.js";
import type { Stop } from "../core/stop.js";

export type Environment = Readonly<Record<string, string | undefined>>;

const CLOUDFLARE_API = "https://api.cloudflare.com/client/v4";
const RETRIES = 2;
const MIN_WAIT_MS = 500;
const MAX_WAIT_MS = 8_000;

/** Cloudflare's REST API: its credentials, its retries, its envelope. */
export class CloudflareClient {
  readonly #api: ApiClient;

  constructor(config: ObjectValue, environment: Environment) {
    const given = (attribute: string, variable: string): string | undefined =>
      text(config[attribute]) ?? environment[variable];
    const token = given("api_token", "CLOUDFLARE_API_TOKEN");
    const key = given("api_key", "CLOUDFLARE_API_KEY");
    const email = given("email", "CLOUDFLARE_EMAIL");
    const serviceKey = given("api_user_service_key", "CLOUDFLARE_API_USER_SERVICE_KEY");
    this.#api = new ApiClient({
      baseUrl: given("base_url", "CLOUDFLARE_BASE_URL") ?? CLOUDFLARE_API,
      headers: {
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...(key !== undefined && { "X-Auth-Key": key }),
        ...(email !== undefined && { "X-Auth-Email": email }),
        ...(serviceKey !== undefined && { "X-Auth-User-Service-Key": serviceKey }),
      },
      retry: {
        count: RETRIES,
        retries: (status) => status === 408 || status === 409 || status === 429 || status >= 500,
        waitMs: (attempt, response) =>
          retryAfterMs(response) ?? backoffMs(MIN_WAIT_MS, MAX_WAIT_MS, attempt),
      },
      secrets: [token, key, serviceKey].filter((secret) => secret !== undefined),
    });
  }

  /** The answer as it came; undefined for 404 where `mayMiss` allows it. */
  async send(
    what: string,
    request: ApiRequest,
    stop: Stop,
    mayMiss: { readonly mayMiss: boolean } = { mayMiss: false },
  ): Promise<ApiResponse | undefined> {
    const response = await this.#api.send(request, stop);
    if (response.status === 404 && mayMiss.mayMiss) return undefined;
    if (response.status < 200 || response.status >= 300) {
      throw this.#api.failure(what, request, response);
    }
    return response;
  }

  /** The `result` of the answer's envelope; undefined for 404 where `mayMiss` allows it. */
  async result(
    what: string,
    request: ApiRequest,
    stop: Stop,
    mayMiss: { readonly mayMiss: boolean } = { mayMiss: false },
  ): Promise<JsonObject | undefined> {
    const response = await this.send(what, request, stop, mayMiss);
    if (!response) return undefined;
    const envelope = parse(response);
    if (isJsonObject(envelope) && envelope.success !== false) {
      return isJsonObject(envelope.result) ? envelope.result : {};
    }
    throw this.#api.failure(what, request, response);
  }
}

function parse(response: ApiResponse): Json | undefined {
  try {
    return parseExactJson(response.bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** `a/b` of an import id. */
export function importPath(id: string): { accountId: string; scriptName: string } {
  const [accountId, scriptName, ...more] = id.split("/").map(decodeURIComponent);
  if (accountId && scriptName && more.length === 0) return { accountId, scriptName };
  throw new ProviderError("Invalid import id", `Got "${id}"; expected <account_id>/<script_name>.`);
}

/** The path of a script and what is below it. */
export function scriptPath(state: ObjectValue, below = ""): string {
  const account = encodeURIComponent(text(state.account_id) ?? "");
  const script = encodeURIComponent(text(state.script_name) ?? "");
  return `/accounts/${account}/workers/scripts/${script}${below}`;
}
