import * as http from "node:http";
import * as https from "node:https";
import { CancelledError } from "./cancellation.js";
import { atEndOfTurn } from "./end-of-turn.js";
import { renderAnswerHeaders, renderUpstreamHeaders } from "./header-list.js";
import {
  type Upstream,
  type UpstreamAnswer,
  type UpstreamRequest,
  UpstreamUnreachableError,
} from "./upstream.js";
import { endWithBody } from "./write-body.js";

export interface HttpUpstreamProps {
  /** Such as `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  /** Sent when a request brings no credential of its own. */
  readonly apiKey?: string;
  /** The header the provider reads its key from. @default "authorization", as a bearer token */
  readonly keyHeader?: string;
  /** Whether a `/v1` at the end of the base and in front of a path is meant twice. @default false */
  readonly pathsAsWritten?: boolean;
}

const noBodyMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/** A provider reached over HTTP; bytes pass in both directions as they are. */
export class HttpUpstream implements Upstream {
  readonly #base: URL;
  readonly #basePath: string;
  /** Without the brackets of an IPv6 address. */
  readonly #host: string;
  readonly #agent: http.Agent;
  readonly #request: typeof http.request;
  readonly #props: HttpUpstreamProps;

  /** @throws {TypeError} when the base URL is none, or not http(s). */
  constructor(props: HttpUpstreamProps) {
    const base = URL.canParse(props.baseUrl) ? new URL(props.baseUrl) : undefined;
    if (!base || !/^https?:$/.test(base.protocol)) {
      throw new TypeError(
        `The base URL of an upstream is "${props.baseUrl}"; write an http or https URL, such as "http://127.0.0.1:11434/v1".`,
      );
    }
    const secure = base.protocol === "https:";
    this.#props = props;
    this.#base = base;
    this.#host = base.hostname.replace(/^\[|\]$/g, "");
    this.#basePath = base.pathname.replace(/\/+$/, "");
    this.#agent = new (secure ? https : http).Agent({ keepAlive: true, scheduling: "lifo" });
    this.#request = secure ? https.request : http.request;
  }

  get hasCredential(): boolean {
    return this.#props.apiKey !== undefined;
  }

  async send(request: UpstreamRequest): Promise<UpstreamAnswer> {
    try {
      return await this.#sendOnce(request, this.#agent);
    } catch (error) {
      // The provider closed an idle connection just as we took it: the request goes again, once,
      // on a connection of its own, which never ends up here.
      if (!(error instanceof StaleConnectionError)) throw error;
      return this.#sendOnce(request, false);
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #sendOnce(request: UpstreamRequest, agent: http.Agent | false): Promise<UpstreamAnswer> {
    return new Promise((resolve, reject) => {
      atEndOfTurn(() => {
        try {
          this.#open(request, agent, resolve, reject);
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  #open(
    request: UpstreamRequest,
    agent: http.Agent | false,
    resolve: (answer: UpstreamAnswer) => void,
    reject: (error: unknown) => void,
  ): void {
    const { method, body, cancellation } = request;
    if (cancellation.cancelled) {
      reject(new CancelledError("The caller has gone."));
      return;
    }
    const headers = renderUpstreamHeaders(this.#credited(request), this.#base.host, body.length);
    if (body.length === 0 && !noBodyMethods.has(method)) headers.push("content-length", "0");
    const outgoing = this.#request({
      agent,
      host: this.#host,
      port: this.#base.port,
      method,
      path: `${this.#basePath}/${this.#relative(request.path)}`,
      headers,
    });
    const ignore = cancellation.onCancel(() => outgoing.destroy());
    outgoing.on("error", (error: NodeJS.ErrnoException) => {
      ignore();
      if (cancellation.cancelled) reject(new CancelledError("The caller has gone."));
      else if (outgoing.reusedSocket && error.code === "ECONNRESET") {
        reject(new StaleConnectionError());
      } else {
        reject(
          new UpstreamUnreachableError(
            `${this.#base.origin} did not answer: ${error.code ?? error.message}`,
            { cause: error },
          ),
        );
      }
    });
    outgoing.on("response", (incoming) => {
      incoming.on("close", ignore);
      resolve({
        status: incoming.statusCode ?? 502,
        headers: renderAnswerHeaders(incoming.rawHeaders, incoming.headers.connection),
        body: incoming,
      });
    });
    if (body.length > 0) endWithBody(outgoing, body);
    else outgoing.end();
  }

  #credited(request: UpstreamRequest) {
    const { apiKey, keyHeader = "authorization" } = this.#props;
    if (apiKey === undefined || request.headers[keyHeader]) return request.headers;
    const value = keyHeader === "authorization" ? `Bearer ${apiKey}` : apiKey;
    return { ...request.headers, [keyHeader]: value };
  }

  /** A base may end in `/v1` and a path begin with it: both spellings are in use, one is meant. */
  #relative(path: string): string {
    if (this.#props.pathsAsWritten) return path;
    return this.#basePath.endsWith("/v1") && path.startsWith("v1/") ? path.slice(3) : path;
  }
}

class StaleConnectionError extends Error {}
