import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, test } from "@jest/globals";
import { ManualClock } from "../../../emulator/clock.js";
import { removeFolder, temporaryFolder } from "../../secrets/temporary-folder.js";
import { closedAfterEach } from "./closed-after-each.js";
import { ACCOUNT, counting, eventually, openHost, put, script } from "./host-fixture.js";
import { hostProcesses, isAlive } from "./processes.js";

const open = closedAfterEach();

const answers = (text: string) =>
  `export default { fetch: () => new Response(${JSON.stringify(text)}) }`;
const text = async (url: string) => await (await fetch(url)).text();
const workerd = () => hostProcesses().filter(({ command }) => / serve /.test(command));

describe("the end", () => {
  test("close leaves no process and no file behind", async () => {
    // GIVEN
    const { host, directory } = await openHost();
    await put(host, script("one", answers("up")));
    expect(hostProcesses()).toHaveLength(2);

    // WHEN
    await host.close();

    // THEN
    expect(hostProcesses()).toEqual([]);
    expect(existsSync(join(directory, "runtime"))).toBe(false);
    await removeFolder(directory);
  });

  test("a host nothing was deployed to starts no process", async () => {
    // GIVEN
    const { host, ...opened } = await openHost();
    open.push(opened);

    // WHEN
    const response = await fetch(await host.url(ACCOUNT, "one"));

    // THEN
    expect(response.status).toBe(404);
    expect(hostProcesses()).toEqual([]);
  });

  test("close during a deploy leaves no process behind, and the deploy ends", async () => {
    // GIVEN
    const { host, directory } = await openHost();
    const deployed = host.deploy(script("one", answers("up"))).catch(() => {});

    // WHEN
    await host.close();
    await deployed;

    // THEN
    expect(hostProcesses()).toEqual([]);
    await removeFolder(directory);
  });

  test("workerd ends when the emulator's process is killed", async () => {
    // GIVEN a host in another process
    const { child, url, directory, pids } = await startHostProcess();
    expect(await text(url)).toBe("1");
    expect(pids).toHaveLength(2);

    // WHEN
    child.kill("SIGKILL");
    await once(child, "exit");

    // THEN
    await eventually(() => pids.every((pid) => !isAlive(pid)));
    await removeFolder(directory);
  });

  test("workerd that outlived every other process does not share its storage with the next", async () => {
    // GIVEN a workerd whose two parents were killed before they could end it
    const { child, url, directory, pids, runtime } = await startHostProcess();
    expect(await text(url)).toBe("1");
    process.kill(runtime, "SIGSTOP");
    child.kill("SIGKILL");
    await once(child, "exit");
    process.kill(runtime, "SIGKILL");
    const orphans = pids.filter((pid) => pid !== runtime);
    expect(orphans.map(isAlive)).toEqual([true]);

    // WHEN
    const { host, close } = await openHost({ directory });
    const next = await put(host, counting);

    // THEN
    expect(orphans.map(isAlive)).toEqual([false]);
    expect(await text(next)).toBe("2");
    await close();
    await removeFolder(directory);
  });
});

interface HostProcess {
  readonly url: string;
  readonly directory: string;
  readonly pids: number[];
  readonly runtime: number;
}

