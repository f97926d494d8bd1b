import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { putScript, script } from "./put-script.js";
import { type Api, startApi } from "./start-api.js";

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const put = (metadata?: object) => putScript(api, metadata);

describe("workers.dev", () => {
  test("is off for a new script, and stays as it was set over uploads", async () => {
    await put();
    expect(api.host.public.get("chat")).toBe(false);
    const first = await api.call("GET", `${script}/subdomain`);

    const on = await api.call("POST", `${script}/subdomain`, { enabled: true });
    await put();

    expect(first.json.result).toEqual({ enabled: false, previews_enabled: false });
    expect(on.json.result).toEqual({ enabled: true, previews_enabled: false });
    expect(api.host.public.get("chat")).toBe(true);
    expect((await api.call("GET", `${script}/subdomain`)).json.result).toEqual(on.json.result);
  });

  test("is turned off by DELETE", async () => {
    await put();
    await api.call("POST", `${script}/subdomain`, { enabled: true, previews_enabled: true });

    const { json } = await api.call("DELETE", `${script}/subdomain`);

    expect(json.result).toEqual({ enabled: false, previews_enabled: false });
    expect(api.host.public.get("chat")).toBe(false);
  });

  test("needs to know whether it is on", async () => {
    await put();

    const { status } = await api.call("POST", `${script}/subdomain`, {});

    expect(status).toBe(400);
  });

  test("has a name for the account", async () => {
    const { json } = await api.call("GET", "/workers/subdomain");

    expect(json.result.subdomain).toMatch(/^[a-z0-9-]+$/);
  });

  test("is a loopback address here, known before the script is there", async () => {
    const { json } = await api.call("GET", "/emulator/workers/chat");

    expect(json.result).toEqual({ url: "http://127.0.0.1:40000/chat" });
  });
});
