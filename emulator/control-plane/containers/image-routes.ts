import { Hono } from "hono";
import { type ContainerEngine, containerImageName } from "../../containers/container-engine.js";
import { EmulatorError } from "../../emulator-error.js";
import type { Products } from "../../state/products.js";
import { ApiError } from "../api-error.js";
import { success } from "../envelope.js";
import { readJson } from "../read-body.js";
import { parseImage } from "./schema.js";
import type { ContainerStore } from "./store.js";

export interface ContainerImageRoutesOptions {
  readonly products: Products;
  readonly containers: ContainerStore;
  readonly engine: Pick<ContainerEngine, "check" | "rollOut">;
}

/**
 * Which folder of this machine an image is made from, below
 * `/accounts/:account/emulator/container-images`. The emulator's own: Cloudflare has registries.
 */
export function containerImageRoutes(options: ContainerImageRoutesOptions): Hono {
  const { products, containers, engine } = options;
  const routes = new Hono();

  routes.put("/", async (c) => {
    const row = parseImage(await readJson(c.req.raw, "containerInvalid"));
    try {
      await engine.check(row.directory);
    } catch (error) {
      if (!(error instanceof EmulatorError)) throw error;
      throw ApiError.of(400, "containerInvalid", error.message);
    }
    await products.containerImages.put(() => row);
    // Another content under the same reference: what runs is out of date.
    const users = containers
      .list()
      .filter(({ configuration }) => configuration.image === row.image);
    for (const { namespace_id } of users) await engine.rollOut(containerImageName(namespace_id));
    return success(row);
  });

  routes.get("/:name", (c) => {
    const row = products.containerImages.get(c.req.param("name")) ?? notFound(c.req.param("name"));
    return success(row);
  });

  routes.delete("/:name", async (c) => {
    await products.containerImages.remove(c.req.param("name"), notFound);
    return success(null);
  });

  return routes;
}

function notFound(name: string): never {
  throw ApiError.of(404, "containerNotFound", `Nobody said where the image of "${name}" is.`);
}