async function startHostProcess(): Promise<HostProcess & { readonly child: ChildProcess }> {
  const child = spawn(
    process.execPath,
    ["--require", require.resolve("tsx/cjs"), join(__dirname, "host-in-a-process.ts")],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  return { child, ...(JSON.parse(line as string) as HostProcess) };
}

describe("an accident", () => {
  test("workerd is started again when it was killed, and requests wait for it", async () => {
    // GIVEN
    const { host, log, ...opened } = await openHost();
    open.push(opened);
    const url = await put(host, script("one", answers("up")));

    // WHEN
    const killed = workerd().map(({ pid }) => pid);
    for (const pid of killed) process.kill(pid, "SIGKILL");
    await eventually(() => killed.every((pid) => !isAlive(pid)));

    // THEN
    expect(killed).toHaveLength(1);
    expect(await Promise.all(Array.from({ length: 8 }, () => text(url)))).toEqual(
      Array.from({ length: 8 }, () => "up"),
    );
    expect(log).toContain("workerd ended unexpectedly; it is started again.");
  });

  test("a stream is broken off, not ended, when workerd dies in its midst", async () => {
    // GIVEN
    const { host, ...opened } = await openHost();
    open.push(opened);
    const url = await put(
      host,
      script(
        "one",
        `export default { fetch() {
          const { readable, writable } = new TransformStream();
          const writer = writable.getWriter();
          writer.write(new TextEncoder().encode("begun"));
          setTimeout(() => writer.close(), 30_000);
          return new Response(readable);
        } }`,
      ),
    );
    const response = await fetch(url);
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();

    // WHEN
    for (const { pid } of workerd()) process.kill(pid, "SIGKILL");

    // THEN
    await expect(reader.read()).rejects.toThrow();
  });

  test("the process around workerd is started again, and the orphan ends", async () => {
    // GIVEN
    const { host, ...opened } = await openHost();
    open.push(opened);
    const url = await put(host, script("one", answers("up")));
    const before = hostProcesses().map(({ pid }) => pid);
    const around = hostProcesses().find(({ command }) => command.includes("runtime-process"));

    // WHEN
    process.kill(around?.pid ?? 0, "SIGKILL");
    await eventually(() => before.every((pid) => !isAlive(pid)));

    // THEN
    expect(await text(url)).toBe("up");
    expect(hostProcesses()).toHaveLength(2);
  });

  test("a request waits for a Worker only so long", async () => {
    // GIVEN a Worker whose start never ends, on a clock that stands still
    const clock = new ManualClock();
    const { host, ...opened } = await openHost({
      clock,
      limits: { holdMs: 5_000, startMs: 60_000 },
    });
    open.push(opened);
    const started = host.start([{ script: script("one", "while (true) {}"), public: true }]);
    const response = fetch(await host.url(ACCOUNT, "one"));

    // WHEN
    await new Promise((resolve) => setTimeout(resolve, 200));
    clock.advance(5_000);

    // THEN
    expect((await response).status).toBe(503);
    await host.close();
    await started;
  });
});

describe("a restart", () => {
  test("brings stored Workers back at their addresses, without those that do not run any more", async () => {
    // GIVEN
    const ports = new Map<string, number>();
    const first = await openHost({ ports });
    const url = await put(first.host, script("one", answers("one")));
    await first.close();

    // WHEN
    const { host, log, ...opened } = await openHost({ ports });
    open.push(opened);
    const started = host.start([
      { script: script("one", answers("one")), public: true },
      { script: script("broken", "throw new Error('since the update')"), public: true },
      { script: script("hidden", answers("hidden")), public: false },
    ]);
    await host.url(ACCOUNT, "one");
    const early = text(url);
    await started;

    // THEN
    expect(await early).toBe("one");
    expect(await host.url(ACCOUNT, "one")).toBe(url);
    expect((await fetch(await host.url(ACCOUNT, "hidden"))).status).toBe(404);
    expect((await fetch(await host.url(ACCOUNT, "broken"))).status).toBe(404);
    expect(log.join("\n")).toMatch(
      /Worker "broken" of an earlier run does not start .*since the update/,
    );
  });

  test("a taken port gives way to the next one, and the log says so", async () => {
    // GIVEN another program on the Worker's port of old
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, "127.0.0.1", resolve));
    const taken = (blocker.address() as { port: number }).port;
    const ports = new Map([[`${ACCOUNT}.one`, taken]]);
    const { host, log, ...opened } = await openHost({ ports });
    open.push(opened);

    // WHEN
    const url = await host.url(ACCOUNT, "one");
    blocker.close();

    // THEN
    const port = Number(new URL(url).port);
    expect(port).not.toBe(taken);
    expect(ports.get(`${ACCOUNT}.one`)).toBe(port);
    expect(log.join("\n")).toContain(`Port ${taken} of Worker "one" is taken`);
  });

  test("what a killed emulator left in the folder does not stay", async () => {
    // GIVEN
    const directory = temporaryFolder("worker-host-");
    const leftover = join(directory, "runtime", "miniflare-left");
    const { mkdir } = await import("node:fs/promises");
    await mkdir(leftover, { recursive: true });
    const { host, close } = await openHost({ directory });

    // WHEN
    await host.deploy(script("one", answers("up")));

    // THEN
    expect(existsSync(leftover)).toBe(false);
    await close();
    await removeFolder(directory);
  });
});
