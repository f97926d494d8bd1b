import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Api, startApi, upload } from "./start-api.js";

let api: Api;
beforeEach(async () => {
  api = await startApi();
  const code = "export class Sum {} export default { fetch: () => new Response('ok') };";
  await api.call("PUT", "/workers/scripts/chat", upload({ main_module: "m.js" }, { "m.js": code }));
});
afterEach(() => api.close());

const path = "/workflows/summaries";
const body = { script_name: "chat", class_name: "Sum" };

describe("a Workflow", () => {
  test("is made and changed by the same PUT, and keeps its id", async () => {
    const made = await api.call("PUT", path, body);
    api.clock.advance(1_000);

    const changed = await api.call("PUT", path, { ...body, class_name: "Other" });
    const shown = await api.call("GET", path);

    const { id, created_on, version_id } = made.json.result;
    expect(changed.json.result).toMatchObject({ id, created_on, name: "summaries" });
    expect(changed.json.result.version_id).not.toBe(version_id);
    expect(changed.json.result.modified_on).toBe("2026-01-01T00:00:01.000Z");
    expect(shown.json.result).toEqual(changed.json.result);
  });

  test("shows the limits it was given", async () => {
    const { json } = await api.call("PUT", path, { ...body, limits: { steps: 100 } });

    expect(json.result.limits).toEqual({ steps: 100 });
  });

  test("is refused for a Worker that does not exist, without a class, and with schedules", async () => {
    const unknown = await api.call("PUT", path, { ...body, script_name: "nobody" });
    const classless = await api.call("PUT", path, { script_name: "chat" });
    const scheduled = await api.call("PUT", path, { ...body, schedules: ["* * * * *"] });

    expect([unknown.status, unknown.json.errors[0].code]).toEqual([404, 10007]);
    expect([classless.status, classless.json.errors[0].code]).toEqual([400, 10002]);
    expect(scheduled.status).toBe(501);
  });

  test("takes its instances along when it is deleted, and is not found afterwards", async () => {
    await api.call("PUT", path, body);

    const deleted = await api.call("DELETE", path);
    const shown = await api.call("GET", path);

    expect(deleted.json.result).toEqual({ status: "ok", success: true });
    expect(api.host.dropped).toEqual([{ product: "workflow", key: "summaries" }]);
    expect([shown.status, shown.json.errors[0].code]).toEqual([404, 10200]);
  });
});
