import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { EmulatorError, PortTakenError } from "./emulator-error.js";

/** A listener on this machine alone. */
export interface LoopbackServer {
  readonly port: number;
  /** Stops listening and ends what is still connected. */
  close(): Promise<void>;
}

/**
 * @param port 0 takes any free one
 * @throws {PortTakenError}
 */
export async function listenOnLoopback(
  handler: RequestListener,
  port: number,
): Promise<LoopbackServer> {
  // A prompt may take longer to answer than Node's default allows a request to take.
  const server = createServer({ requestTimeout: 0 }, handler);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(explain(error, port)));
    server.listen(port, "127.0.0.1", resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: () => end(server) };
}

function end(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function explain(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === "EADDRINUSE") {
    return new PortTakenError(
      `Port ${port} is taken by another program. Stop it, or choose another with --port N (0 takes any free one).`,
    );
  }
  if (error.code === "EACCES") {
    return new EmulatorError(
      `Port ${port} may not be used by this user. Choose one above 1023 with --port N.`,
    );
  }
  return error;
}
