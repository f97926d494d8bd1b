import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createControlPlane } from "../../../emulator/control-plane/control-plane.js";
import { Faults } from "../../../emulator/control-plane/faults/faults.js";
import { documentedCalls } from "./api-page.js";
import { type Api, startApi } from "./start-api.js";

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

describe("docs/emulator-api.md", () => {
  test("names every call that is answered, once, and none that is not", () => {
    const { state, logs, host: workers, clock } = api;
    const { endpoints } = createControlPlane({
      state,
      logs,
      workers,
      clock,
      crons: { restart: () => {}, run: () => Promise.reject(new Error("Nothing is called.")) },
      faults: new Faults({ clock }),
      gatewayUrl: () => "",
    });

    expect([...documentedCalls.answered].sort()).toEqual([...endpoints].sort());
  });

  test.each(documentedCalls.refused)("is right that this is refused: %s", async (call) => {
    const [method = "", path = ""] = call.split(" ");
    const actual = path.replace("/accounts/:account", "").replaceAll(/:\w+/g, "x");

    const { status, json } = await api.call(method, actual);

    expect(status).toBe(501);
    expect(json.errors[0].message).toContain(`${method} /client/v4/accounts/`);
  });
});
