import { type Context, Hono } from "hono";
import type { WorkerHost } from "../../workerd/uploaded-script.js";
import { ApiError, notEmulated } from "../api-error.js";
import { readBearer } from "../authenticate.js";
import { page, success } from "../envelope.js";
import { parse } from "../parse.js";
import { readJson, readMultipart } from "../read-body.js";
import type { AssetUploads } from "./asset-uploads.js";
import { classRegistry } from "./class-registry.js";
import { type Deployments, findScript, findSecret } from "./deployments.js";
import { moduleContentTypes, readUpload } from "./read-upload.js";
import {
  renderContent,
  renderNamespaces,
  renderScript,
  renderSecret,
  renderSettings,
} from "./render-script.js";
import { checkScheduleCount, parseSchedules } from "./schedules-schema.js";
import { newSecret, pageQuery, parseScriptName, scriptSubdomain } from "./schema.js";
import type { ScriptStore } from "./store.js";

export interface WorkerRoutesOptions {
  readonly accountId: string;
  readonly store: ScriptStore;
  readonly workers: WorkerHost;
  readonly deployments: Deployments;
  readonly assets: AssetUploads;
}

/**
 * Workers, below `/accounts/:account/workers`.
 * @see https://developers.cloudflare.com/api/resources/workers/
 */
export function workerRoutes(options: WorkerRoutesOptions): Hono {
  const routes = new Hono();
  addScriptRoutes(routes, options);
  addNamespaceRoutes(routes, options);
  addScheduleRoutes(routes, options);
  addSecretRoutes(routes, options);
  addSubdomainRoutes(routes, options);
  addAssetRoutes(routes, options);
  return routes;
}

/** Where contents of assets are sent, with the session's token instead of the API's. */
export const assetUploadPath = /^\/client\/v4\/accounts\/[^/]+\/workers\/assets\/upload$/;

const nameOf = (c: Context): string => parseScriptName(c.req.param("script"));

function addScriptRoutes(routes: Hono, { store, deployments }: WorkerRoutesOptions): void {
  routes.get("/scripts", () => success(store.list().map(renderScript)));

  routes.put("/scripts/:script", async (c) => {
    const name = nameOf(c);
    return success(renderScript(await deployments.upload(name, await readUpload(c.req.raw))));
  });

  routes.get("/scripts/:script", async (c) => {
    const { mainModule, modules } = await store.load(findScript(store, nameOf(c)));
    const main = modules.find(({ name }) => name === mainModule);
    if (!main) return new Response(null, { status: 204 });
    return new Response(new Uint8Array(main.content), {
      headers: { "content-type": moduleContentTypes[main.type] },
    });
  });

  routes.delete("/scripts/:script", async (c) => {
    if (c.req.query("force") === "true") {
      throw notEmulated("deleting a Worker by force, which breaks those that depend on it");
    }
    await deployments.delete(nameOf(c));
    return success(null);
  });

  routes.get("/scripts/:script/settings", (c) =>
    success(renderSettings(findScript(store, nameOf(c)), classRegistry(store.list()))),
  );

  routes.get("/scripts/:script/content/v2", async (c) => {
    const script = findScript(store, nameOf(c));
    if (script.modules.length === 0) return new Response(null, { status: 204 });
    const { mainModule, modules } = await store.load(script);
    return renderContent(mainModule, modules);
  });

  routes.get("/services/:script", (c) => {
    const name = nameOf(c);
    const script = store.get(name);
    if (!script) {
      const hint = `The emulator has no Worker with the name "${name}".`;
      throw ApiError.of(404, "serviceNotFound", "workers.api.error.service_not_found", hint);
    }
    const environment = { environment: "production", script: renderScript(script) };
    return success({ id: name, default_environment: environment });
  });
}

function addNamespaceRoutes(routes: Hono, { store }: WorkerRoutesOptions): void {
  routes.get("/durable_objects/namespaces", (c) => {
    const query = parse(pageQuery, c.req.query(), "badUpload", { root: "query", showValues: true });
    const all = renderNamespaces(classRegistry(store.list()));
    const { items, info } = page(all, { page: query.page, perPage: query.per_page });
    return success(items, 200, info);
  });
}

function addScheduleRoutes(routes: Hono, { store, deployments }: WorkerRoutesOptions): void {
  routes.get("/scripts/:script/schedules", (c) =>
    success({ schedules: findScript(store, nameOf(c)).schedules }),
  );

  routes.put("/scripts/:script/schedules", async (c) => {
    const name = nameOf(c);
    findScript(store, name);
    const crons = parseSchedules(await readJson(c.req.raw, "badUpload"));
    checkScheduleCount(name, crons.length, store.list());
    return success({ schedules: await deployments.setSchedules(name, crons) });
  });
}

function addSecretRoutes(routes: Hono, { store, deployments }: WorkerRoutesOptions): void {
  routes.get("/scripts/:script/secrets", (c) => {
    const { bindings } = findScript(store, nameOf(c));
    return success(bindings.filter(({ type }) => type === "secret_text").map(renderSecret));
  });

  routes.put("/scripts/:script/secrets", async (c) => {
    const name = nameOf(c);
    findScript(store, name);
    const secret = parse(newSecret, await readJson(c.req.raw, "badUpload"), "badUpload");
    await deployments.putSecret(name, secret);
    return success({ name: secret.name, type: secret.type });
  });

  routes.get("/scripts/:script/secrets/:secret", (c) =>
    success(renderSecret(findSecret(findScript(store, nameOf(c)), c.req.param("secret")))),
  );

  routes.delete("/scripts/:script/secrets/:secret", async (c) => {
    await deployments.deleteSecret(nameOf(c), c.req.param("secret"));
    return success(null);
  });
}

function addSubdomainRoutes(
  routes: Hono,
  { accountId, store, deployments }: WorkerRoutesOptions,
): void {
  // Stable, and nobody's at workers.dev: a URL made of it by mistake leads nowhere.
  routes.get("/subdomain", () => success({ subdomain: `emulator-${accountId.slice(0, 12)}` }));

  routes.get("/scripts/:script/subdomain", (c) => success(findScript(store, nameOf(c)).subdomain));

  routes.post("/scripts/:script/subdomain", async (c) => {
    const name = nameOf(c);
    const { subdomain } = findScript(store, name);
    const body = parse(scriptSubdomain, await readJson(c.req.raw, "badUpload"), "badUpload");
    const changed = {
      enabled: body.enabled,
      previews_enabled: body.previews_enabled ?? subdomain.previews_enabled,
    };
    await deployments.setSubdomain(name, changed);
    return success(changed);
  });

  routes.delete("/scripts/:script/subdomain", async (c) => {
    const off = { enabled: false, previews_enabled: false };
    await deployments.setSubdomain(nameOf(c), off);
    return success(off);
  });
}

function addAssetRoutes(routes: Hono, { assets }: WorkerRoutesOptions): void {
  routes.post("/scripts/:script/assets-upload-session", async (c) =>
    success(assets.start(nameOf(c), await readJson(c.req.raw, "badUpload"))),
  );

  routes.post("/assets/upload", async (c) => {
    if (c.req.query("base64") !== "true") {
      throw ApiError.of(400, "badUpload", "Contents are taken as base64 only: add ?base64=true.");
    }
    const form = await readMultipart(c.req.raw, "badUpload");
    const jwt = await assets.receive(readBearer(c.req.raw), form);
    return jwt ? success({ jwt }, 201) : success({}, 202);
  });
}
