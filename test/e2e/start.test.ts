import { type ChildProcess, exec, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { canary } from "../secrets/canary.js";
import { copyCheckout } from "./checkout.js";
import { processesOf } from "./processes.js";

/** What a command prints that a person copies from the terminal. */
const run = promisify(
  (command: string, done: (error: Error | null, stdout: string) => void): void => {
    exec(command, (error, stdout) => done(error, stdout));
  },
);

/** `npm start` as a user runs it, in a copy of the checkout so that runs do not meet. */
describe("npm start", () => {
  let checkout: Awaited<ReturnType<typeof copyCheckout>>;
  let directory: string;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    checkout = await copyCheckout();
    directory = checkout.directory;
  });

  afterEach(async () => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    await checkout.remove();
  });

  /** Starts it; `until` resolves when the output shows the text, `exit` with the exit code. */
  function start(args: readonly string[], env: Record<string, string> = {}) {
    const child = spawn(process.execPath, ["--import", "tsx", "app/start.ts", ...args], {
      cwd: directory,
      env: { ...process.env, AI_GATEWAY_EMULATOR_LATENCY: "200", STARTED_IN: directory, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    children.push(child);
    const seen = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk) => {
      seen.stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      seen.stderr += chunk;
    });
    const exit = new Promise<number>((done) => child.once("close", (code) => done(code ?? -1)));
    const until = async (text: string | RegExp) => {
      for (;;) {
        if (seen.stdout.match(text)) return;
        if (child.exitCode !== null) throw new Error(`ended early:\n${seen.stdout}${seen.stderr}`);
        await new Promise((wait) => setTimeout(wait, 20));
      }
    };
    return { child, seen, exit, until };
  }

  test("prints next steps that work as they are printed", async () => {
    const { child, seen, exit, until } = start(["--port", "0"]);
    await until(/Request log .*log\.jsonl/);
    const step = (name: string) => seen.stdout.match(new RegExp(`${name} +(.*)`))?.[1] ?? "";

    const asked = await run(step("Ask by hand"));
    const streamed = await run(step("Token by token"));
    const summary = await run(seen.stdout.match(/curl -X POST \S+summary/)?.[0] ?? "");

    expect(asked).toContain('"success":true');
    expect(streamed).toContain('data: {"response":');
    // What the step says comes first.
    expect(seen.stdout).toContain('say something in the page\'s room "lobby", then:');
    expect(summary).toContain("Say something in it first.");
    expect(readFileSync(step("Request log"), "utf8")).toContain("\n");
    child.kill("SIGINT");
    expect(await exit).toBe(0);
  }, 240_000);

  test("proves a miss and a hit, prints one JSON object last, and leaves no process", async () => {
    const { seen, exit } = start(["--once", "--json", "--port", "0"]);
    expect({ code: await exit, stderr: seen.stderr }).toEqual({ code: 0, stderr: "" });

    const last = JSON.parse(seen.stdout.trimEnd().split("\n").at(-1) ?? "");
    expect(last).toEqual({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+/),
      gatewayId: "ai-gateway-gateway",
      calls: [
        { status: 200, cacheStatus: "MISS", ms: expect.any(Number) },
        { status: 200, cacheStatus: "HIT", ms: expect.any(Number) },
      ],
    });
    expect(last.calls[0].ms).toBeGreaterThanOrEqual(200);
    expect(last.calls[1].ms).toBeLessThan(100);
    expect(await processesOf(directory)).toEqual([]);
  }, 120_000);

  test("says in one sentence that it is up already, and leaves the first one alone", async () => {
    const first = start(["--port", "0"]);
    await first.until(/It stays up until Ctrl-C/);

    const second = start(["--port", "0"]);
    expect(await second.exit).toBe(1);
    expect(second.seen.stderr.trim()).toMatch(/^An emulator is already up .*\.$/);

    first.child.kill("SIGINT");
    expect(await first.exit).toBe(0);
    expect(await processesOf(directory)).toEqual([]);
  }, 120_000);

  test("says in one sentence that the port is taken", async () => {
    const other: Server = createServer();
    await new Promise<void>((listening) => other.listen(0, "127.0.0.1", listening));
    const { port } = other.address() as AddressInfo;

    const { seen, exit } = start(["--once", "--port", String(port)]);
    expect(await exit).toBe(1);
    expect(seen.stderr.trim()).toMatch(new RegExp(`^Port ${port} is taken.*--port`));
    expect(await processesOf(directory)).toEqual([]);
    other.close();
  }, 60_000);

  test.each([
    ["a port that is taken", ["--once", "--json"], 1, /^Port \d+ is taken/],
    ["an option it does not know", ["--onse", "--json"], 2, /^npm start does not know "--onse"/],
  ])(
    "says %s once, as JSON where that is asked for",
    async (_, args, code, message) => {
      const other: Server = createServer();
      await new Promise<void>((listening) => other.listen(0, "127.0.0.1", listening));
      const { port } = other.address() as AddressInfo;

      const { seen, exit } = start([...args, "--port", String(port)]);

      expect({ code: await exit, stderr: seen.stderr }).toEqual({ code, stderr: "" });
      const last = seen.stdout.trimEnd().split("\n").at(-1) ?? "";
      expect(JSON.parse(last)).toEqual({ error: expect.stringMatching(message) });
      other.close();
    },
    60_000,
  );

  test("says in one sentence that Terraform is missing", async () => {
    const { seen, exit } = start(["--once", "--port", "0"], {
      PATH: dirname(process.execPath).concat("/nowhere"),
    });
    expect(await exit).toBe(1);
    expect(seen.stderr.trim()).toMatch(/^terraform was not found.*Install Terraform/);
  }, 60_000);

  test("ends when it is interrupted in the middle, and the next run works", async () => {
    const interrupted = start(["--once", "--port", "0"]);
    await interrupted.until(/\[3\/4\]/);
    await new Promise((wait) => setTimeout(wait, 1_500));
    interrupted.child.kill("SIGINT");
    expect(await interrupted.exit).toBe(130);
    expect(await processesOf(directory)).toEqual([]);

    const again = start(["--once", "--port", "0"]);
    expect({ code: await again.exit, stderr: again.seen.stderr }).toEqual({ code: 0, stderr: "" });
  }, 180_000);

  test("ends with everything it started when npm is told to end", async () => {
    const child = spawn("npm", ["start", "--", "--port", "0"], {
      cwd: directory,
      env: { ...process.env, AI_GATEWAY_EMULATOR_LATENCY: "200", STARTED_IN: directory },
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    await new Promise<void>((up) => {
      child.stdout.on("data", (chunk) => String(chunk).includes("[4/4]") && up());
    });
    child.kill("SIGTERM");
    await new Promise((ended) => child.once("exit", ended));
    for (let waited = 0; waited < 50 && (await processesOf(directory)).length > 0; waited++) {
      await new Promise((wait) => setTimeout(wait, 200));
    }
    expect(await processesOf(directory)).toEqual([]);
  }, 120_000);

  test("works again over what an earlier run has left", async () => {
    expect(await start(["--once", "--port", "0"]).exit).toBe(0);
    expect(await start(["--once", "--port", "0"]).exit).toBe(0);
  }, 180_000);

  test("says that it waits for a slow model", async () => {
    const { seen, exit } = start(["--once", "--port", "0"], {
      AI_GATEWAY_EMULATOR_LATENCY: "6000",
    });
    expect({ code: await exit, stderr: seen.stderr }).toEqual({ code: 0, stderr: "" });
    expect(seen.stdout).toMatch(
      /\[4\/4\].*\n {6}still waiting for the model, 5 s …\n {6}200 {2}MISS/,
    );
  }, 120_000);

  test("says which model server does not answer, and why", async () => {
    const nobody = createServer();
    await new Promise<void>((listening) => nobody.listen(0, "127.0.0.1", listening));
    const { port } = nobody.address() as AddressInfo;
    await new Promise((closed) => nobody.close(closed));

    const password = canary("a model server's password");
    const key = canary("a model server's key");
    const { seen, exit } = start(["--once", "--port", "0"], {
      WORKERS_AI_BASE_URL: `http://user:${password}@127.0.0.1:${port}/v1`,
      WORKERS_AI_API_KEY: key,
    });
    expect(await exit).toBe(1);
    expect(seen.stdout).toMatch(
      new RegExp(
        `Failed to get response from provider: http://127\\.0\\.0\\.1:${port} did not answer: ECONNREFUSED`,
      ),
    );
    for (const secret of [password, key]) {
      expect(seen.stdout + seen.stderr).not.toContain(secret);
    }
  }, 120_000);

  test("refuses an option it does not know", async () => {
    const { seen, exit } = start(["--onse"]);
    expect(await exit).toBe(2);
    expect(seen.stderr).toMatch(/does not know "--onse".*--once/);
  });
});
