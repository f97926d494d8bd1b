import { ArgumentError } from "./import-error.js";

export interface ImportArguments {
  readonly help: boolean;
  /** One or more, each once. */
  readonly gatewayIds: readonly string[];
  /** The file to write. @default stdout */
  readonly out: string | undefined;
  /** Whether a file that exists is overwritten. */
  readonly force: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** How this program is called, as its caller would type it: from this repository, or from a package. */
export function commandName(args: string, env: Environment = process.env): string {
  const own =
    env.npm_package_name === "cdktf-cloudflare-ai-gateway" && env.npm_lifecycle_event !== "npx";
  return own ? `npm run import -- ${args}` : `npx ai-gateway-import ${args}`;
}

export const usage = (
  env?: Environment,
): string => `Writes the constructs that declare an AI gateway which exists, with its routes, keys, policies, domains,
datasets and evaluations, and with the import of each. Nothing is changed: it only reads. Several ids make one stack.

  ${commandName("<gatewayId>", env)}
  ${commandName("<gatewayId> --out gateway.ts", env)}

Options:
  --out FILE    where the code is written (default: stdout)
  --force       overwrite a file that exists
  --help        this text

Environment:
  CLOUDFLARE_ACCOUNT_ID   the account; the dashboard shows it at Account Home → ⋯ → Copy account ID
  CLOUDFLARE_API_TOKEN    a token with the permission "AI Gateway: Read" on it, and "Zone: Read" where a gateway has
                          custom domains; or TF_VAR_cloudflare_api_token, which the deploy needs, too
  CLOUDFLARE_BASE_URL     another API than Cloudflare's, such as an emulator's
  AI_GATEWAY_STACK_TRACE  1 shows a failure with its stack

Values of secrets are neither written nor shown. The exit code is 0 when the code was written, 2 for a command line that
makes no sense, 1 for every other failure.
`;

/** @throws {ArgumentError} */
export function parseImportArguments(argv: readonly string[]): ImportArguments {
  const ids: string[] = [];
  let help = false;
  let force = false;
  let out: string | undefined;
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] as string;
    const [name, inline] = /^--[a-z]+=/.test(word) ? splitOption(word) : [word, undefined];
    if (name === "--out" || name === "-o") {
      out = inline ?? argv[++index];
      if (out === undefined || out === "" || (inline === undefined && out.startsWith("-"))) {
        throw new ArgumentError(`${name} needs the name of a file, such as ${name} gateway.ts.`);
      }
    } else if ((name === "--help" || name === "-h" || name === "--force") && inline === undefined) {
      if (name === "--force") force = true;
      else help = true;
    } else if (word.startsWith("-")) {
      throw new ArgumentError(
        `${word}: there is no such option. Allowed are --out, --force, --help.`,
      );
    } else {
      ids.push(word);
    }
  }
  if (!help && ids.length === 0) {
    throw new ArgumentError(
      `The id of a gateway is needed, got none. Write: ${commandName("<gatewayId>")}`,
    );
  }
  const empty = ids.find((id) => id.trim() === "");
  if (empty !== undefined) {
    throw new ArgumentError(
      `The id of a gateway is needed, got ${JSON.stringify(empty)}. Write: ${commandName("<gatewayId>")}`,
    );
  }
  return { help, gatewayIds: [...new Set(ids)], out, force };
}

const splitOption = (word: string): [name: string, value: string] => {
  const equals = word.indexOf("=");
  return [word.slice(0, equals), word.slice(equals + 1)];
};
