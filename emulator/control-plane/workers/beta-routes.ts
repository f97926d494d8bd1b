import { randomUUID } from "node:crypto";
import { type Context, Hono } from "hono";
import type { Clock } from "../../clock.js";
import { randomHex } from "../../ids.js";
import type { Products } from "../../state/products.js";
import type { StoredScript } from "../../state/state-document.js";
import type { StoredWorkerShell } from "../../state/stored-products.js";
import { ApiError, notEmulated, TakenError } from "../api-error.js";
import { success } from "../envelope.js";
import { timestamp } from "../product-options.js";
import { readJson } from "../read-body.js";
import { parseWorkerShell } from "./beta-schema.js";
import type { Deployments } from "./deployments.js";
import { parseScriptName } from "./schema.js";
import type { ScriptStore } from "./store.js";
import { readVersion } from "./version-upload.js";

export interface BetaWorkerRoutesOptions {
  readonly products: Products;
  readonly store: ScriptStore;
  readonly deployments: Deployments;
  readonly clock: Clock;
}

/**
 * Workers and their versions as objects of their own, below `/accounts/:account/workers/workers`.
 * A version is deployed at once: traffic is not split here.
 * @see https://developers.cloudflare.com/api/resources/workers/subresources/beta/
 */
export function betaWorkerRoutes(options: BetaWorkerRoutesOptions): Hono {
  const { products, store, deployments, clock } = options;
  const shells = products.workerShells;
  const routes = new Hono();
  const nameOf = (c: Context): string => {
    const given = c.req.param("worker");
    // By id or by name.
    const shell = shells.list().find(({ id }) => id === given);
    return shell?.name ?? parseScriptName(given);
  };
  const find = (name: string) => {
    const shell = shells.get(name);
    const script = store.get(name);
    if (shell || script) return renderWorker(name, shell, script);
    throw ApiError.of(404, "scriptNotFound", "This Worker does not exist on your account.");
  };
  const put = async (name: string, settings: Record<string, unknown>) => {
    await shells.put((rows) => {
      const before = rows.find((row) => row.name === name);
      const now = timestamp(clock);
      return {
        id: before?.id ?? store.get(name)?.tag ?? randomHex(16),
        name,
        settings,
        created_on: before?.created_on ?? now,
        updated_on: now,
      };
    });
    return success(find(name));
  };

  routes.post("/", async (c) => {
    const { name: given, ...settings } = parseWorkerShell(await readJson(c.req.raw, "badUpload"));
    const name = parseScriptName(given);
    if (shells.get(name) || store.get(name)) {
      throw TakenError.of(409, "workerTaken", `There is a Worker with the name "${name}" already.`);
    }
    return await put(name, settings);
  });

  routes.get("/:worker", (c) => success(find(nameOf(c))));

  routes.put("/:worker", async (c) => {
    const name = nameOf(c);
    find(name);
    const { name: given, ...settings } = parseWorkerShell(await readJson(c.req.raw, "badUpload"));
    if (given !== name) throw notEmulated(`renaming the Worker "${name}" to "${given}"`);
    return await put(name, settings);
  });

  routes.delete("/:worker", async (c) => {
    const name = nameOf(c);
    find(name);
    if (store.get(name)) await deployments.delete(name);
    if (shells.get(name)) await shells.remove(name, () => undefined as never);
    return success(null);
  });

  routes.post("/:worker/versions", async (c) => {
    const name = nameOf(c);
    find(name);
    if (c.req.query("deploy") !== "true") {
      throw notEmulated("a version that is not deployed: add ?deploy=true");
    }
    const upload = readVersion(
      await readJson(c.req.raw, "badUpload"),
      shells.get(name)?.settings ?? {},
    );
    const script = await deployments.upload(name, upload);
    return success({
      id: randomUUID(),
      created_on: script.modified_on,
      source: "api",
      main_module: script.main_module,
      compatibility_date: script.compatibility_date,
      compatibility_flags: script.compatibility_flags,
    });
  });

  return routes;
}

/** Keys not set are left out, or they drift. */
const renderWorker = (
  name: string,
  shell: StoredWorkerShell | undefined,
  script: StoredScript | undefined,
) => ({
  id: shell?.id ?? script?.tag,
  name,
  created_on: shell?.created_on ?? script?.created_on,
  updated_on: shell?.updated_on ?? script?.modified_on,
  ...(script ? { deployed_on: script.modified_on } : {}),
  subdomain: script?.subdomain ?? { enabled: false, previews_enabled: false },
  ...shell?.settings,
});
