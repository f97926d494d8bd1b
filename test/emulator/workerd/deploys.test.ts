import { Agent, get } from "node:http";
import { describe, expect, test } from "@jest/globals";
import { ScriptRefusedError } from "../../../emulator/workerd/uploaded-script.js";
import { closedAfterEach } from "./closed-after-each.js";
import { ACCOUNT, answers, openHost, put, script, textOf } from "./host-fixture.js";

const open = closedAfterEach();

async function refusal(deployed: Promise<void>): Promise<string> {
  const error = await deployed.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ScriptRefusedError);
  return (error as Error).message;
}

describe("a script that does not start", () => {
  test.each([
    ["throws", "throw new Error('no config');", "Uncaught Error: no config\n  at index.js:1:7"],
    [
      "has a syntax error",
      "export default { fetch( {",
      "Uncaught SyntaxError: Unexpected end of input",
    ],
    [
      "imports what is not there",
      "import './nope.js'; export default {}",
      'No such module "nope.js"',
    ],
  ])(
    "is refused with workerd's reason when it %s, and what runs goes on",
    async (_what, code, reason) => {
      // GIVEN
      const { host, ...opened } = await openHost();
      open.push(opened);
      const url = await put(host, script("one", answers("old")));
      const other = await put(host, script("two", answers("other")));

      // WHEN
      const message = await refusal(host.deploy(script("one", code)));

      // THEN
      expect(message).toContain(reason);
      expect(message).not.toMatch(/\/(work|tmp|home|Users|node_modules)\b|core:user/);
      expect(await textOf(url)).toBe("old");
      expect(await textOf(other)).toBe("other");
    },
  );

  test("is refused when it never ends loading", async () => {
    // GIVEN
    const { host, ...opened } = await openHost({ limits: { startMs: 1_000 } });
    open.push(opened);

    // WHEN
    const message = await refusal(host.deploy(script("one", "while (true) {}")));

    // THEN
    expect(message).toContain("did not end within 1 s");
    expect(await textOf(await put(host, script("one", answers("mended"))))).toBe("mended");
  });

  test("keeps none of those out that are deployed at the same time", async () => {
    // GIVEN
    const { host, ...opened } = await openHost();
    open.push(opened);

    // WHEN
    const [good, bad, alsoGood] = await Promise.allSettled([
      put(host, script("good", answers("good"))),
      host.deploy(script("bad", "throw new Error('bad')")),
      put(host, script("also-good", answers("also good"))),
    ]);

    // THEN
    expect([good.status, bad.status, alsoGood.status]).toEqual([
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    expect(await textOf(await host.url(ACCOUNT, "good"))).toBe("good");
    expect(await textOf(await host.url(ACCOUNT, "also-good"))).toBe("also good");
  });
});

describe("a new version", () => {
  test("takes over under load of 16 clients without one failed request", async () => {
    // GIVEN 16 clients that ask without a pause
    const { host, ...opened } = await openHost();
    open.push(opened);
    const url = await put(host, script("one", answers("v0")));
    const agent = new Agent({ keepAlive: true });
    const seen = new Map<string, number>();
    let running = true;
    const client = async () => {
      while (running) {
        const answer = await ask(url, agent);
        seen.set(answer, (seen.get(answer) ?? 0) + 1);
      }
    };
    const clients = Array.from({ length: 16 }, client);

    // WHEN four versions and a broken one are deployed
    for (const version of ["v1", "v2", "v3", "v4"]) {
      await host.deploy(script("one", answers(version)));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await refusal(host.deploy(script("one", "throw new Error('bad')")));
    running = false;
    await Promise.all(clients);
    agent.destroy();

    // THEN
    expect([...seen.keys()].sort()).toEqual(["200 v0", "200 v1", "200 v2", "200 v3", "200 v4"]);
    expect(await textOf(url)).toBe("v4");
  });

  test("leaves a stream alone that the old version has begun", async () => {
    // GIVEN a stream that takes a second
    const { host, ...opened } = await openHost();
    open.push(opened);
    const slow = `export default { fetch() {
      const { readable, writable } = new TransformStream();
      const writer = writable.getWriter();
      const write = async () => {
        for (let i = 0; i < 10; i++) {
          await writer.write(new TextEncoder().encode(i + " "));
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        await writer.close();
      };
      write();
      return new Response(readable);
    } }`;
    const url = await put(host, script("one", slow));
    const stream = await fetch(url);

    // WHEN
    await host.deploy(script("one", answers("new")));

    // THEN
    expect(await textOf(url)).toBe("new");
    expect(await stream.text()).toBe("0 1 2 3 4 5 6 7 8 9 ");
  });

  test("does not wait for ever for what the old version has begun", async () => {
    // GIVEN a request the old version never answers
    const { host, ...opened } = await openHost({ limits: { drainMs: 200 } });
    open.push(opened);
    const url = await put(
      host,
      script(
        "one",
        "export default { fetch: () => new Promise((resolve) => setTimeout(resolve, 60_000)) }",
      ),
    );
    const stuck = fetch(url);

    // WHEN
    await host.deploy(script("one", answers("new")));

    // THEN
    expect((await stuck).status).toBe(502);
    expect(await textOf(url)).toBe("new");
  });

  test("several deploys of one script in a row end with the last", async () => {
    // GIVEN
    const { host, ...opened } = await openHost();
    open.push(opened);

    // WHEN
    const versions = ["a", "b", "c", "d", "e"];
    await Promise.all(versions.map((version) => host.deploy(script("one", answers(version)))));

    // THEN
    expect(await textOf(await put(host, script("two", answers("-"))))).toBe("-");
    host.setPublic(ACCOUNT, "one", true);
    expect(await textOf(await host.url(ACCOUNT, "one"))).toBe("e");
  });

  test("runs as of the latest date workerd knows when it asks for a later one, and the log says so", async () => {
    // GIVEN
    const { host, log, ...opened } = await openHost();
    open.push(opened);

    // WHEN
    const url = await put(
      host,
      script("one", answers("runs"), { compatibilityDate: "2999-01-01" }),
    );

    // THEN
    expect(await textOf(url)).toBe("runs");
    expect(log.join("\n")).toMatch(/\[one\] warn: the compatibility date 2999-01-01 is later/);
  });
});

async function ask(url: string, agent: Agent): Promise<string> {
  return await new Promise((resolve) => {
    const outgoing = get(url, { agent }, (res) => {
      let body = "";
      res.on("data", (chunk) => {
        body += chunk;
      });
      res.on("end", () => resolve(`${res.statusCode} ${body}`));
      res.on("error", (error) => resolve(error.message));
    });
    outgoing.on("error", (error) => resolve(error.message));
  });
}
