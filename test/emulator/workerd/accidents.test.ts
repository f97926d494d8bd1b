import { describe, expect, test } from "@jest/globals";
import { ManualClock } from "../../../emulator/clock.js";
import { closedAfterEach } from "./closed-after-each.js";
import { ACCOUNT, answers, eventually, openHost, put, script, textOf } from "./host-fixture.js";
import { hostProcesses, isAlive } from "./processes.js";

const open = closedAfterEach();

const workerd = () => hostProcesses().filter(({ command }) => / serve /.test(command));

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
    expect(await Promise.all(Array.from({ length: 8 }, () => textOf(url)))).toEqual(
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
    expect(await textOf(url)).toBe("up");
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
