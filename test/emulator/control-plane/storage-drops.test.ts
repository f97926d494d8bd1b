import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { RecordingWorkerHost } from "./recording-worker-host.js";
import { type Api, startApi, upload } from "./start-api.js";

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const stored = async (): Promise<unknown> =>
  JSON.parse(await readFile(join(api.state.directory, "state.json"), "utf8")).storage_drops;

const room = `export class Room {}; export default { fetch: () => new Response("ok") };`;

/** One of each product that stores something, deleted again. */
async function deleteEverything(): Promise<void> {
  const { json: kv } = await api.call("POST", "/storage/kv/namespaces", { title: "kv" });
  const { json: d1 } = await api.call("POST", "/d1/database", { name: "d1" });
  const { json: queue } = await api.call("POST", "/queues", { queue_name: "jobs" });
  await api.call("POST", "/r2/buckets", { name: "files" });
  const metadata = {
    main_module: "main.js",
    migrations: { new_tag: "v1", steps: [{ new_sqlite_classes: ["Room"] }] },
  };
  await api.call("PUT", "/workers/scripts/rooms", upload(metadata, { "main.js": room }));
  await api.call("PUT", "/workflows/flow", { script_name: "rooms", class_name: "Flow" });
  await api.call("DELETE", `/storage/kv/namespaces/${kv.result.id}`);
  await api.call("DELETE", `/d1/database/${d1.result.uuid}`);
  await api.call("DELETE", `/queues/${queue.result.queue_id}`);
  await api.call("DELETE", "/r2/buckets/files");
  await api.call("DELETE", "/workflows/flow");
  await api.call("DELETE", "/workers/scripts/rooms");
}

describe("what a deleted product stored", () => {
  test("is remembered until it is removed, so a kill in between leaves nothing behind", async () => {
    // GIVEN an emulator that does not live to remove anything
    jest.spyOn(api.host, "dropStorage").mockRejectedValue(new Error("killed"));
    await deleteEverything();
    const noted = await stored();
    // WHEN the next one starts
    const next = new RecordingWorkerHost();
    await api.state.storageDrops.carryOutAll(next, () => {});
    // THEN
    expect(next.dropped.map(({ product }) => product).toSorted()).toEqual(
      ["d1", "durable_object", "kv", "queue", "r2", "workflow"].toSorted(),
    );
    expect(noted).toEqual(next.dropped);
    expect(await stored()).toEqual([]);
  });

  test("is removed before its name is used again", async () => {
    const drop = jest.spyOn(api.host, "dropStorage").mockRejectedValueOnce(new Error("busy"));
    await api.call("POST", "/r2/buckets", { name: "files" });
    const failed = await api.call("DELETE", "/r2/buckets/files");

    const again = await api.call("POST", "/r2/buckets", { name: "files" });

    expect([failed.status, again.status]).toEqual([500, 200]);
    expect(drop.mock.calls).toEqual([
      ["r2", "files"],
      ["r2", "files"],
    ]);
    expect(await stored()).toEqual([]);
  });

  test("keeps its name from being used as long as it cannot be removed", async () => {
    jest.spyOn(api.host, "dropStorage").mockRejectedValue(new Error("busy"));
    const { json } = await api.call("POST", "/queues", { queue_name: "jobs" });
    await api.call("DELETE", `/queues/${json.result.queue_id}`);

    const again = await api.call("POST", "/queues", { queue_name: "jobs" });

    expect(again.status).toBe(500);
    expect((await api.call("GET", "/queues")).json.result).toEqual([]);
  });

  test("is tried again at each start, and said, while it cannot be removed", async () => {
    jest.spyOn(api.host, "dropStorage").mockRejectedValue(new Error("busy"));
    await api.call("POST", "/r2/buckets", { name: "files" });
    await api.call("DELETE", "/r2/buckets/files");
    const lines: string[] = [];

    await api.state.storageDrops.carryOutAll(api.host, (line) => lines.push(line));

    expect(lines).toEqual([expect.stringContaining(`r2 "files"`)]);
    expect(await stored()).toEqual([{ product: "r2", key: "files" }]);
  });
});
