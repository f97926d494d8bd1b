import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { removeFolder, temporaryFolder } from "../secrets/temporary-folder.js";
import { EmulatorProcess, eventually, freePort } from "./emulator-process.js";

/** A Worker that says which version it is, and counts in a Durable Object. */
const code = (version: number) => `
  import { DurableObject } from "cloudflare:workers";
  export class Counter extends DurableObject {
    async add() {
      const count = (this.ctx.storage.kv.get("count") ?? 0) + 1;
      this.ctx.storage.kv.put("count", count);
      await this.ctx.storage.sync();
      return count;
    }
    count() { return this.ctx.storage.kv.get("count") ?? 0; }
  }
  export default {
    async fetch(request, env) {
      const counter = env.COUNTER.getByName("only");
      const { pathname } = new URL(request.url);
      if (pathname === "/stream") {
        const { readable, writable } = new TransformStream();
        const writer = writable.getWriter();
        const write = async () => {
          for (;;) await writer.write(new TextEncoder().encode((await counter.add()) + "\\n"));
        };
        write().catch(() => {});
        return new Response(readable);
      }
      const count = pathname === "/add" ? await counter.add() : await counter.count();
      return Response.json({ version: ${version}, count });
    },
  };`;

const bindings = [{ type: "durable_object_namespace", name: "COUNTER", class_name: "Counter" }];

describe("an emulator that is killed", () => {
  let directory: string;
  let port: number;
  let emulator: EmulatorProcess;
  let version = 1;

  const start = async () => {
    emulator = await EmulatorProcess.start(join(directory, "state"), port);
  };
  const look = async (): Promise<{ version: number; count: number }> => {
    const url = await emulator.url("counter");
    return eventually(async () => {
      const response = await fetch(url);
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      return (await response.json()) as { version: number; count: number };
    });
  };

  beforeAll(async () => {
    directory = temporaryFolder("ai-gateway-kill-");
    port = await freePort();
    await start();
    const migrations = { new_tag: "v1", steps: [{ new_sqlite_classes: ["Counter"] }] };
    const first = await emulator.upload("counter", code(version), { bindings, migrations });
    expect(await first.json()).toMatchObject({ success: true, errors: [] });
    await emulator.publish("counter");
  }, 60_000);

  afterAll(async () => {
    await emulator?.kill();
    await removeFolder(directory);
  });

  test.each([0, 20, 60, 120, 250, 500])(
    "%d ms into a deploy has what it acknowledged: the writes, and one whole version",
    async (delay) => {
      // GIVEN writes that are acknowledged one after the other
      const url = await emulator.url("counter");
      let acknowledged = (await look()).count;
      let writing = true;
      const writes = (async () => {
        while (writing) {
          const answer = await fetch(`${url}/add`).catch(() => undefined);
          if (answer?.ok) acknowledged = ((await answer.json()) as { count: number }).count;
          else await sleep(5);
        }
      })();

      // WHEN the emulator is killed while a new version is deployed
      const next = version + 1;
      let deployed = false;
      const upload = emulator.upload("counter", code(next), { bindings }).then(
        (answer) => {
          deployed = answer.ok;
        },
        () => {},
      );
      await sleep(delay);
      await emulator.kill();
      writing = false;
      await Promise.all([upload, writes]);

      // THEN the next one has every acknowledged write, and the old version or the new one
      await start();
      const found = await look();
      expect(found.count).toBeGreaterThanOrEqual(acknowledged);
      // A write may have been stored and not yet acknowledged.
      expect(found.count).toBeLessThanOrEqual(acknowledged + 1);
      expect(deployed ? [next] : [version, next]).toContain(found.version);
      version = found.version;
    },
    60_000,
  );

  test("in the middle of a stream has everything the stream had told", async () => {
    // GIVEN a stream that tells each write after it was stored
    const url = await emulator.url("counter");
    const response = await fetch(`${url}/stream`);
    let told = "";
    const reading = (async () => {
      for await (const part of response.body as unknown as AsyncIterable<Uint8Array>)
        told += new TextDecoder().decode(part);
    })().catch(() => {});

    // WHEN the emulator is killed in the middle of it
    await sleep(300);
    await emulator.kill();
    await reading;

    // THEN what was told is there
    const last = Number(told.trim().split("\n").at(-1));
    expect(last).toBeGreaterThan(1);
    await start();
    expect((await look()).count).toBeGreaterThanOrEqual(last);
  }, 60_000);
});
