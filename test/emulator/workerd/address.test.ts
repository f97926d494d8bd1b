import { describe, expect, test } from "@jest/globals";
import { closedAfterEach } from "./closed-after-each.js";
import { ACCOUNT, answers, openHost, put, script } from "./host-fixture.js";

const open = closedAfterEach();

describe("a Worker's address", () => {
  test("answers 404 until the Worker is public, and after it was removed", async () => {
    // GIVEN
    const { host, ...opened } = await openHost();
    open.push(opened);
    await host.deploy(script("one", answers("up")));
    const url = await host.url(ACCOUNT, "one");

    // WHEN
    const before = await fetch(url);
    host.setPublic(ACCOUNT, "one", true);
    const during = await fetch(url);
    await host.remove(ACCOUNT, "one");

    // THEN
    expect([before.status, await before.text()]).toEqual([
      404,
      expect.stringContaining("There is nothing here yet"),
    ]);
    expect(during.status).toBe(200);
    await expect(fetch(url)).rejects.toThrow();
    const again = await fetch(await host.url(ACCOUNT, "one"));
    expect(again.status).toBe(404);
  });

  test("what a Worker prints and throws is in the log under its name", async () => {
    // GIVEN
    const { host, log, ...opened } = await openHost();
    open.push(opened);
    const url = await put(
      host,
      script(
        "one",
        "export default { fetch() { console.log('hello', { a: 1 }); throw new TypeError('broken'); } }",
      ),
    );

    // WHEN
    const response = await fetch(url);
    await new Promise((resolve) => setTimeout(resolve, 100));

    // THEN
    expect(response.status).toBe(500);
    expect(log).toEqual([
      "[one] hello { a: 1 }",
      "[one] error: Uncaught exception: TypeError: broken",
    ]);
  });
});
