import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Api, startApi } from "./start-api.js";

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const path = "/r2/buckets";
const inEu = { headers: { "cf-r2-jurisdiction": "eu" } };

describe("an R2 bucket", () => {
  test("is made where the hint says, in capitals, and shown so", async () => {
    const made = await api.call("POST", path, {
      name: "files",
      locationHint: "weur",
      storageClass: "InfrequentAccess",
    });
    const shown = await api.call("GET", `${path}/files`);

    const expected = {
      name: "files",
      jurisdiction: "default",
      location: "WEUR",
      storage_class: "InfrequentAccess",
      creation_date: "2026-01-01T00:00:00.000Z",
    };
    expect(made.json.result).toEqual(expected);
    expect(shown.json.result).toEqual(expected);
  });

  test("is found in its own jurisdiction only", async () => {
    await api.call("POST", path, { name: "files" }, inEu);

    const here = await api.call("GET", `${path}/files`, undefined, inEu);
    const elsewhere = await api.call("GET", `${path}/files`);
    const listed = await api.call("GET", path);

    expect(here.json.result.jurisdiction).toBe("eu");
    expect([elsewhere.status, elsewhere.json.errors[0].code]).toEqual([404, 10006]);
    expect(listed.json.result).toEqual({ buckets: [] });
  });

  test("changes its storage class by a header, and nothing else", async () => {
    await api.call("POST", path, { name: "files" });

    const changed = await api.call("PATCH", `${path}/files`, undefined, {
      headers: { "cf-r2-storage-class": "InfrequentAccess" },
    });
    const odd = await api.call("PATCH", `${path}/files`, undefined, {
      headers: { "cf-r2-storage-class": "Frozen" },
    });

    expect(changed.json.result).toMatchObject({ name: "files", storage_class: "InfrequentAccess" });
    expect(odd.status).toBe(400);
    expect(odd.json.errors[0].message).toContain("Frozen");
  });

  test("is refused twice, and with a name that is none", async () => {
    await api.call("POST", path, { name: "files" });

    const twice = await api.call("POST", path, { name: "files" });
    const names = ["Files", "ab", "-files", "a".repeat(64), "a_b"];
    const odd = await Promise.all(names.map((name) => api.call("POST", path, { name })));

    expect([twice.status, twice.json.errors[0].code]).toEqual([409, 10004]);
    for (const { status, json } of odd) expect([status, json.errors[0].code]).toEqual([400, 10005]);
  });

  test("of a name that another jurisdiction has is said to be not emulated", async () => {
    await api.call("POST", path, { name: "files" });

    const { status } = await api.call("POST", path, { name: "files" }, inEu);

    expect(status).toBe(501);
  });

  test("that holds objects is not deleted", async () => {
    await api.call("POST", path, { name: "files" });
    api.host.filledBuckets.add("files");

    const { status, json } = await api.call("DELETE", `${path}/files`);

    expect([status, json.errors[0].code]).toEqual([409, 10008]);
    expect(api.host.dropped).toEqual([]);
    expect((await api.call("GET", `${path}/files`)).status).toBe(200);
  });

  test("takes its storage along when it is deleted", async () => {
    await api.call("POST", path, { name: "files" });

    const deleted = await api.call("DELETE", `${path}/files`);
    const shown = await api.call("GET", `${path}/files`);

    expect(deleted.status).toBe(200);
    expect(api.host.dropped).toEqual([{ product: "r2", key: "files" }]);
    expect(shown.status).toBe(404);
  });
});
