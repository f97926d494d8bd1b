import { randomUUID } from "node:crypto";
import type { ContainerImage } from "../../containers/container-engine.js";
import type { Products } from "../../state/products.js";
import type { StoredContainerApplication } from "../../state/stored-products.js";
import { ApiError, TakenError } from "../api-error.js";
import {
  type ApplicationChange,
  type Configuration,
  type NewApplication,
  withSizes,
} from "./schema.js";

/** Container applications, and where the images they name are on this machine. */
export class ContainerStore {
  readonly #products: Products;

  constructor(products: Products) {
    this.#products = products;
  }

  list(): readonly StoredContainerApplication[] {
    return this.#products.containerApplications.list();
  }

  /** @throws {ApiError} 404 */
  find(id: string): StoredContainerApplication {
    return this.#products.containerApplications.get(id) ?? notFound(id);
  }

  create(
    { name, durable_objects, configuration, ...echoed }: NewApplication,
    now: string,
  ): Promise<StoredContainerApplication> {
    const { namespace_id } = durable_objects;
    return this.#products.containerApplications.put((rows) => {
      const same = rows.find((row) => row.name === name || row.namespace_id === namespace_id);
      if (same) {
        throw TakenError.of(
          409,
          "containerTaken",
          same.name === name
            ? `There is a container application with the name "${name}" already.`
            : `The namespace ${namespace_id} has a container application already: "${same.name}".`,
        );
      }
      return {
        id: randomUUID(),
        name,
        namespace_id,
        version: 1,
        configuration: withSizes(configuration),
        echoed,
        created_at: now,
      };
    });
  }

  /** @throws {ApiError} 400 for what stays as it was made */
  change(id: string, change: ApplicationChange): Promise<StoredContainerApplication> {
    const { name, durable_objects, configuration, ...echoed } = change;
    return this.#put(id, (row) => {
      const fixed =
        name !== undefined && name !== row.name
          ? "name"
          : durable_objects && durable_objects.namespace_id !== row.namespace_id
            ? "durable_objects"
            : undefined;
      if (fixed) {
        const message = `${fixed}: a container application keeps it; make another one.`;
        throw ApiError.of(400, "containerInvalid", message);
      }
      return {
        ...row,
        echoed: { ...row.echoed, ...echoed },
        // What runs goes on with what it was started with, until a rollout.
        ...(configuration ? { configuration: withSizes(configuration) } : {}),
      };
    });
  }

  rollOut(id: string, configuration: Configuration): Promise<StoredContainerApplication> {
    return this.#put(id, (row) => ({
      ...row,
      version: row.version + 1,
      configuration: withSizes(configuration),
    }));
  }

  /** Takes a rollout back that came to nothing. */
  restore(before: StoredContainerApplication): Promise<StoredContainerApplication> {
    return this.#put(before.id, () => before);
  }

  remove(id: string): Promise<StoredContainerApplication> {
    return this.#products.containerApplications.remove(id, notFound);
  }

  /** What runs for a namespace. */
  imageOf(namespaceId: string): ContainerImage | undefined {
    const application = this.list().find(({ namespace_id }) => namespace_id === namespaceId);
    if (!application) return undefined;
    const reference = String(application.configuration.image);
    const directory = this.#products.containerImages
      .list()
      .findLast(({ image }) => image === reference)?.directory;
    return { reference, ...(directory === undefined ? {} : { directory }) };
  }

  #put(
    id: string,
    change: (row: StoredContainerApplication) => StoredContainerApplication,
  ): Promise<StoredContainerApplication> {
    return this.#products.containerApplications.change(id, notFound, change);
  }
}

function notFound(id: string): never {
  throw ApiError.of(404, "containerNotFound", `There is no container application "${id}".`);
}
