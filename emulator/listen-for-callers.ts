import type { RequestListener } from "node:http";
import { EMULATOR_TOKEN_HINT } from "./control-plane/authenticate.js";
import { PortTakenError } from "./emulator-error.js";
import { type LoopbackServer, listenOnLoopback } from "./loopback-server.js";
import { programName } from "./program-name.js";

/** Milliseconds whoever has the port is given to say what it is. */
const PROBE_TIMEOUT_MS = 1_000;

export interface CallersPort {
  readonly port: number;
  /** Tried before `port`: where the last run was. */
  readonly lastPort: number | undefined;
  /** Whether any free one will do where these are taken. */
  readonly orAnyFree: boolean;
  log(line: string): void;
}

/**
 * Listens where the API and the gateways are to be. A port that has to give way to another is named in the log, with who
 * has it as far as it can be told; where there is no other, the error does.
 * @throws {PortTakenError}
 */
export async function listenForCallers(
  handler: RequestListener,
  { port, lastPort, orAnyFree, log }: CallersPort,
): Promise<LoopbackServer> {
  const wanted = lastPort ?? port;
  const others = [...(wanted === port ? [] : [port]), ...(orAnyFree ? [0] : [])];
  const server = await listenOnFirstFree(handler, wanted, others);
  if (wanted !== 0 && server.port !== wanted) {
    const moved = `is taken by ${await holderOf(wanted)}; this emulator is at port ${server.port} instead.`;
    log(
      lastPort === undefined
        ? `Port ${wanted} ${moved}`
        : `Port ${wanted}, that of the last run, ${moved} What was synthesized there needs ${programName("cdktf synth")} first.`,
    );
  }
  return server;
}

async function listenOnFirstFree(
  handler: RequestListener,
  port: number,
  [next, ...more]: readonly number[],
): Promise<LoopbackServer> {
  try {
    return await listenOnLoopback(handler, port);
  } catch (error) {
    if (!(error instanceof PortTakenError)) throw error;
    if (next !== undefined) return await listenOnFirstFree(handler, next, more);
    const holder = await holderOf(port);
    if (holder === ANOTHER_PROGRAM) throw error;
    throw new PortTakenError(
      `Port ${port} is taken by ${holder}. Both can be up: choose another port for this one with ` +
        "--port N (0 takes any free one). Or stop the other with Ctrl-C in its terminal.",
    );
  }
}

const ANOTHER_PROGRAM = "another program";

const holderOf = async (port: number): Promise<string> =>
  (await isEmulator(port))
    ? "another emulator, of another project or with another --state"
    : ANOTHER_PROGRAM;

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
