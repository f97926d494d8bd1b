import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, expect, jest, test } from "@jest/globals";
import { ManualClock } from "../../../emulator/clock.js";
import type { Emulator } from "../../../emulator/index.js";
import { startTestEmulator } from "../start-test-emulator.js";
import { upload } from "./start-api.js";

jest.setTimeout(120_000);

const counter = (name: string) => `
  export class ${name} extends DurableObject {
    async fetch() {
      const count = ((await this.ctx.storage.get("count")) ?? 0) + 1;
      await this.ctx.storage.put("count", count);
      return new Response(\`${name} \${count}\`);
    }
  }`;
const code = (classes: readonly string[]) => `
  import { DurableObject } from "cloudflare:workers";
  ${classes.map(counter).join("\n")}
  export default {
    fetch: (request, env) => env.ROOM.get(env.ROOM.idFromName("one")).fetch(request),
    scheduled: ({ cron, scheduledTime }) => {
      if (cron === "0 0 * * *") throw new Error("midnight");
      console.log("cron", cron, new Date(scheduledTime).toISOString());
    },
  };`;

const clock = new ManualClock();
const lines: string[] = [];
let emulator: Emulator;
beforeAll(async () => {
  emulator = await startTestEmulator({ clock, announce: false, log: (line) => lines.push(line) });
});
afterAll(() => emulator.close());

async function call(method: string, path: string, body?: FormData | object): Promise<unknown> {
  const response = await fetch(`${emulator.apiUrl}/accounts/${emulator.accountId}${path}`, {
    method,
    headers: { authorization: `Bearer ${emulator.apiToken}` },
    ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
  });
  const json = (await response.json()) as { result: unknown; errors: { message: string }[] };
  if (!response.ok) throw new Error(`${response.status}: ${json.errors[0]?.message}`);
  return json.result;
}

async function put(script: string, classes: readonly string[], metadata: object): Promise<void> {
  const given = { main_module: "main.js", compatibility_date: "2026-01-01", ...metadata };
  await call("PUT", `/workers/scripts/${script}`, upload(given, { "main.js": code(classes) }));
  await call("POST", `/workers/scripts/${script}/subdomain`, { enabled: true });
}

async function ask(script: string): Promise<string> {
  const { url } = (await call("GET", `/emulator/workers/${script}`)) as { url: string };
  const response = await fetch(url);
  return await response.text();
}

const bind = (class_name: string, more: object = {}) => ({
  bindings: [{ type: "durable_object_namespace", name: "ROOM", class_name, ...more }],
});

test("objects keep what they stored when their class is renamed and moved, seen from every Worker", async () => {
  // GIVEN a class, and another Worker that binds it
  await put("chat", ["Room"], {
    migrations: { new_tag: "v1", new_sqlite_classes: ["Room"] },
    ...bind("Room"),
  });
  await put("other", [], bind("Room", { script_name: "chat" }));
  expect([await ask("chat"), await ask("other")]).toEqual(["Room 1", "Room 2"]);

  // WHEN it is renamed
  await put("chat", ["Hall"], {
    migrations: { old_tag: "v1", new_tag: "v2", renamed_classes: [{ from: "Room", to: "Hall" }] },
    ...bind("Hall"),
  });
  // THEN
  expect([await ask("chat"), await ask("other")]).toEqual(["Hall 3", "Hall 4"]);

  // WHEN it is moved
  await put("rooms", ["Hall"], {
    migrations: {
      new_tag: "v1",
      transferred_classes: [{ from: "Hall", from_script: "chat", to: "Hall" }],
    },
    ...bind("Hall"),
  });
  // THEN
  expect([await ask("rooms"), await ask("chat"), await ask("other")]).toEqual([
    "Hall 5",
    "Hall 6",
    "Hall 7",
  ]);

  // WHEN it is deleted and made again
  await put("chat", [], { bindings: [] });
  await call("DELETE", "/workers/scripts/chat");
  await call("DELETE", "/workers/scripts/other");
  await put("rooms", [], {
    migrations: { old_tag: "v1", new_tag: "v2", deleted_classes: ["Hall"] },
  });
  await put("rooms", ["Hall"], {
    migrations: { old_tag: "v2", new_tag: "v3", new_sqlite_classes: ["Hall"] },
    ...bind("Hall"),
  });
  // THEN
  expect(await ask("rooms")).toBe("Hall 1");
});

test("crons call the handler when due and on demand, and a failure is told with the Worker's name", async () => {
  // GIVEN
  await put("jobs", [], {});
  await call("PUT", "/workers/scripts/jobs/schedules", [{ cron: "*/5 * * * *" }]);
  // WHEN
  clock.advance(5 * 60_000);
  await call("POST", "/emulator/workers/jobs/scheduled?cron=0+9+*+*+*");
  const failed = call("POST", "/emulator/workers/jobs/scheduled?cron=0+0+*+*+*");
  await expect(failed).rejects.toThrow('The scheduled() handler of "jobs" failed.');
  // THEN
  // What a Worker prints arrives when it arrives.
  for (const told of [
    "cron */5 * * * * 2026-01-01T00:05:00.000Z",
    "cron 0 9 * * * 2026-01-01T00:05:00.000Z",
    '[jobs] scheduled "0 0 * * *": the handler failed.',
    "midnight",
  ]) {
    const deadline = Date.now() + 10_000;
    while (!lines.some((line) => line.includes(told)) && Date.now() < deadline) {
      await setTimeout(10);
    }
    expect(lines).toContainEqual(expect.stringContaining(told));
  }
});
