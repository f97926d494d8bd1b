import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, test } from "@jest/globals";
import { removeFolder } from "../../secrets/temporary-folder.js";
import { closedAfterEach } from "./closed-after-each.js";
import {
  ACCOUNT,
  answers,
  counting,
  eventually,
  openHost,
  put,
  script,
  textOf,
} from "./host-fixture.js";
import { hostProcesses, isAlive } from "./processes.js";

const open = closedAfterEach();

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
    expect(await textOf(url)).toBe("1");
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
    expect(await textOf(url)).toBe("1");
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
    expect(await textOf(next)).toBe("2");
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
