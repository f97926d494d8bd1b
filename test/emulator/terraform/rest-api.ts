import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { WorkersApi } from "./workers-api.js";

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly token: string | undefined;
  readonly contentType: string | undefined;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly raw?: Buffer;
  readonly contentType?: string;
}

export type Document = Record<string, unknown>;

export const ok = (result: unknown): Answer => ({
  status: 200,
  body: { success: true, errors: [], messages: [], result },
});

export const refused = (status: number, code: number, message: string): Answer => ({
  status,
  body: { success: false, errors: [{ code, message }], messages: [], result: null },
});

/**
 * A small real API with Cloudflare's envelopes: gateways as any REST collection, and Workers.
 * Everything it was asked stands in `requests`.
 */
export class RestApi {
  readonly gateways = new Map<string, Document>();
  readonly workers = new WorkersApi();
  requests: RecordedRequest[] = [];
  /** Consulted before the API itself; a test puts failures and delays here. */
  intercept: (request: RecordedRequest) => Answer | undefined | Promise<Answer | undefined> = () =>
    undefined;
  readonly #server = createServer((request, response) => {
    this.#serve(request, response).catch((error) => response.destroy(error));
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/client/v4`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  calls(method?: string): string[] {
    return this.requests
      .filter((request) => method === undefined || request.method === method)
      .map((request) => `${request.method} ${request.path}`);
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const request: RecordedRequest = {
      method: incoming.method ?? "",
      path: (incoming.url ?? "").replace("/client/v4", ""),
      token: incoming.headers.authorization?.replace("Bearer ", ""),
      contentType: incoming.headers["content-type"],
      body: Buffer.concat(chunks),
    };
    this.requests.push(request);
    const answer = (await this.intercept(request)) ?? this.#answer(request);
    const body = answer.raw ?? (answer.body === undefined ? "" : JSON.stringify(answer.body));
    response.writeHead(answer.status, {
      "content-type": answer.contentType ?? "application/json",
    });
    response.end(body);
  }

  #answer(request: RecordedRequest): Answer {
    const match = /^\/accounts\/([^/]+)\/(.+?)(?:\?.*)?$/.exec(request.path);
    const path = match?.[2] ?? "";
    if (path.startsWith("workers/")) return this.workers.answer(request, path);
    const gateway = /^gateways(?:\/([^/]+))?$/.exec(path);
    if (gateway) return this.#gateway(request, gateway[1] && decodeURIComponent(gateway[1]));
    return refused(501, 0, `${request.method} ${request.path} is not here`);
  }

  #gateway({ method, body }: RecordedRequest, id: string | undefined): Answer {
    if (id === undefined) {
      if (method === "GET") return ok([...this.gateways.values()]);
      if (method !== "POST") return refused(405, 7001, "Method not allowed");
      const document = JSON.parse(body.toString("utf8")) as Document;
      const name = String(document.id);
      if (this.gateways.has(name)) return refused(409, 7409, `Gateway ${name} exists already`);
      // What an API adds on its own must never look like a change.
      this.gateways.set(name, { ...document, created_at: "2026-01-01", internal_id: name.length });
      return ok(this.gateways.get(name));
    }
    const existing = this.gateways.get(id);
    if (!existing) return refused(404, 7002, "Gateway not found");
    if (method === "PUT") {
      const document = JSON.parse(body.toString("utf8")) as Document;
      const { created_at, internal_id } = existing;
      this.gateways.set(id, { ...document, id, created_at, internal_id });
    } else if (method === "DELETE") {
      this.gateways.delete(id);
      return ok(existing);
    }
    return ok(this.gateways.get(id));
  }
}

export const digest = (content: string | Buffer): string =>
  createHash("sha256").update(content).digest("hex");
