import { describe, expect, test } from "@jest/globals";
import { closedAfterEach } from "./closed-after-each.js";
import { ACCOUNT, eventually, openHost, put, script } from "./host-fixture.js";

const open = closedAfterEach();

const event = { cron: "*/5 * * * *", scheduledTime: Date.UTC(2026, 4, 1) };

describe("a handler that no request waits for", () => {
  test("says in the log why it failed", async () => {
    // GIVEN
    const opened = await openHost();
    open.push(opened);
    const { host, log } = opened;
    const url = await put(
      host,
      script(
        "fails",
        `import { DurableObject } from "cloudflare:workers";
        export class Alarmed extends DurableObject {
          broken() {
            throw new Error("of the object");
          }
          async fetch() { await this.ctx.storage.setAlarm(Date.now()); return new Response("set"); }
          alarm() { throw new Error("of the alarm"); }
        }
        export default {
          async fetch(request, env, ctx) {
            ctx.waitUntil((async () => { throw new Error("of what was left"); })());
            if (request.url.endsWith("/broken")) await env.ALARMED.getByName("a").broken();
            await env.JOBS.send("x");
            return env.ALARMED.get(env.ALARMED.idFromName("a")).fetch(request);
          },
          scheduled() { throw new Error("of the cron"); },
          queue() { throw new Error("of the queue"); }
        }`,
        {
          bindings: [
            { type: "durable_object_namespace", name: "ALARMED", class_name: "Alarmed" },
            { type: "queue", name: "JOBS", queue_name: "jobs" },
          ],
          durableObjects: [{ className: "Alarmed", storageKey: "alarmed", sqlite: true }],
          queueConsumers: [{ queueName: "jobs", maxBatchTimeoutMs: 0 }],
        },
      ),
    );

    // WHEN
    await fetch(url);
    await fetch(new URL("/broken", url));
    await host.runScheduled(ACCOUNT, "fails", event);

    // THEN
    const said = (handler: string, message: string) => () =>
      log.some((line) =>
        line.startsWith(`[fails] error: Uncaught exception in ${handler}: Error: ${message}`),
      );
    await eventually(said("scheduled()", "of the cron"));
    await eventually(said("queue()", "of the queue"));
    await eventually(said("alarm()", "of the alarm"));
    await eventually(said("fetch()", "of what was left"));
    await eventually(said("fetch()", "of the object"));
    // With the place in the upload.
    expect(log.find((line) => line.includes("fetch(): Error: of the object"))).toMatch(
      /\n +at async Object\.fetch \(fails\/index\.js:12:\d+\)/,
    );
  });
});

describe("a cron's call", () => {
  test("reaches the handler with its cron and time, and tells how it went", async () => {
    // GIVEN
    const opened = await openHost();
    open.push(opened);
    const { host } = opened;
    const url = await put(
      host,
      script(
        "timed",
        `const calls = [];
        export default {
          scheduled(controller) {
            calls.push([controller.cron, controller.scheduledTime]);
            controller.noRetry();
            if (calls.length > 1) throw new Error("twice");
          },
          fetch: () => Response.json(calls)
        }`,
      ),
    );

    // WHEN
    const outcomes = [
      await host.runScheduled(ACCOUNT, "timed", event),
      await host.runScheduled(ACCOUNT, "timed", event),
    ];

    // THEN
    expect(outcomes).toEqual(["ok", "failed"]);
    expect(await (await fetch(url)).json()).toEqual([
      [event.cron, event.scheduledTime],
      [event.cron, event.scheduledTime],
    ]);
  });

  test.each([
    ["an object", "export default { fetch: () => new Response('x') }"],
    [
      "a class",
      "import { WorkerEntrypoint } from 'cloudflare:workers'; export default class extends WorkerEntrypoint { fetch() { return new Response('x') } }",
    ],
  ])("says so when %s has no handler for it", async (_what, code) => {
    // GIVEN
    const opened = await openHost();
    open.push(opened);
    await opened.host.deploy(script("plain", code));

    // WHEN
    const outcome = await opened.host.runScheduled(ACCOUNT, "plain", event);

    // THEN
    expect(outcome).toBe("no-handler");
  });

  test("fails when the script is not deployed", async () => {
    // GIVEN
    const opened = await openHost();
    open.push(opened);

    // WHEN / THEN
    await expect(opened.host.runScheduled(ACCOUNT, "none", event)).rejects.toThrow(
      'Worker "none" is not deployed',
    );
  });
});
