import { ApiClient, type ApiRequest, backoffMs, retryAfterMs } from "../core/api-client.js";
import {
  flag,
  isObjectValue,
  number,
  type ObjectValue,
  text,
  texts,
  type Value,
} from "../core/cty-value.js";
import { ProviderError } from "../core/diagnostics.js";
import type { Json } from "../core/exact-json.js";
import { expandText } from "./path-builder.js";

export type Query = Readonly<Record<string, readonly string[]>>;
export type Headers = Readonly<Record<string, string>>;

/** The configuration of `magodo/restful`, ready for use. */
export interface RestfulClient {
  readonly api: ApiClient;
  readonly createMethod: string;
  readonly updateMethod: string;
  readonly deleteMethod: string;
  readonly mergePatchDisabled: boolean;
  readonly query: Query;
  readonly header: Headers;
}

const RETRIES = 3;
const WAIT_SECONDS = 1;
const MAX_WAIT_SECONDS = 3_600;

/** @throws ProviderError when the base URL is none. */
export function restfulClient(config: ObjectValue): RestfulClient {
  // Unknown while planning a configuration that waits for another resource; then no call follows.
  const baseUrl = text(config.base_url) ?? "";
  if (baseUrl !== "" && !URL.canParse(baseUrl)) {
    throw new ProviderError(
      "base_url is not a URL",
      `Got "${baseUrl}"; expected such as http://127.0.0.1:8787/client/v4.`,
      "base_url",
    );
  }
  const security = credentials(block(config.security));
  return {
    api: new ApiClient({
      baseUrl,
      headers: security.headers,
      query: security.query,
      secrets: security.secrets,
      retry: retryPolicy(block(block(config.client)?.retry)),
    }),
    createMethod: text(config.create_method) ?? "POST",
    updateMethod: text(config.update_method) ?? "PUT",
    deleteMethod: text(config.delete_method) ?? "DELETE",
    mergePatchDisabled: flag(config.merge_patch_disabled),
    query: queryOf(config.query) ?? {},
    header: headerOf(config.header) ?? {},
  };
}

/**
 * The query of one request: the most specific of provider, resource and operation alone, as the
 * real provider has it.
 */
export function requestOptions(
  client: RestfulClient,
  state: ObjectValue,
  operation: string,
  body: Json | undefined,
): Pick<ApiRequest, "query"> & { readonly headers: Headers } {
  const query = queryOf(state[`${operation}_query`]);
  const header = headerOf(state[`${operation}_header`]);
  return {
    query: query ? mapTexts(query, body) : (queryOf(state.query) ?? client.query),
    headers: header ? mapTexts(header, body) : (headerOf(state.header) ?? client.header),
  };
}

/** With the content type of a JSON body, where no other one is given. */
export function withJsonType(headers: Headers): Headers {
  const given = Object.keys(headers).some((name) => name.toLowerCase() === "content-type");
  return given ? headers : { ...headers, "Content-Type": "application/json" };
}

function mapTexts<T extends string | readonly string[]>(
  values: Readonly<Record<string, T>>,
  body: Json | undefined,
): Record<string, T> {
  const expand = (value: string): string => {
    try {
      return expandText(value, body);
    } catch {
      return value; // A value the answer does not have is sent as it is written.
    }
  };
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      (typeof value === "string" ? expand(value) : value.map(expand)) as T,
    ]),
  );
}

function credentials(security: ObjectValue | undefined) {
  const headers: Record<string, string> = {};
  const query: Record<string, string[]> = {};
  const secrets: string[] = [];
  const http = block(security?.http);
  const token = block(http?.token);
  const basic = block(http?.basic);
  if (token) {
    const value = text(token.token) ?? "";
    headers.Authorization = `${text(token.scheme) ?? "Bearer"} ${value}`;
    secrets.push(value);
  } else if (basic) {
    const password = text(basic.password) ?? "";
    const pair = Buffer.from(`${text(basic.username) ?? ""}:${password}`).toString("base64");
    headers.Authorization = `Basic ${pair}`;
    secrets.push(password, pair);
  }
  for (const key of Array.isArray(security?.apikey) ? security.apikey : []) {
    if (!isObjectValue(key)) continue;
    const [name, value] = [text(key.name) ?? "", text(key.value) ?? ""];
    secrets.push(value);
    if (key.in === "header") headers[name] = value;
    else if (key.in === "query") query[name] = [...(query[name] ?? []), value];
    else headers.Cookie = [headers.Cookie, `${name}=${value}`].filter(Boolean).join("; ");
  }
  return { headers, query, secrets };
}

function retryPolicy(retry: ObjectValue | undefined) {
  const codes = new Set(Array.isArray(retry?.status_codes) ? retry.status_codes : []);
  // As the real one: the longest wait is taken for the shortest.
  const wait =
    (number(retry?.max_wait_in_sec) ?? number(retry?.wait_in_sec) ?? WAIT_SECONDS) * 1000;
  const maxWait = MAX_WAIT_SECONDS * 1000;
  return {
    count: retry ? (number(retry.count) ?? RETRIES) : 0,
    retries: (status: number) => codes.has(status),
    waitMs: (attempt: number, response: Parameters<typeof retryAfterMs>[0]) =>
      Math.min(
        maxWait,
        Math.max(wait, retryAfterMs(response) || backoffMs(wait, maxWait, attempt)),
      ),
  };
}

function block(value: Value | undefined): ObjectValue | undefined {
  return isObjectValue(value) ? value : undefined;
}

/** Empty counts as absent, so that it does not hide the provider's. */
function queryOf(value: Value | undefined): Query | undefined {
  if (!isObjectValue(value) || Object.keys(value).length === 0) return undefined;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, texts(item) ?? []]));
}

function headerOf(value: Value | undefined): Headers | undefined {
  if (!isObjectValue(value) || Object.keys(value).length === 0) return undefined;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) =>
      typeof item === "string" ? [[name, item] as const] : [],
    ),
  );
}
