import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/**
 * Bytes the client adds to a Worker, minified by esbuild, then gzip level 9. Goal: under 1 KiB for
 * what a Worker pays that imports `aiGateway` and its error. The helpers for refused responses hold a
 * table of every kind of refusal; bundlers drop them where they are not imported, so they are
 * printed beside it and have no goal of their own. So is the Effect service.
 *
 *     npx tsx bench/client-size.ts
 *
 * Exits 1 when the client is over the goal.
 */
const GOAL_BYTES = 1024;
const plain = resolve(__dirname, "../worker/index.ts");
const effect = resolve(__dirname, "../worker/effect/index.ts");

async function size(
  take: string,
  entry: string = plain,
  external: string[] = [],
): Promise<{ minified: number; gzipped: number }> {
  const { outputFiles } = await build({
    stdin: {
      contents: `export ${take} from ${JSON.stringify(entry)};`,
      resolveDir: __dirname,
    },
    bundle: true,
    external,
    minify: true,
    format: "esm",
    target: "es2023",
    write: false,
  });
  const bytes = outputFiles[0]?.contents ?? new Uint8Array();
  return { minified: bytes.length, gzipped: gzipSync(bytes, { level: 9 }).length };
}

async function main(): Promise<void> {
  const client = await size("{ aiGateway, aiGatewayBinding, AiGatewayError }");
  const all = await size("*");
  const met = client.gzipped < GOAL_BYTES;
  console.log(
    `aiGateway:          ${client.minified} B minified, ${client.gzipped} B gzipped, ` +
      `goal < ${GOAL_BYTES} B: ${met ? "met" : "missed"}`,
  );
  console.log(`with every helper:  ${all.minified} B minified, ${all.gzipped} B gzipped`);
  const service = "{ AiGateway, AiGatewayBindingLive, WorkerEnvironment, AiGatewayError }";
  const own = await size(service, effect, ["effect/*"]);
  const whole = await size(service, effect);
  console.log(
    `Effect service:     ${own.minified} B minified, ${own.gzipped} B gzipped without effect itself, ` +
      `${whole.minified} B minified, ${whole.gzipped} B gzipped with it`,
  );
  if (!met) process.exitCode = 1;
}

void main();
