import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Answer, type Api, startApi, upload } from "./start-api.js";

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

/** Uploads a script that exports classes. */
function put(
  exported: readonly string[],
  metadata: object = {},
  { script = "chat" }: { readonly script?: string } = {},
): Promise<Answer> {
  const classes = exported.map((name) => `export class ${name} {}`).join("\n");
  const code = `${classes}\nexport default { fetch: () => new Response("ok") };`;
  return api.call(
    "PUT",
    `/workers/scripts/${script}`,
    upload({ main_module: "main.js", ...metadata }, { "main.js": code }),
  );
}

const create = { migrations: { new_tag: "v1", new_sqlite_classes: ["Room"] } };
const bind = (class_name: string, more: object = {}) => ({
  bindings: [{ type: "durable_object_namespace", name: "ROOM", class_name, ...more }],
});

async function namespaces(): Promise<Record<string, unknown>[]> {
  return (await api.call("GET", "/workers/durable_objects/namespaces")).json.result;
}

async function tag(script = "chat"): Promise<string | undefined> {
  const { json } = await api.call("GET", `/workers/services/${script}`);
  return json.result.default_environment.script.migration_tag;
}

const running = (script = "chat") => api.host.running.get(script);

describe("the history of a script's classes", () => {
  test("makes a class that runs, is listed, and is bound with its namespace", async () => {
    const { status, json } = await put(["Room"], { ...create, ...bind("Room") });

    expect([status, json.result.migration_tag]).toEqual([200, "v1"]);
    const [listed] = await namespaces();
    expect(listed).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      name: "chat_Room",
      script: "chat",
      class: "Room",
      use_sqlite: true,
      use_containers: false,
    });
    expect(running()?.durableObjects).toEqual([
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
    await put(["Room"], create);
    const before = await namespaces();

    const { status } = await put(["Room"], bind("Room"));

    expect([status, await tag()]).toEqual([200, "v1"]);
    expect(await namespaces()).toEqual(before);
  });

  test("survives a restart of the emulator with its classes", async () => {
    await put(["Room"], { ...create, ...bind("Room") });

    const [restored] = await api.state.scripts();

    expect(restored?.script.durableObjects).toEqual(running()?.durableObjects);
  });

  test("in steps runs each after the other: a fresh account gets the last of them", async () => {
    const { status } = await put(["Hall", "Lobby"], {
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

    expect([status, await tag()]).toEqual([200, "v4"]);
    expect((await namespaces()).map(({ class: name, use_sqlite }) => [name, use_sqlite])).toEqual([
      ["Hall", true],
      ["Lobby", false],
    ]);
    expect(api.host.dropped).toEqual([]);
  });

  test("keeps the namespace of a class that is renamed, and bindings elsewhere follow", async () => {
    await put(["Room"], create);
    await put([], bind("Room", { script_name: "chat" }), { script: "other" });
    const [before] = await namespaces();

    const { status } = await put(["Hall"], {
      migrations: {
        old_tag: "v1",
        new_tag: "v2",
        renamed_classes: [{ from: "Room", to: "Hall" }],
      },
      ...bind("Hall"),
    });

    expect(status).toBe(200);
    expect(await namespaces()).toEqual([{ ...before, class: "Hall", name: "chat_Hall" }]);
    expect(running("other")?.bindings).toEqual([
      {
        type: "durable_object_namespace",
        name: "ROOM",
        class_name: "Hall",
        script_name: "chat",
      },
    ]);
  });

  test("moves a class to another script with its namespace, and bindings follow", async () => {
    await put(["Room"], { ...create, ...bind("Room") });
    const [before] = await namespaces();

    const { status } = await put(
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
    expect(await namespaces()).toEqual([{ ...before, script: "rooms", name: "rooms_Room" }]);
    expect(running()?.durableObjects).toEqual([]);
    expect(running()?.bindings).toEqual([
      { type: "durable_object_namespace", name: "ROOM", class_name: "Room", script_name: "rooms" },
    ]);
    expect(running("rooms")?.durableObjects).toEqual([
      { className: "Room", storageKey: before?.id, sqlite: true },
    ]);
  });

  test("removes what the objects of a deleted class stored", async () => {
    await put(["Room", "Hall"], {
      migrations: { new_tag: "v1", new_sqlite_classes: ["Room", "Hall"] },
    });
    const room = (await namespaces()).find(({ class: name }) => name === "Room");

    const { status } = await put(["Hall"], {
      migrations: { old_tag: "v1", new_tag: "v2", deleted_classes: ["Room"] },
    });

    expect(status).toBe(200);
    expect(api.host.dropped).toEqual([{ product: "durable_object", key: room?.id }]);
    expect((await namespaces()).map(({ class: name }) => name)).toEqual(["Hall"]);
  });

  test("of a script that is deleted goes with it, storage and all", async () => {
    await put(["Room"], create);
    const [room] = await namespaces();

    await api.call("DELETE", "/workers/scripts/chat");

    expect(api.host.dropped).toEqual([{ product: "durable_object", key: room?.id }]);
    expect(await namespaces()).toEqual([]);
    await put(["Room"], create);
    expect((await namespaces())[0]?.id).not.toBe(room?.id);
  });
});

describe("a history that does not fit", () => {
  beforeEach(() => put(["Room"], { ...create, ...bind("Room") }));

  const step = (directives: object, tags: object = { old_tag: "v1", new_tag: "v2" }) => ({
    migrations: { ...tags, ...directives },
  });

  test.each<[string, string[], object, number, number, RegExp]>([
    [
      "that starts at another tag",
      ["Room", "Hall"],
      step({ new_sqlite_classes: ["Hall"] }, { old_tag: "v0", new_tag: "v1" }),
      412,
      10079,
      /current tag is 'v1'/,
    ],
    ["that is sent once more", ["Room"], create, 412, 10079, /current tag is 'v1'/],
    [
      "that makes a class that is there, without tags",
      ["Room"],
      step({ new_sqlite_classes: ["Room"] }, {}),
      400,
      10074,
      /new-class migration to class 'Room' that is already depended on/,
    ],
    [
      "that deletes a class that is not there",
      ["Room"],
      step({ deleted_classes: ["Nobody"] }),
      400,
      10074,
      /delete-class migration to class 'Nobody' which was not exported/,
    ],
    [
      "that renames a class that is not there",
      ["Room", "Hall"],
      step({ renamed_classes: [{ from: "Nobody", to: "Hall" }] }),
      400,
      10074,
      /rename-class migration to class 'Nobody'/,
    ],
    [
      "that takes a class from a script that has none",
      ["Room", "Hall"],
      step({ transferred_classes: [{ from: "Hall", from_script: "nobody", to: "Hall" }] }),
      400,
      10074,
      /transfer-class migration to class 'Hall'/,
    ],
    [
      "with a new class that is not exported",
      ["Room"],
      step({ new_sqlite_classes: ["Hall"] }),
      400,
      10070,
      /new-class migration to class 'Hall' that is not exported by script/,
    ],
    [
      "without a class that is there and not exported any more",
      [],
      {},
      400,
      10064,
      /does not export class 'Room' which is depended on by existing Durable Objects/,
    ],
    [
      "that deletes a class it still binds",
      ["Room"],
      { ...step({ deleted_classes: ["Room"] }), ...bind("Room") },
      400,
      10061,
      /delete-class migration to class 'Room' without also removing the binding/,
    ],
    [
      "with a binding to a class without history",
      ["Room", "Hall"],
      bind("Hall"),
      400,
      10061,
      /class 'Hall' because it is not currently configured to implement Durable Objects/,
    ],
    [
      "with a binding to a class of a script that is not there",
      ["Room"],
      bind("Room", { script_name: "nobody" }),
      400,
      10061,
      /class in script 'nobody' that does not exist/,
    ],
  ])("%s is refused and changes nothing", async (_, exported, metadata, status, code, message) => {
    const before = [await namespaces(), await tag(), running()];

    const answer = await put(exported, metadata);

    expect([answer.status, answer.json.errors[0].code]).toEqual([status, code]);
    expect(answer.json.errors[0].message).toMatch(message);
    expect([await namespaces(), await tag(), running()]).toEqual(before);
    expect(api.host.dropped).toEqual([]);
  });

  test("that deletes a class another script binds is refused, and names it", async () => {
    await put([], bind("Room", { script_name: "chat" }), { script: "other" });

    const { status, json } = await put([], step({ deleted_classes: ["Room"] }));

    expect([status, json.errors[0].code]).toEqual([400, 10061]);
    expect(json.messages[0].message).toBe(
      'The binding "ROOM" of the Worker "other" references it.',
    );
  });

  test("changes nothing when the code does not start", async () => {
    const before = [await namespaces(), await tag()];
    const broken = "export class Hall {}; throw 1";

    const { status, json } = await api.call(
      "PUT",
      "/workers/scripts/chat",
      upload(
        {
          main_module: "main.js",
          ...step({ renamed_classes: [{ from: "Room", to: "Hall" }] }),
        },
        { "main.js": broken },
      ),
    );

    expect([status, json.errors[0].code]).toEqual([400, 10021]);
    expect([await namespaces(), await tag()]).toEqual(before);
    expect(api.host.dropped).toEqual([]);
  });

  test("puts neighbours back that were switched with a script that does not start", async () => {
    await put([], bind("Room", { script_name: "chat" }), { script: "other" });
    const before = running("other");

    await api.call(
      "PUT",
      "/workers/scripts/chat",
      upload(
        { main_module: "main.js", ...step({ renamed_classes: [{ from: "Room", to: "Hall" }] }) },
        { "main.js": "export class Hall {}; throw 1" },
      ),
    );

    expect(running("other")).toEqual(before);
  });

  test("keeps a script another one depends on", async () => {
    await put([], bind("Room", { script_name: "chat" }), { script: "other" });

    const refused = await api.call("DELETE", "/workers/scripts/chat");
    const forced = await api.call("DELETE", "/workers/scripts/chat?force=true");
    await api.call("DELETE", "/workers/scripts/other");
    const deleted = await api.call("DELETE", "/workers/scripts/chat");

    expect([refused.status, refused.json.errors[0].code]).toEqual([400, 10064]);
    expect(refused.json.errors[0].message).toContain('bound by the Worker "other"');
    expect([forced.status, deleted.status]).toEqual([501, 200]);
  });
});

describe("classes declared as a whole", () => {
  const live = { type: "durable-object", storage: "sqlite" };
  const declare = (exports: object) => ({ exports });

  test("are made once, however often they are declared", async () => {
    await put(["Room"], { ...declare({ Room: live }), ...bind("Room") });
    const before = await namespaces();

    const { status } = await put(["Room"], { ...declare({ Room: live }), ...bind("Room") });

    expect(status).toBe(200);
    expect(await namespaces()).toEqual(before);
  });

  test("are renamed and deleted by tombstones, which may stay", async () => {
    await put(["Room", "Old"], declare({ Room: live, Old: live }));
    const room = (await namespaces()).find(({ class: name }) => name === "Room");
    const after = declare({
      Room: { type: "durable-object", state: "renamed", renamed_to: "Hall" },
      Hall: live,
      Old: { type: "durable-object", state: "deleted" },
    });

    const first = await put(["Hall"], after);
    const again = await put(["Hall"], after);

    expect([first.status, again.status]).toEqual([200, 200]);
    expect(await namespaces()).toEqual([{ ...room, class: "Hall", name: "chat_Hall" }]);
    expect(api.host.dropped).toHaveLength(1);
  });

  test("may be backed by a container", async () => {
    const { status } = await put(["Pdf"], {
      ...declare({ Pdf: live }),
      containers: [{ class_name: "Pdf" }],
    });

    expect(status).toBe(200);
    expect((await namespaces())[0]?.use_containers).toBe(true);
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
    await put(["Room"], declare({ Room: live }));
    const before = await namespaces();

    const { status, json } = await put(["Room", "Hall"], metadata);

    expect([status, json.errors[0].code]).toEqual([400, code]);
    expect(await namespaces()).toEqual(before);
  });
});

test("namespaces are listed page by page", async () => {
  const names = Array.from({ length: 5 }, (_, index) => `Room${index}`);
  await put(names, { migrations: { new_tag: "v1", new_sqlite_classes: names } });

  const { json } = await api.call("GET", "/workers/durable_objects/namespaces?page=2&per_page=2");

  expect(json.result.map(({ class: name }: { class: string }) => name)).toEqual(["Room2", "Room3"]);
  expect(json.result_info).toEqual({ page: 2, per_page: 2, count: 2, total_count: 5 });
});
