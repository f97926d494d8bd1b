import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { canary } from "../../secrets/canary.js";
import { type Api, startApi } from "./start-api.js";

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const path = "/ai-gateway/custom-providers";
const provider = { name: "Own", slug: "own-models", base_url: "https://models.example.com" };
const make = async (body: object = {}): Promise<string> =>
  (await api.call("POST", path, { ...provider, ...body })).json.result.id;

describe("a custom provider", () => {
  test("is answered with everything Cloudflare fills in", async () => {
    const { status, json } = await api.call("POST", path, provider);

    expect(status).toBe(200);
    expect(json.result).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      ...provider,
      description: null,
      link: null,
      curl_example: null,
      js_example: null,
      enable: false,
      beta: false,
      position: null,
      headers: null,
      logo: expect.any(String),
      created_at: "2026-01-01T00:00:00.000Z",
      modified_at: "2026-01-01T00:00:00.000Z",
    });
  });

  test("keeps what a PATCH leaves out, and loses what it makes null", async () => {
    // GIVEN
    const id = await make({ description: "Own models", link: "https://example.com" });
    // WHEN
    const { json } = await api.call("PATCH", `${path}/${id}`, { enable: true, description: null });
    // THEN
    expect(json.result).toMatchObject({
      ...provider,
      enable: true,
      description: null,
      link: "https://example.com",
    });
    expect((await api.call("GET", `${path}/${id}`)).json.result).toEqual(json.result);
  });

  test("keeps its headers sealed on disk", async () => {
    // GIVEN
    const headers = JSON.stringify({ "x-api-key": canary("a custom provider's header") });
    // WHEN
    const id = await make({ headers });
    // THEN
    expect((await api.call("GET", `${path}/${id}`)).json.result.headers).toBe(headers);
    const file = readFileSync(join(api.state.directory, "state.json"), "utf8");
    expect(file).toContain("sealed_headers");
    expect(file).not.toContain(canary("a custom provider's header"));
  });

  test("is refused with a slug that is taken, at once and by a change", async () => {
    await make();
    const other = await make({ slug: "other" });

    for (const { status, json } of [
      await api.call("POST", path, provider),
      await api.call("PATCH", `${path}/${other}`, { slug: provider.slug }),
    ]) {
      expect([status, json.errors[0].code]).toEqual([409, 1003]);
    }
  });

  test("is refused without https, and with headers that are none, which are not quoted", async () => {
    const http = await api.call("POST", path, { ...provider, base_url: "http://example.com" });
    const headers = await api.call("POST", path, {
      ...provider,
      headers: canary("a header that is none"),
    });
    const unknown = await api.call("POST", path, { ...provider, pricing: 1 });

    expect([http.status, http.json.errors[0].code]).toEqual([400, 1002]);
    expect([headers.status, headers.json.errors[0].code]).toEqual([400, 7001]);
    expect(headers.text).not.toContain(canary("a header that is none"));
    expect([unknown.status, unknown.json.errors[0].code]).toEqual([400, 7001]);
  });

  test("is gone after its deletion", async () => {
    const id = await make();

    const removed = await api.call("DELETE", `${path}/${id}`);
    const read = await api.call("GET", `${path}/${id}`);

    expect(removed.json.result).toMatchObject({ id, slug: provider.slug });
    expect([read.status, read.json.errors[0].code]).toEqual([404, 1004]);
  });

  test("is listed by name, filtered and in pages, the last of which is empty", async () => {
    await make({ name: "B", enable: true });
    await make({ name: "A", slug: "a" });
    const list = async (query: string) => {
      const { json } = await api.call("GET", `${path}?${query}`);
      return [json.result.map(({ name }: { name: string }) => name), json.result_info];
    };

    expect(await list("per_page=1")).toEqual([
      ["A"],
      { page: 1, per_page: 1, count: 1, total_count: 2, total_pages: 2 },
    ]);
    expect((await list("page=3&per_page=1"))[0]).toEqual([]);
    expect((await list("enable=true"))[0]).toEqual(["B"]);
    expect((await list("search=own"))[0]).toEqual(["B"]);
    expect((await list("order_by=name%20DESC"))[0]).toEqual(["B", "A"]);
  });
});
