import { ArgumentError, DEFAULT_PORT, parsePort, portFrom } from "../../emulator/cli/arguments.js";

export interface StartArguments {
  readonly help: boolean;
  /** End after the proof instead of staying up. */
  readonly once: boolean;
  /** Print the result as one JSON object in the last line. */
  readonly json: boolean;
  readonly port: number;
  /** Whether the caller chose the port. */
  readonly portAsked: boolean;
}

export const usage = `Deploys this app to an emulated Cloudflare account and asks the same prompt twice.

  npm start                  stays up until Ctrl-C
  npm start -- --once        ends after the two calls; exit code 0 only if the second was a cache hit
  npm start -- --json        prints the result, or the error, as one JSON object in the last line
  npm start -- --port N      port of the API and the gateways (default that of the last run, or ${DEFAULT_PORT}; 0 takes
                             any free one)
`;

export function parseStartArguments(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): StartArguments {
  let port = portFrom(env);
  const flags = { help: false, once: false, json: false };
  const words = argv.flatMap((word) => (word.startsWith("--port=") ? word.split("=") : [word]));
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (word === "--help" || word === "-h") flags.help = true;
    else if (word === "--once") flags.once = true;
    else if (word === "--json") flags.json = true;
    else if (word === "--port") port = parsePort(words[++index] ?? "", "--port");
    else {
      throw new ArgumentError(
        `npm start does not know "${word}". Allowed: --once, --json, --port N, --help.`,
      );
    }
  }
  return { ...flags, port: port ?? DEFAULT_PORT, portAsked: port !== undefined };
}
