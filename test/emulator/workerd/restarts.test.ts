import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { removeFolder, temporaryFolder } from "../../secrets/temporary-folder.js";
import { closedAfterEach } from "./closed-after-each.js";
import { ACCOUNT, answers, openHost, put, script, textOf } from "./host-fixture.js";

const open = closedAfterEach();

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
    const early = textOf(url);
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
