import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Answer, type Api, startApi, upload } from "./start-api.js";

const code = "export default {};";
const html = "<h1>Hello</h1>";
const hash = "0".repeat(31);
const [first, second] = [`${hash}1`, `${hash}2`];
const manifest = {
  "/index.html": { hash: first, size: html.length },
  "/app.css": { hash: second, size: 3 },
};

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const start = (body: object = { manifest }, name = "chat") =>
  api.call("POST", `/workers/scripts/${name}/assets-upload-session`, body);

const send = (jwt: string, contents: Record<string, [string, string]>): Promise<Answer> => {
  const form = new FormData();
  for (const [name, [content, type]] of Object.entries(contents)) {
    const file = new File([Buffer.from(content).toString("base64")], name, { type });
    form.set(name, file);
  }
  return api.call("POST", "/workers/assets/upload?base64=true", form, {
    headers: { authorization: `Bearer ${jwt}` },
  });
};

const uploadAll = async (): Promise<string> => {
  const { json } = await start();
  const sent = await send(json.result.jwt, {
    [first]: [html, "text/html"],
    [second]: ["a{}", "text/css"],
  });
  return sent.json.result.jwt;
};

const put = (
  assets: object,
  more: object = {},
  modules: Record<string, string> = { "m.js": code },
) =>
  api.call(
    "PUT",
    "/workers/scripts/chat",
    upload({ ...("m.js" in modules ? { main_module: "m.js" } : {}), assets, ...more }, modules),
  );

describe("uploading assets", () => {
  test("asks for contents it does not have, and finishes when all are there", async () => {
    const { status, json } = await start();
    expect(status).toBe(200);
    expect(json.result.buckets.flat().sort()).toEqual([first, second]);

    const half = await send(json.result.jwt, { [first]: [html, "text/html"] });
    const whole = await send(json.result.jwt, { [second]: ["a{}", "text/css"] });

    expect(half).toMatchObject({ status: 202, json: { result: {} } });
    expect(whole).toMatchObject({ status: 201, json: { result: { jwt: expect.any(String) } } });
  });

  test("gives the Worker its files, with types and settings", async () => {
    const { status, json } = await put(
      { jwt: await uploadAll(), config: { run_worker_first: ["/api/*"], _headers: "/*\n  x: y" } },
      { bindings: [{ type: "assets", name: "ASSETS" }] },
    );

    expect(status).toBe(200);
    expect(json.result.has_assets).toBe(true);
    const assets = api.host.running.get("chat")?.assets;
    expect(assets?.config).toEqual({ run_worker_first: ["/api/*"], headers: "/*\n  x: y" });
    const index = assets?.files.find(({ path }) => path === "/index.html");
    expect(index?.contentType).toBe("text/html");
    expect(await readFile(index?.file ?? "", "utf8")).toBe(html);
  });

  test("asks for nothing a Worker already has: the first token finishes it", async () => {
    await put({ jwt: await uploadAll() });

    const { json } = await start();

    expect(json.result.buckets).toEqual([]);
    expect((await put({ jwt: json.result.jwt })).status).toBe(200);
    expect(api.host.running.get("chat")?.assets?.files).toHaveLength(2);
  });

  test("leaves the code's etag alone when only assets change", async () => {
    const before = await put({ jwt: await uploadAll() });
    const { json } = await start({ manifest: { "/a.html": manifest["/index.html"] } });

    const after = await put({ jwt: json.result.jwt });

    expect(after.json.result.etag).toBe(before.json.result.etag);
    expect(api.host.running.get("chat")?.assets?.files.map(({ path }) => path)).toEqual([
      "/a.html",
    ]);
  });

  test("keeps the files when an upload says so", async () => {
    await put({ jwt: await uploadAll() });

    await put({ config: {} }, { keep_assets: true });

    expect(api.host.running.get("chat")?.assets?.files).toHaveLength(2);
  });

  test("leaves no content behind when the Worker is deleted", async () => {
    await put({ jwt: await uploadAll() });
    const blobs = () => readdir(join(api.state.directory, "blobs"));
    expect(await blobs()).toHaveLength(3);

    await api.call("DELETE", "/workers/scripts/chat");

    expect(await blobs()).toEqual([]);
  });

  test("runs a Worker that has no code", async () => {
    const { status, json } = await put({ jwt: await uploadAll() }, {}, {});

    expect(status).toBe(200);
    expect(json.result).toMatchObject({ has_assets: true, has_modules: false, handlers: [] });
    expect(api.host.running.get("chat")?.modules).toHaveLength(1);
    expect((await api.call("GET", "/workers/scripts/chat/content/v2")).status).toBe(204);
  });
});

describe("an asset upload is refused", () => {
  test.each([
    ["a path without slash", { manifest: { "a.html": { hash: first, size: 1 } } }],
    ["a path that climbs", { manifest: { "/../a": { hash: first, size: 1 } } }],
    ["a hash that is none", { manifest: { "/a": { hash: "x", size: 1 } } }],
    ["too large a file", { manifest: { "/a": { hash: first, size: 25 * 1024 * 1024 + 1 } } }],
    ["no manifest", {}],
  ])("for %s", async (_, body) => {
    const { status, json } = await start(body);

    expect(status).toBe(400);
    expect(json.errors[0].code).toBe(10026);
  });

  test("for content that is not what the manifest says", async () => {
    const { json } = await start();

    const size = await send(json.result.jwt, { [first]: ["short", "text/html"] });
    const unknown = await send(json.result.jwt, { [`${hash}9`]: ["x", "text/html"] });

    expect(size.status).toBe(400);
    expect(size.json.errors[0].message).toMatch(/5 bytes; the manifest says 14/);
    expect(unknown.status).toBe(400);
  });

  test("for the API's token in place of the session's", async () => {
    const { status, json } = await send(api.state.apiToken, { [first]: [html, "text/html"] });

    expect(status).toBe(401);
    expect(json.errors[0].code).toBe(10304);
  });

  test("for a session older than an hour", async () => {
    const { json } = await start();
    api.clock.advance(3_600_000);

    const { status } = await send(json.result.jwt, { [first]: [html, "text/html"] });

    expect(status).toBe(401);
  });

  test("for contents that are not base64", async () => {
    const { json } = await start();

    const { status } = await api.call("POST", "/workers/assets/upload", new FormData(), {
      headers: { authorization: `Bearer ${json.result.jwt}` },
    });

    expect(status).toBe(400);
  });

  test("for a script with a token that is unfinished, another script's, or none", async () => {
    const unfinished = await put({ jwt: (await start()).json.result.jwt });
    const other = (await start({ manifest: {} }, "other")).json.result.jwt;
    const foreign = await put({ jwt: other });
    const none = await put({ config: {} });

    expect(unfinished.json.errors[0].code).toBe(10304);
    expect(foreign.json.errors[0].message).toMatch(/"other", not "chat"/);
    expect(none.json.errors[0].message).toMatch(/jwt is missing/);
    expect(api.host.deploys).toBe(0);
  });
});
