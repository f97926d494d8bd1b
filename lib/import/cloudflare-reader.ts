import { setTimeout as sleep } from "node:timers/promises";
import { CLOUDFLARE_API_URL } from "../../protocol/urls.js";
import { showUrl } from "../url-credentials.js";
import { ImportError } from "./import-error.js";

/** An object of the API's answers. */
export type Row = { readonly [key: string]: unknown };

/** The API has not what was asked for, or does not offer it. */
export class NotAvailableError extends ImportError {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

export interface CloudflareReaderOptions {
  readonly accountId: string;
  readonly apiToken: string;
  /** @default Cloudflare's own */
  readonly baseUrl?: string | undefined;
  /** Milliseconds before the second try; each further pause is twice as long. @default 1000 */
  readonly pauseMs?: number;
}

export interface ListOptions {
  /** Where in an answer the objects are. @default in `result` */
  readonly pick?: (answer: Row) => unknown;
  /** What is asked for beside the page. */
  readonly query?: Readonly<Record<string, string>>;
  /** What a token needs that is refused. @default "AI Gateway: Read" */
  readonly permission?: string;
}

const PERMISSION = "AI Gateway: Read";
const TRIES = 4;
const TIMEOUT_MS = 30_000;
/** The most that all of the API's lists allow. */
const PER_PAGE = 50;
/** More objects than any account may have: a list that never ends is a fault. */
const MAX_PAGES = 1_000;

/** Reads from Cloudflare's REST API, and never writes. Secrets are in no error's text. */
export class CloudflareReader {
  readonly accountId: string;
  readonly #apiToken: string;
  readonly #baseUrl: string;
  readonly #pauseMs: number;

  constructor({ accountId, apiToken, baseUrl, pauseMs = 1_000 }: CloudflareReaderOptions) {
    this.accountId = accountId;
    this.#apiToken = apiToken;
    this.#baseUrl = (baseUrl || CLOUDFLARE_API_URL).replace(/\/+$/, "");
    this.#pauseMs = pauseMs;
  }

  /**
   * Reads from the account that the environment names.
   * @throws {ImportError} for what is not set, or wrong
   */
  static fromEnvironment(
    env: Readonly<Record<string, string | undefined>>,
    options: Pick<CloudflareReaderOptions, "pauseMs"> = {},
  ): CloudflareReader {
    const accountId = env.CLOUDFLARE_ACCOUNT_ID;
    // `||`: an exported but empty variable is as good as none.
    const apiToken = env.CLOUDFLARE_API_TOKEN || env.TF_VAR_cloudflare_api_token;
    const baseUrl = env.CLOUDFLARE_BASE_URL || undefined;
    const missing = [
      ...(accountId ? [] : ["CLOUDFLARE_ACCOUNT_ID"]),
      ...(apiToken ? [] : ["CLOUDFLARE_API_TOKEN"]),
    ];
    if (!accountId || !apiToken) {
      throw new ImportError(
        `Not set: ${missing.join(" and ")}. Write: export ${missing.map((name) => `${name}=…`).join(" ")}\n` +
          "The dashboard shows the account's id at Account Home → ⋯ → Copy account ID, and makes tokens at My Profile → " +
          'API Tokens: one with the permission "AI Gateway: Read" is enough.',
      );
    }
    if (!/^[\w-]+$/.test(accountId)) {
      throw new ImportError(
        'CLOUDFLARE_ACCOUNT_ID: got something else than letters, digits, "-" and "_". The dashboard shows the id at Account ' +
          "Home → ⋯ → Copy account ID.",
      );
    }
    // A header cannot carry it, and the error that says so would show it.
    if (!/^[\x21-\x7e]+$/.test(apiToken)) {
      throw new ImportError(
        "The API token has a character that no token has, such as a space or a line break. Copy it again.",
      );
    }
    // With a user in it, no request is made, and the error that says so would show it.
    if (baseUrl !== undefined && !/^https?:\/\/[^\s?#@]+$/i.test(baseUrl)) {
      throw new ImportError(
        `CLOUDFLARE_BASE_URL: got ${showUrl(baseUrl)}; allowed is an http or https URL without user and query, such as "${CLOUDFLARE_API_URL}". Unset it for Cloudflare.`,
      );
    }
    return new CloudflareReader({ accountId, apiToken, baseUrl, ...options });
  }

  /** One object. @throws {ImportError} */
  async read(path: string): Promise<Row> {
    const { result } = await this.#get(path, {});
    return isRow(result) ? result : malformed(path);
  }

  /**
   * All of a list, page by page.
   * @throws {ImportError}
   */
  async list(
    path: string,
    { pick = ({ result }) => result, query = {}, permission }: ListOptions = {},
  ): Promise<readonly Row[]> {
    const rows: Row[] = [];
    const seen = new Set<string>();
    for (let page = 1; page <= MAX_PAGES; page++) {
      const asked = { ...query, page: String(page), per_page: String(PER_PAGE) };
      const answer = await this.#get(path, asked, permission);
      const found = pick(answer);
      if (!isRows(found)) return malformed(path);
      // A list that knows no pages is the same each time.
      const fresh = found.filter((row) => !seen.has(JSON.stringify(row)));
      for (const row of fresh) seen.add(JSON.stringify(row));
      rows.push(...fresh);
      const total = isRow(answer.result_info) ? answer.result_info.total_count : undefined;
      if (fresh.length === 0 || rows.length === total) return rows;
    }
    throw new ImportError(`${path}: the list does not end after ${MAX_PAGES} pages.`);
  }

  async #get(
    path: string,
    query: Readonly<Record<string, string>>,
    permission = PERMISSION,
  ): Promise<Row> {
    const words = new URLSearchParams(query).toString();
    const url = `${this.#baseUrl}${path}${words === "" ? "" : `?${words}`}`;
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#ask(url);
      const isLast = attempt === TRIES;
      if (answer instanceof Response) {
        const { status } = answer;
        if (isLast || (status !== 429 && status < 500) || status === 501) {
          return this.#parse(path, answer, permission);
        }
        await answer.body?.cancel();
      } else if (isLast) {
        throw new ImportError(
          `${new URL(url).origin} does not answer (${answer}). Is the network up${
            this.#baseUrl !== CLOUDFLARE_API_URL ? ", and is CLOUDFLARE_BASE_URL right" : ""
          }?`,
        );
      }
      await sleep(this.#pauseMs * 2 ** (attempt - 1));
    }
  }

