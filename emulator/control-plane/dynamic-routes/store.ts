import type { Clock } from "../../clock.js";
import { uuidV7 } from "../../ids.js";
import type { Products } from "../../state/products.js";
import type { StoredDynamicRoute } from "../../state/stored-products.js";
import { GatewayRows } from "../ai-gateway/gateway-rows.js";
import { ApiError, missing, TakenError } from "../api-error.js";
import { timestamp } from "../product-options.js";
import type { RouteElement } from "./schema.js";

type Version = StoredDynamicRoute["versions"][number];
type Deployment = StoredDynamicRoute["deployments"][number];

/**
 * The dynamic routes of every gateway, with all their versions. They outlive their gateway: one made
 * again with the same id has them back, as Cloudflare's has.
 */
export class DynamicRouteStore {
  readonly #rows: GatewayRows<"dynamic_routes">;
  readonly #clock: Clock;

  constructor({ dynamicRoutes }: Products, clock: Clock) {
    this.#rows = new GatewayRows(dynamicRoutes, routeNotFound);
    this.#clock = clock;
  }

  /** Newest first. */
  list(gatewayId: string): readonly StoredDynamicRoute[] {
    return this.#rows.list(gatewayId).toReversed();
  }

  /** @throws {ApiError} 404/7005 */
  find(gatewayId: string, id: string): StoredDynamicRoute {
    return this.#rows.find(gatewayId, id);
  }

  /** Makes a route whose first version is deployed at once. @throws {ApiError} 400/7005 */
  create(
    gatewayId: string,
    name: string,
    elements: readonly RouteElement[],
  ): Promise<StoredDynamicRoute> {
    const version = this.#version(elements);
    return this.#rows.add(gatewayId, (others) => {
      if (others.some((other) => other.name === name)) {
        const message = `Route with name "${name}" already exists`;
        throw TakenError.ofAdopted(400, "dynamicRoute", message);
      }
      return {
        id: uuidV7(this.#clock),
        gateway_id: gatewayId,
        name,
        created_at: version.created_at,
        modified_at: version.created_at,
        versions: [version],
        deployments: [this.#deployment(version)],
      };
    });
  }

  /** @throws {ApiError} 404/7005, and 500 as Cloudflare's database answers to a name that is taken. */
  rename(gatewayId: string, id: string, name: string): Promise<StoredDynamicRoute> {
    return this.#rows.change(gatewayId, id, (route, others) => {
      if (others.some((other) => other.name === name)) {
        throw ApiError.of(
          500,
          "dynamicRoute",
          "UNIQUE constraint failed: routes.name, routes.gateway_id",
          `The gateway has another route with the name "${name}".`,
        );
      }
      return { ...route, name, modified_at: timestamp(this.#clock) };
    });
  }

  /** Adds a version, which is not deployed. @throws {ApiError} 404/7005 */
  async addVersion(
    gatewayId: string,
    id: string,
    elements: readonly RouteElement[],
  ): Promise<readonly [StoredDynamicRoute, Version]> {
    const version = this.#version(elements);
    const route = await this.#rows.change(gatewayId, id, (before) => ({
      ...before,
      versions: [...before.versions, version],
    }));
    return [route, version];
  }

  /** @throws {ApiError} 404/7005, also for a version the route does not have. */
  deploy(gatewayId: string, id: string, versionId: string): Promise<StoredDynamicRoute> {
    return this.#rows.change(gatewayId, id, (route) => {
      const deployment = this.#deployment(findVersion(route, versionId));
      return {
        ...route,
        modified_at: deployment.created_at,
        deployments: [...route.deployments, deployment],
      };
    });
  }

  /** @returns the route that was. @throws {ApiError} 404/7005 */
  delete(gatewayId: string, id: string): Promise<StoredDynamicRoute> {
    return this.#rows.remove(gatewayId, id);
  }

  #version(elements: readonly RouteElement[]): Version {
    return {
      version_id: uuidV7(this.#clock),
      created_at: timestamp(this.#clock),
      elements: [...elements],
    };
  }

  #deployment({ version_id }: Version): Deployment {
    return { deployment_id: uuidV7(this.#clock), version_id, created_at: timestamp(this.#clock) };
  }
}

/** @throws {ApiError} 404/7005 */
export function findVersion(route: StoredDynamicRoute, versionId: string): Version {
  const version = route.versions.find(({ version_id }) => version_id === versionId);
  if (version) return version;
  throw ApiError.of(
    404,
    "dynamicRoute",
    "Version not found",
    `The route "${route.name}" has no version "${versionId}".`,
  );
}

/** The deployment that serves, and its version. */
export function liveOf(route: StoredDynamicRoute): { deployment: Deployment; version: Version } {
  // A route is made with its first deployment, and none is ever taken away.
  const deployment = route.deployments.at(-1) as Deployment;
  return { deployment, version: findVersion(route, deployment.version_id) };
}

const routeNotFound = missing(
  "dynamicRoute",
  "Route not found",
  (id) => `The gateway has no dynamic route with the id "${id}".`,
);
