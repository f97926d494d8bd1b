import { createServer, type Server } from "node:http";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { DEFAULT_PORT } from "../../emulator/cli/arguments.js";
import { removeFolder, temporaryFolder } from "../secrets/temporary-folder.js";
import { cleanEnvironment, run } from "./workbench.js";

const root = resolve(__dirname, "../..");

/** `npm run emulator -- …` without a port, beside another program that has the default one. */
describe("the port of commands", () => {
  let state: string;
  let others: Server[];

  /** Takes a port, where nobody has it already. */
  const take = async (port: number): Promise<void> => {
    const server = createServer((_, response) => response.writeHead(403).end("no"));
    others.push(server);
    await new Promise<void>((done, failed) => {
      server.once("error", (error: NodeJS.ErrnoException) =>
        error.code === "EADDRINUSE" ? done() : failed(error),
      );
      server.listen(port, "127.0.0.1", done);
    });
  };

  beforeEach(async () => {
    state = temporaryFolder("emulator-port-");
    others = [];
    await take(DEFAULT_PORT);
  });
  afterEach(async () => {
    for (const server of others) server.close();
    await removeFolder(state);
  });

  const command = async (
    args: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ port: number; stderr: string }> => {
    const program = ["--import", "tsx", join(root, "emulator/cli/main.ts"), "--state", state];
    const { code, stdout, stderr } = await run(
      process.execPath,
      [...program, ...args, process.execPath, "-p", "process.env.CLOUDFLARE_BASE_URL"],
      root,
      { ...cleanEnvironment(), ...env },
    );
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    return { port: Number(new URL(stdout.trim()).port), stderr };
  };

  test("is that of the last one, so that what cdktf synthesized stays true", async () => {
    const first = await command();
    const second = await command();

    expect(first.stderr).toContain(`Port ${DEFAULT_PORT} is taken by another`);
    expect(second).toEqual({ port: first.port, stderr: "" });
  }, 60_000);

  test("is another one where that is taken as well, and the one asked for where one is", async () => {
    const first = await command();
    await take(first.port);

    const moved = await command();
    const asked = await command(["--port", "0"]);
    const exported = await command([], { AI_GATEWAY_EMULATOR_PORT: "0" });
    const last = await command();

    expect(moved.stderr).toMatch(
      new RegExp(
        `^Port ${first.port}, that of the last run, is taken by another program; this emulator is at port ${moved.port} instead\\. .*cdktf synth`,
      ),
    );
    expect([asked.stderr, exported.stderr]).toEqual(["", ""]);
    expect(new Set([first, moved, asked, exported].map(({ port }) => port)).size).toBe(4);
    expect(last).toEqual({ port: exported.port, stderr: "" });
  }, 120_000);
});
