import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { canary } from "../../secrets/canary.js";
import { basic, putScript, script } from "./put-script.js";
import { type Api, startApi } from "./start-api.js";

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const put = (metadata?: object) => putScript(api, metadata);

describe("secrets", () => {
  const secret = { name: "KEY", type: "secret_text", text: canary("a Worker's secret") };

  test("reach the running Worker at once and are never shown", async () => {
    await put();

    const { status, json } = await api.call("PUT", `${script}/secrets`, secret);

    expect(status).toBe(200);
    expect(json.result).toEqual({ name: "KEY", type: "secret_text" });
    expect(api.host.running.get("chat")?.bindings).toEqual([secret]);
    const one = await api.call("GET", `${script}/secrets/KEY`);
    const list = await api.call("GET", `${script}/secrets`);
    expect(one.json.result).toEqual({ name: "KEY", type: "secret_text" });
    expect(list.json.result).toEqual([{ name: "KEY", type: "secret_text" }]);
  });

  test("are replaced by a new value", async () => {
    await put();
    await api.call("PUT", `${script}/secrets`, secret);

    await api.call("PUT", `${script}/secrets`, { ...secret, text: "new" });

    expect(api.host.running.get("chat")?.bindings).toEqual([{ ...secret, text: "new" }]);
  });

  test("survive an upload only when it keeps them", async () => {
    await put();
    await api.call("PUT", `${script}/secrets`, secret);

    await put({ ...basic, keep_bindings: ["secret_text"] });
    expect(api.host.running.get("chat")?.bindings).toEqual([secret]);

    await put();
    expect(api.host.running.get("chat")?.bindings).toEqual([]);
  });

  test("go away from the running Worker when deleted", async () => {
    await put();
    await api.call("PUT", `${script}/secrets`, secret);

    const { status } = await api.call("DELETE", `${script}/secrets/KEY`);

    expect(status).toBe(200);
    expect(api.host.running.get("chat")?.bindings).toEqual([]);
  });

  test("cannot take the name of another binding", async () => {
    await put({ ...basic, bindings: [{ type: "ai", name: "KEY" }] });

    const { status, json } = await api.call("PUT", `${script}/secrets`, secret);

    expect(status).toBe(400);
    expect(json.errors[0].code).toBe(10053);
  });

  test.each(["GET", "DELETE"])("that are not there: %s is a 404", async (method) => {
    await put();

    const { status, json } = await api.call(method, `${script}/secrets/NONE`);

    expect(status).toBe(404);
    expect(json.errors[0].code).toBe(10056);
  });

  test("of another type are refused without being quoted", async () => {
    await put();

    const { status, text } = await api.call("PUT", `${script}/secrets`, {
      ...secret,
      type: "secret_key",
    });

    expect(status).toBe(400);
    expect(text).not.toContain(canary("a Worker's secret"));
  });
});
