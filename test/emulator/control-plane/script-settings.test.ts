import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { basic, code, putScript, script } from "./put-script.js";
import { type Api, startApi, upload } from "./start-api.js";

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const put = (settings: object) => putScript(api, { ...basic, ...settings });

describe("settings without effect here", () => {
  test("are read back exactly as they were sent", async () => {
    const tail = upload(basic, { "main.js": code });
    await api.call("PUT", "/workers/scripts/tail", tail);
    const sent = {
      limits: { cpu_ms: 50 },
      placement: { mode: "smart" },
      logpush: true,
      tail_consumers: [{ service: "tail" }],
    };

    const { status } = await put(sent);

    expect(status).toBe(200);
    const { json } = await api.call("GET", `${script}/settings`);
    expect(json.result).toMatchObject(sent);
  });

  test("are left out when they are not set", async () => {
    await put({ limits: {}, placement: {} });

    const { json } = await api.call("GET", `${script}/settings`);

    expect(json.result).not.toHaveProperty("limits");
    expect(json.result).toMatchObject({ placement: {}, tail_consumers: null, logpush: false });
  });

  test.each<[string, object, number]>([
    ["a tail consumer that does not exist", { tail_consumers: [{ service: "nobody" }] }, 10203],
    ["a tail consumer without a name", { tail_consumers: [{}] }, 10026],
    ["a placement there is not", { placement: { mode: "here" } }, 10026],
    ["more time than there is", { limits: { cpu_ms: 300_001 } }, 10026],
    ["logpush that is neither", { logpush: "yes" }, 10026],
  ])("with %s are refused", async (_, metadata, expected) => {
    const { status, json } = await put(metadata);

    expect([status, json.errors[0].code]).toEqual([400, expected]);
    expect(api.host.deploys).toBe(0);
  });
});
