import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { type Clock, ManualClock } from "../../../emulator/clock.js";
import { createDataPlane, type DataPlane } from "../../../emulator/data-plane/data-plane.js";
import type { UnenforcedMode } from "../../../emulator/data-plane/steps/enforce.js";
import { uuidV7 } from "../../../emulator/ids.js";
import { createLogStore } from "../../../emulator/logs/create-log-store.js";
import type { LogEntry, LogStore } from "../../../emulator/logs/log-entry.js";
import type { Gateway, GatewayEvent } from "../../../emulator/state/gateway.js";
import type { UpstreamsConfig } from "../../../emulator/upstreams/create-upstreams.js";
import { type GatewaySettings, gatewayDefaults } from "../../../protocol/gateway-settings.js";
import { canary } from "../../secrets/canary.js";

export const ACCOUNT = "0123456789abcdef0123456789abcdef";
export const TOKEN = canary("the account's token");
export const BINDING_TOKEN = canary("the token of the bindings");
export const LLAMA = "@cf/meta/llama-3.1-8b-instruct";

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a body under test may have any shape
  readonly json: any;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A data plane on real sockets, with gateways a test can change and a clock it can turn. */
export class Harness {
  readonly clock: Clock;
  readonly logs: LogStore = createLogStore();
  readonly dataPlane: DataPlane;
  readonly warnings: string[] = [];
  readonly #gateways = new Map<string, Gateway>();
  readonly #listeners = new Set<(event: GatewayEvent) => void>();
  readonly #servers: http.Server[] = [];
  url = "";
  bindingUrl = "";

  constructor(upstreams: UpstreamsConfig, clock: Clock, unenforced: UnenforcedMode = "refuse") {
    this.clock = clock;
    this.dataPlane = createDataPlane({
      gateways: {
        get: (accountId, id) => this.#gateways.get(`${accountId}/${id}`),
        subscribe: (listener) => {
          this.#listeners.add(listener);
          return () => this.#listeners.delete(listener);
        },
      },
      logs: this.logs,
      clock,
      ids: () => uuidV7(clock),
      apiToken: TOKEN,
      bindingToken: BINDING_TOKEN,
      gatewayUrl: () => `${this.url}/v1`,
      upstreams,
      unenforced,
      log: (message) => this.warnings.push(message),
    });
  }

  get manual(): ManualClock {
    if (!(this.clock instanceof ManualClock)) throw new Error("This harness has the real clock.");
    return this.clock;
  }

  async start(): Promise<this> {
    this.url = await this.#listen((q, s) => this.dataPlane.handle(q, s));
    this.bindingUrl = await this.#listen((q, s) => this.dataPlane.handleBinding(q, s));
    return this;
  }

  /** Puts a gateway up, or changes one. */
  gateway(id: string, settings: Partial<GatewaySettings> = {}, accountId = ACCOUNT): Gateway {
    const key = `${accountId}/${id}`;
    const known = this.#gateways.get(key);
    const time = new Date(this.clock.now()).toISOString();
    const made = known ?? { ...gatewayDefaults, id, created_at: time, is_default: false };
    const gateway = { ...made, ...settings, modified_at: time };
    this.#gateways.set(key, gateway);
    if (known) this.#emit({ type: "updated", accountId, gateway });
    return gateway;
  }

  deleteGateway(id: string): void {
    const gateway = this.#gateways.get(`${ACCOUNT}/${id}`) as Gateway;
    this.#gateways.delete(`${ACCOUNT}/${id}`);
    this.#emit({ type: "deleted", accountId: ACCOUNT, gateway });
  }

  /** Through the gateway "main", to a provider's path. */
  ask(path: string, { headers, ...ask }: Ask = {}): Promise<Answer> {
    return fetchAnswer(`${this.url}/v1/${ACCOUNT}/${path}`, {
      ...ask,
      headers: { authorization: `Bearer ${TOKEN}`, ...headers },
    });
  }

  prompt(prompt: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.ask(`main/workers-ai/${LLAMA}`, { headers, body: { prompt } });
  }

  binding(path: string, { headers, ...ask }: Ask = {}): Promise<Answer> {
    return fetchAnswer(this.bindingUrl + path, {
      ...ask,
      headers: {
        "cf-local-account": ACCOUNT,
        "cf-local-script": "chat",
        "cf-local-token": BINDING_TOKEN,
        ...headers,
      },
    });
  }

  rows(gatewayId = "main"): readonly LogEntry[] {
    return this.logs.list(ACCOUNT, gatewayId, {
      page: 1,
      perPage: 1000,
      orderByDirection: "asc",
    }).entries;
  }

  async close(): Promise<void> {
    this.dataPlane.close();
    await this.logs.close();
    for (const server of this.#servers) await closeServer(server);
  }

  async #listen(handler: http.RequestListener): Promise<string> {
    const server = http.createServer(handler);
    this.#servers.push(server);
    return listen(server);
  }

  #emit(event: GatewayEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

export async function listen(server: http.Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export async function closeServer(server: http.Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** `fetch` adds headers of its own, such as accept-encoding; this sends what it is told. */
export function fetchAnswer(url: string, { method = "POST", headers, body }: Ask): Promise<Answer> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  // As bytes: Node writes the head in the encoding of a body that is a string.
  const bytes = body === undefined || Buffer.isBuffer(body) ? body : Buffer.from(text);
  return new Promise((resolve, reject) => {
    const request = http.request(url, {
      method,
      agent: false,
      headers: { "content-type": "application/json", ...headers },
    });
    request.on("error", reject);
    request.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        let json: unknown;
        try {
          json = JSON.parse(text);
        } catch {
          json = undefined;
        }
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json });
      });
    });
    request.end(bytes);
  });
}

/** A provider under test: a real server that counts what it is asked. */
export class Provider {
  readonly requests: {
    method: string;
    url: string;
    headers: http.IncomingHttpHeaders;
    body: string;
  }[] = [];
  /** Requests whose connection went away before the answer was complete. */
  aborted = 0;
  readonly #server: http.Server;
  url = "";

  constructor(
    answer: (request: http.IncomingMessage, response: http.ServerResponse, count: number) => void,
  ) {
    this.#server = http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      response.on("close", () => {
        if (!response.writableFinished) this.aborted++;
      });
      request.on("data", (chunk) => chunks.push(chunk));
      request.on("end", () => {
        const { method = "", url = "", headers } = request;
        this.requests.push({ method, url, headers, body: Buffer.concat(chunks).toString("utf8") });
        answer(request, response, this.requests.length);
      });
    });
  }

  async start(): Promise<this> {
    this.url = await listen(this.#server);
    return this;
  }

  close(): Promise<void> {
    return closeServer(this.#server);
  }
}

/** Waits, in real time, for something other processes or sockets bring about. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`It did not happen within 5 s: ${what}`);
}
