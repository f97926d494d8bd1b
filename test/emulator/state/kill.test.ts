import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { systemClock } from "../../../emulator/clock.js";
import { openState } from "../../../emulator/state/state.js";
import { allFiles, temporaryDirectory } from "./temporary-directory.js";

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let child: ChildProcess | undefined;

beforeEach(async () => {
  directory = await temporaryDirectory();
});
afterEach(async () => {
  if (child?.exitCode === null && child.signalCode === null) {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  await directory.remove();
});

/** Lets the writer acknowledge `count` changes, then kills it; @returns all it acknowledged. */
async function writeAndKill(count: number): Promise<string[]> {
  const script = join(__dirname, "write-until-killed.ts");
  child = spawn(process.execPath, ["--import", "tsx", script, directory.path], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  let killed = false;
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    if (killed || output.split("\n").length <= count) return;
    killed = true;
    child?.kill("SIGKILL");
  });
  await once(child, "close");
  return output.split("\n").slice(0, -1);
}

test("keeps everything acknowledged when the process is killed while it writes", async () => {
  const acknowledged: string[] = [];
  for (const count of [3, 10, 17, 40]) {
    // GIVEN a process killed in the middle of its changes
    const said = await writeAndKill(count);
    expect(said.length).toBeGreaterThanOrEqual(count);
    acknowledged.push(...said);

    // WHEN the directory is opened again, the dead owner's lock still in it
    const state = await openState(directory.path, { clock: systemClock });
    const ids = state.gateways.list(state.accountId).map(({ id }) => id);
    await state.close();

    // THEN nothing acknowledged is missing, and nothing half-written is left over
    expect(ids).toEqual(expect.arrayContaining(acknowledged));
    const leftOver = (await allFiles(directory.path)).filter((file) => /\.tmp$|blobs/.test(file));
    expect(leftOver).toEqual([]);
  }
}, 60_000);
