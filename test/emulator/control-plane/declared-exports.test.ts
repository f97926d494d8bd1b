import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { bind, create, DeployedClasses } from "./deployed-classes.js";
import { type Api, startApi } from "./start-api.js";

let api: Api;
let classes: DeployedClasses;
beforeEach(async () => {
  api = await startApi();
  classes = new DeployedClasses(api);
});
afterEach(() => api.close());

describe("classes declared as a whole", () => {
  const live = { type: "durable-object", storage: "sqlite" };
  const declare = (exports: object) => ({ exports });

  test("are made once, however often they are declared", async () => {
    await classes.put(["Room"], { ...declare({ Room: live }), ...bind("Room") });
    const before = await classes.namespaces();

    const { status } = await classes.put(["Room"], { ...declare({ Room: live }), ...bind("Room") });

    expect(status).toBe(200);
    expect(await classes.namespaces()).toEqual(before);
  });

  test("are renamed and deleted by tombstones, which may stay", async () => {
    await classes.put(["Room", "Old"], declare({ Room: live, Old: live }));
    const room = (await classes.namespaces()).find(({ class: name }) => name === "Room");
    const after = declare({
      Room: { type: "durable-object", state: "renamed", renamed_to: "Hall" },
      Hall: live,
      Old: { type: "durable-object", state: "deleted" },
    });

    const first = await classes.put(["Hall"], after);
    const again = await classes.put(["Hall"], after);

    expect([first.status, again.status]).toEqual([200, 200]);
    expect(await classes.namespaces()).toEqual([{ ...room, class: "Hall", name: "chat_Hall" }]);
    expect(api.host.dropped).toHaveLength(1);
  });

  test("may be backed by a container", async () => {
    const { status } = await classes.put(["Pdf"], {
      ...declare({ Pdf: live }),
      containers: [{ class_name: "Pdf" }],
    });

    expect(status).toBe(200);
    expect((await classes.namespaces())[0]?.use_containers).toBe(true);
  });

  test.each<[string, object, number]>([
    ["without one that is there", { exports: { Hall: live } }, 10064],
    ["with another storage", { exports: { Room: { ...live, storage: "legacy-kv" } } }, 10074],
    [
      "renamed to one that is not declared",
      { exports: { Room: { type: "durable-object", state: "renamed", renamed_to: "Hall" } } },
      10074,
    ],
    ["of a kind there is not", { exports: { Room: { type: "widget" } } }, 10026],
    ["and migrations", { exports: { Room: live }, ...create }, 10026],
    ["before, and migrations now", create, 10026],
    [
      "with a container behind a class that is none",
      { exports: { Room: live }, containers: [{ class_name: "Pdf" }] },
      10026,
    ],
  ])("%s are refused", async (_, metadata, code) => {
    await classes.put(["Room"], declare({ Room: live }));
    const before = await classes.namespaces();

    const { status, json } = await classes.put(["Room", "Hall"], metadata);

    expect([status, json.errors[0].code]).toEqual([400, code]);
    expect(await classes.namespaces()).toEqual(before);
  });
});
