import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { readRunningEmulator } from "../../../emulator/state/running-emulator.js";
import { gatewayDefaults } from "../../../protocol/gateway-settings.js";
import { openedStates } from "./opened-states.js";

const states = openedStates();

describe("the owner", () => {
  test("is one: a second open is refused, naming the process and where it answers", async () => {
    const state = await states.open();
    await state.announce({ apiUrl: "http://api", aiGatewayUrl: "http://gw", reattach: "{}" });

    await expect(states.open()).rejects.toThrow(
      new RegExp(`already up at http://api \\(process ${process.pid}\\)`),
    );
  });

  test("is one of many that start at the same time", async () => {
    await writeFile(join(states.path, "lock"), '{"pid":4194305,"processStart":""}');

    const results = await Promise.allSettled(Array.from({ length: 8 }, () => states.open()));

    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("that was killed is replaced, even when its process id is in use again", async () => {
    const lock = JSON.stringify({ pid: process.pid, processStart: "another-boot/1" });
    await writeFile(join(states.path, "lock"), lock);

    if (process.platform !== "linux") {
      console.warn("Skipped: only Linux says when a process started.");
      return;
    }
    await expect(states.open()).resolves.toBeDefined();
  });

  test("is found by another process once it answers, and not after it has closed", async () => {
    const { path } = states;
    expect(await readRunningEmulator(path)).toBeUndefined();
    const state = await states.open();
    expect(await readRunningEmulator(path)).toBeUndefined();

    await state.announce({ apiUrl: "http://api", aiGatewayUrl: "http://gw", reattach: "{}" });

    expect(await readRunningEmulator(path)).toEqual({
      pid: process.pid,
      apiUrl: "http://api",
      aiGatewayUrl: "http://gw",
      reattach: "{}",
      accountId: state.accountId,
      apiToken: state.apiToken,
    });
    await states.close(state);
    expect(await readRunningEmulator(path)).toBeUndefined();
  });

  test("cannot change anything after it has closed", async () => {
    const state = await states.open();
    await states.close(state);

    await expect(state.gateways.create("chat", gatewayDefaults)).rejects.toThrow(/is closed/);
  });
});
