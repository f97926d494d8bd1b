import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import WebSocket from "ws";
import { startDeployment } from "../app/start/deploy.js";
import { startEmulator } from "../emulator/emulator.js";
import { commandEnvironment } from "../emulator/environment.js";
import { copyCheckout } from "../test/e2e/checkout.js";
import type { ServerFrame } from "../worker/chat/protocol.js";

/**
 * One room full of people: the app deployed to the emulator by the real `cdktf deploy`, 500 sockets in
 * one Durable Object, 20 messages a second for a minute. Goal: none lost, none doubled, and each
 * sender's in the order they were sent, at every socket.
 *
 *     npx tsx bench/room.ts [sockets] [messages a second] [seconds]
 *
 * Exits 1 when a socket missed one, got one twice or out of order.
 */
const [sockets = 500, perSecond = 20, seconds = 60] = process.argv.slice(2).map(Number);

interface Listener {
  readonly socket: WebSocket;
  /** Messages by id, how often each came. */
  readonly seen: Map<string, number>;
  /** The number of the last message of each sender. */
  readonly lastOf: Map<string, number>;
  disordered: number;
  readonly delays: number[];
}

const sentAt = new Map<string, number>();

async function main(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "bench-room-"));
  // Deployed from a copy: what `npm start` left here stays as it is.
  const checkout = await copyCheckout();
  process.chdir(checkout.directory);
  const emulator = await startEmulator({
    stateDirectory: join(directory, "emulator"),
    latencyMs: 0,
  });
  const before = memory();
  try {
    const env = commandEnvironment(process.env, emulator, "embedded");
    const { url } = await startDeployment(env, () => {}).outputs;
    const listeners = await joinAll(url);
    const idle = memory();
    const people = listeners.slice(0, 10);
    const total = perSecond * seconds;
    const started = performance.now();
    for (let number = 0; number < total; number++) {
      const due = started + (number * 1000) / perSecond;
      if (due > performance.now()) await sleep(due - performance.now());
      const sender = number % people.length;
      const id = `m-${sender}-${number}`;
      sentAt.set(id, performance.now());
      people[sender]?.socket.send(JSON.stringify({ type: "say", id, text: `message ${number}` }));
    }
    const complete = () => listeners.every(({ seen }) => seen.size === total);
    const limit = performance.now() + 30_000;
    while (!complete() && performance.now() < limit) await sleep(50);
    report(listeners, total, { before, idle, full: memory() });
    for (const { socket } of listeners) socket.terminate();
  } finally {
    await emulator.close();
    await checkout.remove();
    await rm(directory, { recursive: true, force: true });
  }
}

async function joinAll(url: string): Promise<Listener[]> {
  const listeners: Listener[] = [];
  for (let number = 0; number < sockets; number++) {
    const address = new URL(`/rooms/bench/socket?name=Person%20${number}&person=p-${number}`, url);
    address.protocol = "ws:";
    const socket = new WebSocket(address);
    const listener: Listener = {
      socket,
      seen: new Map(),
      lastOf: new Map(),
      disordered: 0,
      delays: [],
    };
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.on("message", (data) => {
        const frame = JSON.parse(String(data)) as ServerFrame;
        if (frame.type === "welcome") resolve();
        if (frame.type === "message") hear(listener, frame.message.id);
        if (frame.type === "error") throw new Error(`The room answers: ${frame.message}`);
      });
    });
    listeners.push(listener);
  }
  return listeners;
}

function hear(listener: Listener, id: string): void {
  const [, sender = "", number = ""] = id.split("-");
  listener.seen.set(id, (listener.seen.get(id) ?? 0) + 1);
  if (Number(number) < (listener.lastOf.get(sender) ?? -1)) listener.disordered++;
  listener.lastOf.set(sender, Number(number));
  listener.delays.push(performance.now() - (sentAt.get(id) ?? 0));
}

function report(
  listeners: readonly Listener[],
  total: number,
  { before, idle, full }: Record<"before" | "idle" | "full", number>,
): void {
  const lost = listeners.reduce((sum, { seen }) => sum + total - seen.size, 0);
  const doubled = listeners.reduce(
    (sum, { seen }) => sum + [...seen.values()].filter((times) => times > 1).length,
    0,
  );
  const disordered = listeners.reduce((sum, listener) => sum + listener.disordered, 0);
  const delays = listeners.flatMap((listener) => listener.delays).sort((a, b) => a - b);
  const at = (share: number) => (delays[Math.floor((delays.length - 1) * share)] ?? 0).toFixed(1);
  console.log(
    `${listeners.length} sockets, ${total} messages in ${seconds} s, ${delays.length} deliveries: ` +
      `${lost} lost, ${doubled} doubled, ${disordered} out of order\n` +
      `delay p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms\n` +
      `memory of workerd: ${before || "-"} MB before, ${idle} MB with the sockets, ${full} MB after the messages`,
  );
  if (lost + doubled + disordered > 0) process.exitCode = 1;
}

/** Resident memory of the workerd processes below this one. Unit: MB. */
function memory(): number {
  const rows = execFileSync("ps", ["-eo", "pid=,ppid=,rss=,comm="], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((row) => row.trim().split(/\s+/));
  const mine = new Set([String(process.pid)]);
  for (const _ of rows) for (const [pid = "", ppid = ""] of rows) if (mine.has(ppid)) mine.add(pid);
  const bytes = rows
    .filter(([pid = "", , , name = ""]) => mine.has(pid) && name.startsWith("workerd"))
    .reduce((sum, [, , rss]) => sum + Number(rss), 0);
  return Math.round(bytes / 1024);
}

void main();
