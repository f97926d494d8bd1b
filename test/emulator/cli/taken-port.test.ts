import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { DEFAULT_PORT, parseArguments } from "../../../emulator/cli/arguments.js";
import { type Emulator, startEmulator } from "../../../emulator/index.js";
import { removeFolder, temporaryFolder } from "../../secrets/temporary-folder.js";

describe("GIVEN an emulator of another project at the port", () => {
  let first: Emulator;
  let port: number;
  beforeEach(async () => {
    first = await startEmulator();
    port = Number(new URL(first.apiUrl).port);
  });
  afterEach(() => first.close());

  test("WHEN any free port will do THEN one is taken, and one line says so", async () => {
    const lines: string[] = [];
    const second = await startEmulator({
      port,
      orAnyFreePort: true,
      log: (line) => lines.push(line),
    });

    const taken = Number(new URL(second.apiUrl).port);
    await second.close();

    expect(taken).not.toBe(port);
    expect(lines.filter((line) => line.includes(`Port ${port}`))).toEqual([
      `Port ${port} is taken by another emulator, of another project or with another --state; this emulator is at port ${taken} instead.`,
    ]);
  });

  test("WHEN the last run was at another THEN that is tried first, and this one after it", async () => {
    const stateDirectory = temporaryFolder("taken-port-");
    const starting = { stateDirectory, lastPortFirst: true, log: () => {} };
    const before = await startEmulator({ stateDirectory, port: 0 });
    const last = Number(new URL(before.apiUrl).port);
    await before.close();

    const again = await startEmulator({ ...starting, port });
    await again.close();
    const other = createServer();
    await new Promise<void>((listening) => other.listen(last, "127.0.0.1", listening));

    expect(again.apiUrl).toBe(before.apiUrl);
    await expect(startEmulator({ ...starting, port })).rejects.toThrow(
      new RegExp(`^Port ${port} is taken by another emulator`),
    );
    other.close();
    await removeFolder(stateDirectory);
  });

  test("WHEN it must be that port THEN the error names who has it, and the way out", async () => {
    await expect(startEmulator({ port })).rejects.toThrow(
      /^Port \d+ is taken by another emulator.*--port N.*Ctrl-C in its terminal\.$/,
    );
  });
});

test("GIVEN another program at the port THEN the error does not call it an emulator", async () => {
  const other = createServer((_, response) => response.writeHead(403).end("no"));
  await new Promise<void>((listening) => other.listen(0, "127.0.0.1", listening));
  const { port } = other.address() as AddressInfo;

  const started = startEmulator({ port });

  await expect(started).rejects.toThrow(/^Port \d+ is taken by another program\. Stop it/);
  other.close();
});

test("the port counts as asked for with the option and with the variable, not by default", () => {
  expect(parseArguments([], {})).toMatchObject({ port: DEFAULT_PORT, portAsked: false });
  expect(parseArguments(["--port", "8799"], {})).toMatchObject({ port: 8799, portAsked: true });
  expect(parseArguments([], { AI_GATEWAY_EMULATOR_PORT: "9000" })).toMatchObject({
    port: 9000,
    portAsked: true,
  });
});
