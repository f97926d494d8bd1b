import { afterEach, describe, expect, test } from "@jest/globals";
import { ACCOUNT, openHost, put, script } from "./host-fixture.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

const event = { cron: "*/5 * * * *", scheduledTime: Date.UTC(2026, 4, 1) };

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
