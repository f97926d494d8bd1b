import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Api, startApi } from "./start-api.js";

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const path = "/d1/database";
const make = (more: object = {}) => api.call("POST", path, { name: "messages", ...more });

describe("a D1 database", () => {
  test("always shows its read replication, also when nobody set it", async () => {
    const { json } = await make();

    expect(json.result).toEqual({
      uuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: "messages",
      version: "production",
      created_at: "2026-01-01T00:00:00.000Z",
      read_replication: { mode: "disabled" },
      num_tables: null,
      file_size: null,
      jurisdiction: null,
    });
  });

  test("changes its read replication by PUT, with what only a POST sets coming along, and by PATCH", async () => {
    const { uuid } = (await make({ primary_location_hint: "weur" })).json.result;

    const put = await api.call("PUT", `${path}/${uuid}`, {
      name: "messages",
      primary_location_hint: "weur",
      read_replication: { mode: "auto" },
    });
    const patched = await api.call("PATCH", `${path}/${uuid}`, {
      read_replication: { mode: "disabled" },
    });

    expect(put.json.result.read_replication).toEqual({ mode: "auto" });
    expect(patched.json.result.read_replication).toEqual({ mode: "disabled" });
  });

  test("takes no null for its read replication", async () => {
    const { uuid } = (await make()).json.result;

    const { status, json } = await api.call("PUT", `${path}/${uuid}`, { read_replication: null });

    expect([status, json.errors[0].code]).toEqual([400, 7400]);
  });

  test("is refused when the name is taken or none, or a setting is unknown", async () => {
    await make();

    const answers = [
      await make(),
      await make({ name: "-a" }),
      await make({ jurisdiction: "moon" }),
    ];

    expect(answers.map(({ status, json }) => [status, json.errors[0].code])).toEqual([
      [400, 7502],
      [400, 7400],
      [400, 7400],
    ]);
  });

  test("takes its tables along when it is deleted, and is not found afterwards", async () => {
    const { uuid } = (await make()).json.result;

    await api.call("DELETE", `${path}/${uuid}`);
    const shown = await api.call("GET", `${path}/${uuid}`);

    expect(api.host.dropped).toEqual([{ product: "d1", key: uuid }]);
    expect([shown.status, shown.json.errors[0].code]).toEqual([404, 7404]);
  });
});
