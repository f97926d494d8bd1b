import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/**
 * Bytes the client adds to a Worker, minified by esbuild, then gzip level 9. Goal: under 1 KiB for
 * the whole entry; what a Worker pays that imports the client and no helper is printed beside it.
 *
 *     npx tsx bench/client-size.ts
 *
 * Exits 1 when the whole entry is over the goal.
 */
const GOAL_BYTES = 1024;
const entry = resolve(__dirname, "../worker/index.ts");

async function size(take: string): Promise<{ minified: number; gzipped: number }> {
  const { outputFiles } = await build({
    stdin: {
      contents: `export ${take} from ${JSON.stringify(entry)};`,
      resolveDir: __dirname,
    },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2023",
    write: false,
  });
  const bytes = outputFiles[0]?.contents ?? new Uint8Array();
  return { minified: bytes.length, gzipped: gzipSync(bytes, { level: 9 }).length };
}

async function main(): Promise<void> {
  const imports = [
    ["aiGateway alone", "{ aiGateway, aiGatewayBinding, AiGatewayError }"],
    ["the whole entry", "*"],
  ] as const;
  let last = 0;
  for (const [what, take] of imports) {
    const { minified, gzipped } = await size(take);
    const verdict = gzipped < GOAL_BYTES ? "met" : `missed by ${gzipped - GOAL_BYTES + 1}`;
    console.log(
      `${what}: ${minified} B minified, ${gzipped} B gzipped, goal ${GOAL_BYTES}: ${verdict}`,
    );
    last = gzipped;
  }
  if (last >= GOAL_BYTES) process.exitCode = 1;
}

void main();