  /** @returns the answer, or why there is none. */
  async #ask(url: string): Promise<Response | string> {
    try {
      return await fetch(url, {
        headers: { authorization: `Bearer ${this.#apiToken}` },
        // The token goes nowhere else.
        redirect: "error",
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch (error) {
      const { cause, message } = error as Error & { cause?: { code?: string; message?: string } };
      return cause?.code ?? cause?.message ?? message;
    }
  }

  async #parse(path: string, response: Response, permission: string): Promise<Row> {
    const { status } = response;
    const answer = await response.json().catch(() => undefined);
    if (response.ok && isRow(answer) && answer.success !== false) return answer;
    const said = describe(answer);
    if (status === 429 || (status >= 500 && status !== 501)) {
      throw new ImportError(
        `GET ${path} was answered with ${status}${said}, ${TRIES} times. Try again later; www.cloudflarestatus.com tells of outages.`,
      );
    }
    if (status === 401 || (status === 403 && /10000/.test(said)) || isBadToken(answer)) {
      throw new NotAvailableError(
        `GET ${path} was refused (${status}${said}). Is the token right, and has it the permission "${permission}" on the account ${this.accountId}?`,
        403,
      );
    }
    if (/\b7003\b/.test(said)) {
      throw new ImportError(
        `GET ${path} was refused (${status}${said}). Is CLOUDFLARE_ACCOUNT_ID right? Got ${this.accountId}.`,
      );
    }
    if (response.ok) return malformed(path);
    throw new NotAvailableError(`GET ${path} was answered with ${status}${said}.`, status);
  }
}

/** Codes and messages as an answer has them. */
function describe(answer: unknown): string {
  const errors = isRow(answer) && Array.isArray(answer.errors) ? answer.errors.filter(isRow) : [];
  return errors.map(({ code, message }) => `, code ${code}: ${message}`).join("");
}

/** A header that cannot be a token's is answered with 400. */
const isBadToken = (answer: unknown): boolean => /\b(6003|6111|9109)\b/.test(describe(answer));

export const isRow = (value: unknown): value is Row =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether it is an array of objects. */
export const isRows = (value: unknown): value is readonly Row[] =>
  Array.isArray(value) && value.every(isRow);

function malformed(path: string): never {
  throw new ImportError(
    `GET ${path} was answered with something else than the API's answers are. Is CLOUDFLARE_BASE_URL right?`,
  );
}
