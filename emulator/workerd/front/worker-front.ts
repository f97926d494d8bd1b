import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "../../clock.js";
import { forwardRequest, hasBody, sendText } from "./forward-request.js";
import { type CloseWebSocket, forwardUpgrade, respondOn } from "./forward-upgrade.js";
import type { FrontRoute } from "./front-route.js";
import { ReadinessWait } from "./readiness-wait.js";

/** How soon a request is tried again whose runtime has just gone. Unit: milliseconds. */
const RETRY_AFTER_MS = 25;

/** What a WebSocket is closed with when nobody will answer here any more. */
const GOING_AWAY = 1001;

/** Time clients have to take that in. Unit: milliseconds. */
const FAREWELL_MS = 500;

export interface WorkerFrontOptions {
  readonly clock: Clock;
  /** Longest time a request waits for its Worker. Unit: milliseconds. */
  readonly holdMs: number;
  /** Asked for every request. */
  route(): FrontRoute;
}

/**
 * The HTTP server a Worker is reached at.
 *
 * It outlives every version of the Worker: requests go to the version that is current when they
 * arrive, and wait for a bounded time while there is none.
 */
export class WorkerFront {
  readonly #options: WorkerFrontOptions;
  readonly #server;
  readonly #upgraded = new Set<Duplex>();
  readonly #webSockets = new Map<Duplex, CloseWebSocket>();

  constructor(options: WorkerFrontOptions) {
    this.#options = options;
    this.#server = createServer({ requestTimeout: 0, keepAliveTimeout: 60_000 }, (req, res) => {
      // Streams end when the client goes; their errors carry no news.
      res.on("error", () => {});
      void this.#onRequest(req, res);
    });
    this.#server.on("upgrade", (req, socket, head) => void this.#onUpgrade(req, socket, head));
  }

  /** @throws EADDRINUSE or EACCES when the port cannot be had. */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, "127.0.0.1", () => {
        this.#server.off("error", reject);
        resolve();
      });
    });
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    for (const close of this.#webSockets.values()) close(GOING_AWAY, "going away");
    for (const socket of this.#upgraded) if (!this.#webSockets.has(socket)) socket.destroy();
    await Promise.race([closed, delay(FAREWELL_MS, undefined, { ref: false })]);
    for (const socket of this.#upgraded) socket.destroy();
    await closed;
  }

  /** The usual case costs nothing but the forwarding itself. */
  async #onRequest(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const route = this.#options.route();
    if (route.kind === "serve" && (await forwardRequest(req, res, route.target)) === "done") return;
    const wait = this.#wait(res);
    try {
      // workerd has just gone, and word of it is still under way.
      if (route.kind === "serve") await wait.for(delay(RETRY_AFTER_MS));
      for (;;) {
        const settled = await this.#settle(wait);
        if (settled === undefined || res.destroyed) return;
        if (settled.kind === "refuse") return sendText(res, settled.status, settled.text);
        if ((await forwardRequest(req, res, settled.target)) === "done") return;
        await wait.for(delay(RETRY_AFTER_MS));
      }
    } finally {
      wait.end();
    }
  }

  async #onUpgrade(req: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on("error", () => {});
    this.#upgraded.add(socket);
    socket.once("close", () => {
      this.#upgraded.delete(socket);
      this.#webSockets.delete(socket);
    });
    const wait = this.#wait(socket);
    const settled = await this.#settle(wait);
    wait.end();
    if (settled === undefined || socket.destroyed) return;
    const webSocket = req.headers.upgrade?.toLowerCase() === "websocket";
    if (settled.kind === "serve" && webSocket) {
      return forwardUpgrade(req, socket, head, settled.target, (close) =>
        this.#webSockets.set(socket, close),
      );
    }
    const response = respondOn(req, socket);
    if (settled.kind === "refuse") return sendText(response, settled.status, settled.text);
    // A client that offers HTTP/2 is answered in the protocol it asked in.
    if (!hasBody(req)) return await this.#onRequest(req, response);
    sendText(
      response,
      501,
      `A request with a body that asks for an upgrade to ${JSON.stringify(req.headers.upgrade)} is not emulated: send it without the Upgrade header.`,
    );
  }

  #wait(client: Duplex | ServerResponse): ReadinessWait {
    return new ReadinessWait(this.#options.clock, this.#options.holdMs, client);
  }

  /** @returns undefined when the client has gone meanwhile. */
  async #settle(
    wait: ReadinessWait,
  ): Promise<Exclude<FrontRoute, { readonly kind: "hold" }> | undefined> {
    for (;;) {
      const route = this.#options.route();
      const outcome = await wait.for(route.kind === "hold" ? route.until : Promise.resolve());
      if (outcome === "gone") return undefined;
      if (outcome === "late") {
        const text = `This Worker did not get ready within ${this.#options.holdMs / 1000} s. The emulator's log says what it waits for; then try again.`;
        return { kind: "refuse", status: 503, text };
      }
      if (route.kind !== "hold") return route;
    }
  }
}
