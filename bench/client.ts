import { resolve } from "node:path";
import { reply, startGatewayStub } from "../test/worker/gateway-stub.js";
import { startWorker } from "../test/worker/start-worker.js";

/**
 * A call through the client, and through its Effect service, against the same call on the bare binding, in
 * workerd, one HTTP request each, their order drawn anew for every round. Goal: 1.02 times the bare
 * call's median for the client; the Effect service has none.
 *
 *     npx tsx bench/client.ts [rounds]
 *
 * `noise` is the same ratio between two halves of the bare calls: what this machine cannot tell.
 */
const GOAL = 1.02;
const WARM_UP = 500;
const rounds = Number(process.argv[2] ?? 5_000);
const ways = ["bare", "client", "effect"] as const;

async function main(): Promise<void> {
  const gateway = await startGatewayStub();
  gateway.answer(reply(200, { ok: true }));
  const worker = await startWorker({
    entry: resolve(__dirname, "../test/worker/inside/compared-calls.ts"),
    gateway: gateway.address,
    vars: { GATEWAY: "demo" },
  });
  try {
    const times: Record<(typeof ways)[number], number[]> = { bare: [], client: [], effect: [] };
    for (let round = -WARM_UP; round < rounds; round++) {
      for (const way of shuffled()) {
        const started = performance.now();
        const response = await fetch(new URL(way, worker.url));
        await response.arrayBuffer();
        if (!response.ok) throw new Error(`/${way} answered ${response.status}`);
        if (round >= 0) times[way].push(performance.now() - started);
      }
      gateway.requests.length = 0;
    }
    const bare = median(times.bare);
    const ratio = median(times.client) / bare;
    const even = median(times.bare.filter((_, index) => index % 2 === 0));
    const odd = median(times.bare.filter((_, index) => index % 2 === 1));
    console.log(
      `bare ${bare.toFixed(3)} ms, ${rounds} rounds, noise ${(even / odd).toFixed(3)}\n` +
        `client ${median(times.client).toFixed(3)} ms, ratio ${ratio.toFixed(3)}, goal ${GOAL}: ${ratio <= GOAL ? "met" : "missed"}\n` +
        `effect ${median(times.effect).toFixed(3)} ms, ratio ${(median(times.effect) / bare).toFixed(3)}`,
    );
    if (ratio > GOAL) process.exitCode = 1;
  } finally {
    await worker.close();
    await gateway.close();
  }
}

function shuffled(): readonly (typeof ways)[number][] {
  return ways
    .map((way) => [Math.random(), way] as const)
    .sort(([a], [b]) => a - b)
    .map(([, way]) => way);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

void main();
