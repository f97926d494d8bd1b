import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { EmulatorError } from "../../../emulator/emulator-error.js";
import { gatewayDefaults } from "../../../protocol/gateway-settings.js";
import { openedStates } from "./opened-states.js";

const states = openedStates();

describe("a state file that cannot be used", () => {
  test.each([
    ["is no JSON", "{", /not JSON/],
    ["is empty", "", /not JSON/],
    ["is from a newer emulator", '{"format":2}', /newer emulator wrote it \(format 2/],
    ["has another shape", '{"format":1}', /account_id/],
  ])("because it %s is named, left alone, and the directory is free again", async (...row) => {
    const [, content, reason] = row;
    const file = join(states.path, "state.json");
    await states.close(await states.open());
    await writeFile(file, content);

    const refused = await states.open().catch((error: unknown) => error);

    expect(refused).toBeInstanceOf(EmulatorError);
    expect((refused as Error).message).toContain(file);
    expect((refused as Error).message).toMatch(reason);
    expect(await readFile(file, "utf8")).toBe(content);
    expect(await readFile(join(states.path, "lock")).catch(() => "free")).toBe("free");
  });

  test("from before a setting existed is read with the setting's default", async () => {
    const file = join(states.path, "state.json");
    const state = await states.open();
    await state.gateways.create("chat", { ...gatewayDefaults, log_management: 20_000 });
    await states.close(state);
    const stored = JSON.parse(await readFile(file, "utf8"));
    delete stored.gateways[0].log_management;
    await writeFile(file, JSON.stringify(stored));

    const after = await states.open();

    expect(after.gateways.get(after.accountId, "chat")?.log_management).toBe(100_000);
  });
});
