import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { bind, create, DeployedClasses } from "./deployed-classes.js";
import { type Api, startApi, upload } from "./start-api.js";

let api: Api;
let classes: DeployedClasses;
beforeEach(async () => {
  api = await startApi();
  classes = new DeployedClasses(api);
});
afterEach(() => api.close());

describe("a history that does not fit", () => {
  beforeEach(() => classes.put(["Room"], { ...create, ...bind("Room") }));

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
    const before = [await classes.namespaces(), await classes.tag(), classes.running()];

    const answer = await classes.put(exported, metadata);

    expect([answer.status, answer.json.errors[0].code]).toEqual([status, code]);
    expect(answer.json.errors[0].message).toMatch(message);
    expect([await classes.namespaces(), await classes.tag(), classes.running()]).toEqual(before);
    expect(api.host.dropped).toEqual([]);
  });

  test("that deletes a class another script binds is refused, and names it", async () => {
    await classes.put([], bind("Room", { script_name: "chat" }), { script: "other" });

    const { status, json } = await classes.put([], step({ deleted_classes: ["Room"] }));

    expect([status, json.errors[0].code]).toEqual([400, 10061]);
    expect(json.messages[0].message).toBe(
      'The binding "ROOM" of the Worker "other" references it.',
    );
  });

  test("changes nothing when the code does not start", async () => {
    const before = [await classes.namespaces(), await classes.tag()];
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
    expect([await classes.namespaces(), await classes.tag()]).toEqual(before);
    expect(api.host.dropped).toEqual([]);
  });

  test("puts neighbours back that were switched with a script that does not start", async () => {
    await classes.put([], bind("Room", { script_name: "chat" }), { script: "other" });
    const before = classes.running("other");

    await api.call(
      "PUT",
      "/workers/scripts/chat",
      upload(
        { main_module: "main.js", ...step({ renamed_classes: [{ from: "Room", to: "Hall" }] }) },
        { "main.js": "export class Hall {}; throw 1" },
      ),
    );

    expect(classes.running("other")).toEqual(before);
  });

  test("keeps a script another one depends on", async () => {
    await classes.put([], bind("Room", { script_name: "chat" }), { script: "other" });

    const refused = await api.call("DELETE", "/workers/scripts/chat");
    const forced = await api.call("DELETE", "/workers/scripts/chat?force=true");
    await api.call("DELETE", "/workers/scripts/other");
    const deleted = await api.call("DELETE", "/workers/scripts/chat");

    expect([refused.status, refused.json.errors[0].code]).toEqual([400, 10064]);
    expect(refused.json.errors[0].message).toContain('bound by the Worker "other"');
    expect([forced.status, deleted.status]).toEqual([501, 200]);
  });
});
