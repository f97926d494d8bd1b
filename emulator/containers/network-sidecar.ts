import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";

/** What a sidecar leads to. */
export interface SidecarTarget {
  /** Where a port of the container is on this machine, or why nowhere. */
  port(containerPort: number): number | { readonly problem: string };
  /** Nobody listens where a port of the container should be. */
  onRefused(containerPort: number): void;
  /** The container's program may not reach the network: cannot be kept from it here. */
  onInternetDisabled(): void;
}

/** The port inside the sidecar's image that workerd asks for. */
export const SIDECAR_PORT = 39001;

/** Read into the containers that intercept HTTPS, which processes here do not. */
const certificate = "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n";

/**
 * Stands in for the image `cloudflare/proxy-everything`, through which workerd reaches the ports of a
 * container: CONNECT leads to the port where the process listens.
 */
export class NetworkSidecar {
  readonly #server = createServer();
  readonly #sockets = new Set<Duplex>();
  #port = 0;

  constructor(target: SidecarTarget) {
    this.#server.on("request", async (request: IncomingMessage, response) => {
      const body = await readText(request);
      const route = `${request.method} ${request.url}`;
      if (route === "GET /ca") response.end(certificate);
      else if (route === "PUT /egress") {
        if (/"internet":\{"enabled":false/.test(body)) target.onInternetDisabled();
        response.end();
      } else response.writeHead(501).end(`Not emulated: ${route} of the network sidecar.`);
    });
    this.#server.on("connect", (request: IncomingMessage, client: Duplex, head: Buffer) => {
      this.#connect(target, Number(/:(\d+)$/.exec(request.url ?? "")?.[1]), client, head);
    });
  }

  /** Where it listens, once started. */
  get port(): number {
    return this.#port;
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(0, "127.0.0.1", resolve);
    });
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    for (const socket of this.#sockets) socket.destroy();
  }

  #connect(target: SidecarTarget, containerPort: number, client: Duplex, head: Buffer): void {
    const refuse = (reason: string) =>
      client.end(`HTTP/1.1 502 Bad Gateway\r\ncontent-length: ${reason.length}\r\n\r\n${reason}`);
    client.on("error", () => client.destroy());
    const port = target.port(containerPort);
    if (typeof port !== "number") return void refuse(port.problem);
    const program: Socket = connect(port, "127.0.0.1");
    for (const socket of [client, program]) {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    }
    program.once("connect", () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      if (head.length > 0) program.write(head);
      program.pipe(client);
      client.pipe(program);
    });
    let connected = false;
    program.once("connect", () => {
      connected = true;
    });
    program.on("error", () => {
      // Still starting, as a rule; who asks tries again.
      if (connected) return void client.destroy();
      target.onRefused(containerPort);
      refuse("connection refused");
    });
    client.once("close", () => program.destroy());
    program.once("close", () => connected && client.end());
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}
