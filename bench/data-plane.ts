/**
 * What the emulator's data plane costs, against the least `node:http` can do, in one run.
 *
 * `npx tsx bench/data-plane.ts [rounds] [milliseconds]`; exit code 1 when a goal is missed. The
 * subjects take turns, each in its own process; rows and bodies are logged to disk throughout.
 */
import { type ChildProcess, fork } from "node:child_process";
import * as path from "node:path";
import type { LoadOrder, LoadResult } from "./data-plane-load.js";

const rounds = Number(process.argv[2] ?? 5);
const milliseconds = Number(process.argv[3] ?? 1000);
const CONNECTIONS = [1, 16, 64];
const goals = { hit: 0.5, passThrough: 0.7, addedMs: 0.8 };

const children: ChildProcess[] = [];

function start(file: string, ...args: string[]): ChildProcess {
  const child = fork(path.join(__dirname, file), args, { execArgv: ["--import", "tsx"] });
  children.push(child);
  return child;
}

function reply<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const failed = () => reject(new Error(`${child.spawnargs.join(" ")} ended early`));
    child.once("exit", failed);
    child.once("message", (message) => {
      child.off("exit", failed);
      resolve(message as T);
    });
  });
}

const startServer = (...args: string[]): Promise<number> =>
  reply<number>(start("data-plane-server.ts", ...args));

const middle = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;

async function main(): Promise<void> {
  const provider = await startServer("provider");
  const providerUrl = `http://127.0.0.1:${provider}`;
  const [bare, proxy, emulator] = await Promise.all([
    startServer("bare"),
    startServer("proxy", providerUrl),
    startServer("emulator", providerUrl),
  ]);
  const generator = start("data-plane-load.ts");
  const load = (order: LoadOrder): Promise<LoadResult> => {
    const result = reply<LoadResult>(generator);
    generator.send(order);
    return result;
  };
  const ask = { model: "gpt-4o-mini", messages: [{ role: "user", content: "Say hello, please." }] };
  const body = JSON.stringify(ask);
  const streamBody = JSON.stringify({ ...ask, stream: true });
  const gateway = (id: string) => `/v1/account/${id}/openai/chat/completions`;
  const direct = { path: "/v1/chat/completions", body };

  /** Runs the subjects in turns and returns what each did in each round. */
  async function compare<Name extends string>(
    connections: number,
    subjects: Record<Name, Pick<LoadOrder, "port" | "path" | "body">>,
  ): Promise<Record<Name, LoadResult[]>> {
    const names = Object.keys(subjects) as Name[];
    const results = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
      Name,
      LoadResult[]
    >;
    for (const name of names) await load({ ...subjects[name], connections, milliseconds: 500 });
    for (let round = 0; round < rounds; round++) {
      // Turned around each time: whoever comes second would always meet the warmer machine.
      for (const name of round % 2 ? [...names].reverse() : names) {
        results[name].push(await load({ ...subjects[name], connections, milliseconds }));
      }
    }
    return results;
  }

  let missed = false;
  const verdict = (holds: boolean): string => {
    missed ||= !holds;
    return holds ? "ok" : "MISSED";
  };
  const ratio = (ours: LoadResult[], theirs: LoadResult[]): number =>
    middle(
      ours.map((one, index) => one.requestsPerSecond / (theirs[index]?.requestsPerSecond ?? 0)),
    );
  const rate = (results: LoadResult[]): string =>
    middle(results.map(({ requestsPerSecond }) => requestsPerSecond))
      .toFixed(0)
      .padStart(7);

  console.log(`Node ${process.version}, ${rounds} rounds of ${milliseconds} ms, medians\n`);
  console.log("                conns  bare req/s  emulator req/s  ratio  goal");
  for (const connections of CONNECTIONS) {
    const result = await compare(connections, {
      bare: { ...direct, port: bare },
      emulator: { path: gateway("cached"), body, port: emulator },
    });
    const value = ratio(result.emulator, result.bare);
    console.log(
      `cache hit       ${String(connections).padStart(5)}     ${rate(result.bare)}         ${rate(result.emulator)}   ${value.toFixed(2)}  ≥ ${goals.hit} ${verdict(value >= goals.hit)}`,
    );
  }
  for (const connections of CONNECTIONS) {
    const result = await compare(connections, {
      proxy: { ...direct, port: proxy },
      emulator: { path: gateway("open"), body, port: emulator },
    });
    const value = ratio(result.emulator, result.proxy);
    console.log(
      `pass-through    ${String(connections).padStart(5)}     ${rate(result.proxy)}         ${rate(result.emulator)}   ${value.toFixed(2)}  ≥ ${goals.passThrough} ${verdict(value >= goals.passThrough)}`,
    );
  }
  console.log("\nfirst streamed byte, ms: p50 (p99)");
  console.log(
    "                conns          direct      bare proxy        emulator   added  goal",
  );
  for (const connections of CONNECTIONS) {
    const result = await compare(connections, {
      direct: { path: direct.path, body: streamBody, port: provider },
      proxy: { path: direct.path, body: streamBody, port: proxy },
      emulator: { path: gateway("open"), body: streamBody, port: emulator },
    });
    const at = (results: LoadResult[], q: number) =>
      middle(results.map(({ firstByte }) => quantile(firstByte, q)));
    const cell = (results: LoadResult[]) =>
      `${at(results, 0.5).toFixed(2)} (${at(results, 0.99).toFixed(2)})`.padStart(16);
    const added = at(result.emulator, 0.5) - at(result.direct, 0.5);
    console.log(
      `stream          ${String(connections).padStart(5)}${cell(result.direct)}${cell(result.proxy)}${cell(result.emulator)}   ${added.toFixed(2)}  ≤ ${goals.addedMs} ${verdict(added <= goals.addedMs)}`,
    );
  }
  if (missed) process.exitCode = 1;
}

main().finally(() => {
  // They end by themselves then, and clean up.
  for (const child of children) if (child.connected) child.disconnect();
});
