import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createControlPlane } from "../../../emulator/control-plane/control-plane.js";
import { Faults } from "../../../emulator/control-plane/faults/faults.js";
import { type Api, startApi } from "./start-api.js";

const page = readFileSync(join(__dirname, "../../../docs/emulator-api.md"), "utf8");
const [answeredPart = "", refusedPart = ""] = page.split(/^## Known, and refused with 501$/m);

/** The calls in the tables of a part of the page, such as "GET /accounts/:account/queues". */
function callsIn(part: string): string[] {
  let base = "";
  return part.split("\n").flatMap((line) => {
    base = /^Below `(\/[^`]+)`/.exec(line)?.[1] ?? base;
    const [, methods, path] = /^\| ([A-Z, ]+) \| `([^`]+)` \|/.exec(line) ?? [];
    return methods?.split(", ").map((method) => `${method} ${base}${path}`) ?? [];
  });
}

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

    expect(callsIn(answeredPart).sort()).toEqual([...endpoints].sort());
  });

  test.each(callsIn(refusedPart))("is right that this is refused: %s", async (call) => {
    const [method = "", path = ""] = call.split(" ");
    const actual = path.replace("/accounts/:account", "").replaceAll(/:\w+/g, "x");

    const { status, json } = await api.call(method, actual);

    expect(status).toBe(501);
    expect(json.errors[0].message).toContain(`${method} /client/v4/accounts/`);
  });
});
