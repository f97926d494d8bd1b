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

describe("the history of a script's classes", () => {
  test("makes a class that runs, is listed, and is bound with its namespace", async () => {
    const { status, json } = await classes.put(["Room"], { ...create, ...bind("Room") });

    expect([status, json.result.migration_tag]).toEqual([200, "v1"]);
    const [listed] = await classes.namespaces();
    expect(listed).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      name: "chat_Room",
      script: "chat",
      class: "Room",
      use_sqlite: true,
      use_containers: false,
    });
    expect(classes.running()?.durableObjects).toEqual([
      { className: "Room", storageKey: listed?.id, sqlite: true },
    ]);
    const settings = await api.call("GET", "/workers/scripts/chat/settings");
    expect(settings.json.result.bindings).toEqual([
      {
        type: "durable_object_namespace",
        name: "ROOM",
        class_name: "Room",
        namespace_id: listed?.id,
      },
    ]);
    expect(json.result.named_handlers).toEqual([{ name: "Room", handlers: [] }]);
    const scripts = await api.call("GET", "/workers/scripts");
    expect(scripts.json.result[0].migration_tag).toBe("v1");
  });

  test("is kept by an upload that has none", async () => {
    await classes.put(["Room"], create);
    const before = await classes.namespaces();

    const { status } = await classes.put(["Room"], bind("Room"));

    expect([status, await classes.tag()]).toEqual([200, "v1"]);
    expect(await classes.namespaces()).toEqual(before);
  });

  test("survives a restart of the emulator with its classes", async () => {
    await classes.put(["Room"], { ...create, ...bind("Room") });

    const [restored] = await api.state.scripts();

    expect(restored?.script.durableObjects).toEqual(classes.running()?.durableObjects);
  });

  test("in steps runs each after the other: a fresh account gets the last of them", async () => {
    const { status } = await classes.put(["Hall", "Lobby"], {
      migrations: {
        new_tag: "v4",
        steps: [
          { new_sqlite_classes: ["Room", "Old"] },
          { renamed_classes: [{ from: "Room", to: "Hall" }] },
          { new_classes: ["Lobby"] },
          { deleted_classes: ["Old"] },
        ],
      },
    });

    expect([status, await classes.tag()]).toEqual([200, "v4"]);
    expect(
      (await classes.namespaces()).map(({ class: name, use_sqlite }) => [name, use_sqlite]),
    ).toEqual([
      ["Hall", true],
      ["Lobby", false],
    ]);
    expect(api.host.dropped).toEqual([]);
  });

  test("keeps the namespace of a class that is renamed, and bindings elsewhere follow", async () => {
    await classes.put(["Room"], create);
    await classes.put([], bind("Room", { script_name: "chat" }), { script: "other" });
    const [before] = await classes.namespaces();

    const { status } = await classes.put(["Hall"], {
      migrations: {
        old_tag: "v1",
        new_tag: "v2",
        renamed_classes: [{ from: "Room", to: "Hall" }],
      },
      ...bind("Hall"),
    });

    expect(status).toBe(200);
    expect(await classes.namespaces()).toEqual([{ ...before, class: "Hall", name: "chat_Hall" }]);
    expect(classes.running("other")?.bindings).toEqual([
      {
        type: "durable_object_namespace",
        name: "ROOM",
        class_name: "Hall",
        script_name: "chat",
      },
    ]);
  });

  test("moves a class to another script with its namespace, and bindings follow", async () => {
    await classes.put(["Room"], { ...create, ...bind("Room") });
    const [before] = await classes.namespaces();

    const { status } = await classes.put(
      ["Room"],
      {
        migrations: {
          new_tag: "v1",
          transferred_classes: [{ from: "Room", from_script: "chat", to: "Room" }],
        },
      },
      { script: "rooms" },
    );

    expect(status).toBe(200);
    expect(await classes.namespaces()).toEqual([
      { ...before, script: "rooms", name: "rooms_Room" },
    ]);
    expect(classes.running()?.durableObjects).toEqual([]);
    expect(classes.running()?.bindings).toEqual([
      { type: "durable_object_namespace", name: "ROOM", class_name: "Room", script_name: "rooms" },
    ]);
    expect(classes.running("rooms")?.durableObjects).toEqual([
      { className: "Room", storageKey: before?.id, sqlite: true },
    ]);
  });

  test("removes what the objects of a deleted class stored", async () => {
    await classes.put(["Room", "Hall"], {
      migrations: { new_tag: "v1", new_sqlite_classes: ["Room", "Hall"] },
    });
    const room = (await classes.namespaces()).find(({ class: name }) => name === "Room");

    const { status } = await classes.put(["Hall"], {
      migrations: { old_tag: "v1", new_tag: "v2", deleted_classes: ["Room"] },
    });

    expect(status).toBe(200);
    expect(api.host.dropped).toEqual([{ product: "durable_object", key: room?.id }]);
    expect((await classes.namespaces()).map(({ class: name }) => name)).toEqual(["Hall"]);
  });

  test("of a script that is deleted goes with it, storage and all", async () => {
    await classes.put(["Room"], create);
    const [room] = await classes.namespaces();

    await api.call("DELETE", "/workers/scripts/chat");

    expect(api.host.dropped).toEqual([{ product: "durable_object", key: room?.id }]);
    expect(await classes.namespaces()).toEqual([]);
    await classes.put(["Room"], create);
    expect((await classes.namespaces())[0]?.id).not.toBe(room?.id);
  });
});

test("namespaces are listed page by page", async () => {
  const names = Array.from({ length: 5 }, (_, index) => `Room${index}`);
  await classes.put(names, { migrations: { new_tag: "v1", new_sqlite_classes: names } });

  const { json } = await api.call("GET", "/workers/durable_objects/namespaces?page=2&per_page=2");

  expect(json.result.map(({ class: name }: { class: string }) => name)).toEqual(["Room2", "Room3"]);
  expect(json.result_info).toEqual({ page: 2, per_page: 2, count: 2, total_count: 5 });
});
