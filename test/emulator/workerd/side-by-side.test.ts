import { describe, expect, test } from "@jest/globals";
import { closedAfterEach } from "./closed-after-each.js";
import { counter, counting, eventually, openHost, put, script, textOf } from "./host-fixture.js";

const open = closedAfterEach();

describe("Workers that store, side by side", () => {
  test("lose nothing when one of them goes, which does nothing any more in the background", async () => {
    // GIVEN two Workers, one of which has an alarm
    const opened = await openHost();
    open.push(opened);
    const { host, log } = opened;
    const kept = await put(host, counting);
    const ticking = await put(
      host,
      script(
        "ticking",
        `import { DurableObject } from "cloudflare:workers";
        export class Clock extends DurableObject {
          async fetch() { await this.ctx.storage.setAlarm(Date.now()); return new Response("on"); }
          async alarm() { console.log("tick"); await this.ctx.storage.setAlarm(Date.now() + 50); }
        }
        export default { fetch: (request, env) => env.CLOCK.get(env.CLOCK.idFromName("a")).fetch(request) }`,
        {
          bindings: [{ type: "durable_object_namespace", name: "CLOCK", class_name: "Clock" }],
          durableObjects: [{ className: "Clock", storageKey: "clock", sqlite: true }],
        },
      ),
    );
    await fetch(ticking);
    await eventually(() => log.filter((line) => line.includes("tick")).length > 2);
    expect(await textOf(kept)).toBe("1");

    // WHEN
    await host.remove(counting.accountId, "ticking");

    // THEN
    const ticks = log.length;
    expect(await textOf(kept)).toBe("2");
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(log.slice(ticks)).toEqual([]);
  });

  test("cannot have the objects of one class both", async () => {
    // GIVEN
    const opened = await openHost();
    open.push(opened);
    const owns = {
      durableObjects: [{ className: "Counter", storageKey: "one-key", sqlite: true }],
    };
    const code = `${counter} export default {}`;
    await opened.host.deploy(script("first", code, owns));

    // WHEN / THEN
    await expect(opened.host.deploy(script("second", code, owns))).rejects.toThrow(
      'The objects of class "Counter" belong to Worker "first"',
    );

    // AND it moves when both change in one turn
    await Promise.all([
      opened.host.deploy(script("first", "export default {}")),
      opened.host.deploy(script("second", code, owns)),
    ]);
  });
});
