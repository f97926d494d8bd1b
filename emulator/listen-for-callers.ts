import type { RequestListener } from "node:http";
import { EMULATOR_TOKEN_HINT } from "./control-plane/authenticate.js";
import { PortTakenError } from "./emulator-error.js";
import { type LoopbackServer, listenOnLoopback } from "./loopback-server.js";

/** Milliseconds whoever has the port is given to say what it is. */
const PROBE_TIMEOUT_MS = 1_000;

/**
 * Listens where the API and the gateways are to be. When the port is taken: on any free one if
 * that is allowed, with a line in the log, else an error that names who has it as far as it can be told.
 * @throws {PortTakenError}
 */
export async function listenForCallers(
  handler: RequestListener,
  {
    port,
    orAnyFree,
    log,
  }: { readonly port: number; readonly orAnyFree: boolean; log(line: string): void },
): Promise<LoopbackServer> {
  try {
    return await listenOnLoopback(handler, port);
  } catch (error) {
    if (!(error instanceof PortTakenError)) throw error;
    const emulator = await isEmulator(port);
    const holder = emulator
      ? `another emulator, of another project or with another --state`
      : "another program";
    if (orAnyFree) {
      const server = await listenOnLoopback(handler, 0);
      log(`Port ${port} is taken by ${holder}; this emulator is at port ${server.port} instead.`);
      return server;
    }
    if (!emulator) throw error;
    throw new PortTakenError(
      `Port ${port} is taken by ${holder}. Both can be up: choose another port for this one with ` +
        "--port N (0 takes any free one). Or stop the other with Ctrl-C in its terminal.",
    );
  }
}

/** An emulator refuses a call without its token, in words of its own. */
async function isEmulator(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/client/v4/accounts`, {
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    });
    return answer.status === 403 && (await answer.text()).includes(EMULATOR_TOKEN_HINT);
  } catch {
    return false;
  }
}
