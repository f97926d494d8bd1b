import { describe, expect, test } from "@jest/globals";
import { closedAfterEach } from "./closed-after-each.js";
import { counter, openHost, put, script, textOf } from "./host-fixture.js";

const open = closedAfterEach();

describe("bindings to another script", () => {
  const asks = `export default { async fetch(request, env) {
    const answer = async (ask) => { try { return await ask(); } catch (error) { return error.message; } };
    return Response.json({
      object: await answer(() => env.COUNTER.get(env.COUNTER.idFromName("a")).add()),
      service: await answer(async () => (await env.SERVICE.fetch("https://x/")).text()),
      admin: await answer(() => env.ADMIN.hello("you")),
    });
  } }`;
  const bindings = [
    {
      type: "durable_object_namespace",
      name: "COUNTER",
      class_name: "Counter",
      script_name: "owner",
    },
    { type: "service", name: "SERVICE", service: "owner" },
    { type: "service", name: "ADMIN", service: "owner", entrypoint: "Admin" },
  ] as const;

  test("say what is missing until it is deployed, then lead there", async () => {
    // GIVEN a script whose neighbour is not there
    const opened = await openHost();
    open.push(opened);
    const url = await put(opened.host, script("asks", asks, { bindings }));
    const missing = (await (await fetch(url)).json()) as Record<string, string>;
    expect(Object.values(missing)).toEqual(
      Array.from(
        { length: 3 },
        () => expect.stringContaining('Worker "owner" is not deployed') as unknown as string,
      ),
    );

    // WHEN
    await put(
      opened.host,
      script("owner", `${counter} export default { fetch: () => new Response("owner") }`, {
        durableObjects: [{ className: "Counter", storageKey: "k", sqlite: true }],
      }),
    );

    // THEN
    expect(await (await fetch(url)).json()).toEqual({
      object: 1,
      service: "owner",
      admin: "hello you",
    });

    // AND when it goes
    await opened.host.remove(script("owner", "").accountId, "owner");
    expect(await textOf(url)).toContain("is not deployed");
  });
});
