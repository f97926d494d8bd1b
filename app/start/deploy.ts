import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { type RunningChild, startChild } from "../../emulator/cli/child-process.js";

/** What the stack of this app prints. */
export interface Outputs {
  readonly url: string;
  readonly gatewayId: string;
}

export interface Deployment {
  /** @throws {DeployFailedError} */
  readonly outputs: Promise<Outputs>;
  stop(): void;
}

/** `cdktf deploy` failed; the message ends with what it said. */
export class DeployFailedError extends Error {
  override readonly name = "DeployFailedError";
}

/** The lines of a deployment that say how far it is; the plan's hundred lines do not. */
const telling =
  /Bundled|Refreshing|: (Creat|Modif|Destr|Read|Import)\w*(\.\.\.| complete)|^\s*(Plan:|No changes|Apply complete)/;

/** Starts the real `cdktf deploy` of this app, the same command a user runs against Cloudflare. */
export function startDeployment(
  env: Readonly<Record<string, string | undefined>>,
  onProgress: (line: string) => void,
): Deployment {
  let child: RunningChild | undefined;
  let stopped = false;
  const run = async (): Promise<Outputs> => {
    const directory = await mkdtemp(join(tmpdir(), "ai-gateway-outputs-"));
    try {
      if (stopped) throw new DeployFailedError("The deployment was stopped before it began.");
      const file = join(directory, "outputs.json");
      const said: string[] = [];
      child = startChild(
        [process.execPath, cdktfPath(), "deploy", "--auto-approve", "--outputs-file", file],
        {
          env,
          onLine: (line) => {
            const text = readable(line);
            if (text === undefined) return;
            said.push(text);
            if (telling.test(text)) onProgress(text.trim());
          },
        },
      );
      const code = await child.exit;
      if (code !== 0) {
        throw new DeployFailedError(
          `cdktf deploy ended with exit code ${code}:\n${reason(said).join("\n")}`,
        );
      }
      return readOutputs(await readFile(file, "utf8"));
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  };
  return {
    outputs: run(),
    stop() {
      stopped = true;
      child?.stop();
    },
  };
}

function cdktfPath(): string {
  const require = createRequire(__filename);
  return join(dirname(require.resolve("cdktf-cli/package.json")), "bundle", "bin", "cdktf.js");
}

/** A line without colours; undefined for spinners and frames that say nothing. */
function readable(line: string): string | undefined {
  const text = stripVTControlCharacters(line).replace(/\r/g, "").trimEnd();
  if (text.trim() === "" || /^\s*[\u2800-\u28ff]/.test(text)) return undefined;
  if (/\d+ Stacks? deploying\s+\d+ Stacks? done/.test(text)) return undefined;
  return text;
}

/** What a person needs of a failed run: without stack frames and repetitions, the end of it. */
function reason(said: readonly string[]): string[] {
  const noise =
    /^\s*(at |\^|new Error\(|Node\.js v|Bundled the Worker)|\[ERROR\] default|node_modules\/.*:\d+$/;
  const lines = said.filter((line) => !noise.test(line));
  const validation = lines.findIndex((line) => line.includes("Validation failed"));
  const from = validation < 0 ? lines.slice(-30) : lines.slice(validation);
  const seen = new Set<string>();
  return from.filter((line) => !seen.has(line.trim()) && seen.add(line.trim()));
}

function readOutputs(json: string): Outputs {
  const stacks = Object.values(JSON.parse(json) as Record<string, Partial<Outputs>>);
  const { url, gatewayId } = stacks[0] ?? {};
  if (!url || !gatewayId) {
    throw new DeployFailedError(
      `The stack has no outputs "url" and "gatewayId"; cdktf wrote ${json.trim()}.`,
    );
  }
  return { url, gatewayId };
}
