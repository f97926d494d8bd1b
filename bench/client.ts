import { resolve } from "node:path";
import { reply, startGatewayStub } from "../test/worker/gateway-stub.js";
import { startWorker } from "../test/worker/start-worker.js";

/**
 * A call through the client against the same call on the bare binding, in workerd, one HTTP request
 * each, the order of the two drawn anew for every pair. Goal: 1.02 times the bare call's median.
 *
 *     npx tsx bench/client.ts [pairs]
 *
 * `noise` is the same ratio between two halves of the bare calls: what this machine cannot tell.
 */
const GOAL = 1.02;
const WARM_UP = 500;
const pairs = Number(process.argv[2] ?? 5_000);

async function main(): Promise<void> {
  const gateway = await startGatewayStub();
  gateway.answer(reply(200, { ok: true }));
  const worker = await startWorker({
    entry: resolve(__dirname, "../test/worker/inside/compared-calls.ts"),
    gateway: gateway.address,
    vars: { GATEWAY: "demo" },
  });
  try {
    const times = { client: [] as number[], bare: [] as number[] };
    for (let pair = -WARM_UP; pair < pairs; pair++) {
      const names =
        Math.random() < 0.5 ? (["client", "bare"] as const) : (["bare", "client"] as const);
      for (const name of names) {
        const started = performance.now();
        const response = await fetch(new URL(name, worker.url));
        await response.arrayBuffer();
        if (!response.ok) throw new Error(`/${name} answered ${response.status}`);
        if (pair >= 0) times[name].push(performance.now() - started);
      }
      gateway.requests.length = 0;
    }
    const ratio = median(times.client) / median(times.bare);
    const even = median(times.bare.filter((_, index) => index % 2 === 0));
    const odd = median(times.bare.filter((_, index) => index % 2 === 1));
    console.log(
      `client ${median(times.client).toFixed(3)} ms, bare ${median(times.bare).toFixed(3)} ms, ` +
        `ratio ${ratio.toFixed(3)}, goal ${GOAL}: ${ratio <= GOAL ? "met" : "missed"} ` +
        `(noise ${(even / odd).toFixed(3)}, ${pairs} pairs)`,
    );
    if (ratio > GOAL) process.exitCode = 1;
  } finally {
    await worker.close();
    await gateway.close();
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

void main();
