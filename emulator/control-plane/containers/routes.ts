import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import type { Clock } from "../../clock.js";
import { type ContainerEngine, containerImageName } from "../../containers/container-engine.js";
import { EmulatorError } from "../../emulator-error.js";
import type { StoredContainerApplication } from "../../state/stored-products.js";
import { ApiError } from "../api-error.js";
import { success } from "../envelope.js";
import { timestamp } from "../product-options.js";
import { readJson } from "../read-body.js";
import { classRegistry, findNamespace } from "../workers/class-registry.js";
import type { ScriptStore } from "../workers/store.js";
import { parseApplication, parseApplicationChange, parseRollout } from "./schema.js";
import type { ContainerStore } from "./store.js";

export interface ContainerRoutesOptions {
  readonly accountId: string;
  readonly containers: ContainerStore;
  readonly scripts: ScriptStore;
  readonly engine: Pick<ContainerEngine, "rollOut">;
  readonly clock: Clock;
}

/**
 * Container applications, below `/accounts/:account/containers/applications`.
 * @see https://developers.cloudflare.com/api/resources/containers/
 */
export function containerRoutes(options: ContainerRoutesOptions): Hono {
  const { accountId, containers, scripts, engine, clock } = options;
  const routes = new Hono();
  const render = (application: StoredContainerApplication) =>
    renderApplication(application, accountId);
  const rollOut = ({ namespace_id }: StoredContainerApplication) =>
    engine.rollOut(containerImageName(namespace_id));

  routes.get("/", (c) => {
    const name = c.req.query("name");
    const found = containers.list().filter((row) => name === undefined || row.name === name);
    return success(found.map(render));
  });

  routes.post("/", async (c) => {
    const body = parseApplication(await readJson(c.req.raw, "containerInvalid"));
    checkNamespace(body.durable_objects.namespace_id, scripts);
    const application = await containers.create(body, timestamp(clock));
    try {
      await rollOut(application);
    } catch (error) {
      await containers.remove(application.id);
      throw refusal(error);
    }
    return success(render(application));
  });

  routes.get("/:application", (c) => success(render(containers.find(c.req.param("application")))));

  routes.patch("/:application", async (c) => {
    const { id } = containers.find(c.req.param("application"));
    const change = parseApplicationChange(await readJson(c.req.raw, "containerInvalid"));
    return success(render(await containers.change(id, change)));
  });

  routes.delete("/:application", async (c) => {
    const application = await containers.remove(c.req.param("application"));
    // There is no image behind the name any more: what runs is stopped.
    await rollOut(application);
    return success(null);
  });

  routes.post("/:application/rollouts", async (c) => {
    const before = containers.find(c.req.param("application"));
    const { target_configuration, ...rest } = parseRollout(
      await readJson(c.req.raw, "containerInvalid"),
    );
    const application = await containers.rollOut(before.id, target_configuration);
    try {
      await rollOut(application);
    } catch (error) {
      await containers.restore(before);
      throw refusal(error);
    }
    return success({
      ...rest,
      id: randomUUID(),
      created_at: timestamp(clock),
      target_configuration: application.configuration,
      target_version: application.version,
      // All instances at once: there is one machine.
      status: "completed",
    });
  });

  return routes;
}

/** An image that cannot be made is the caller's to mend. */
const refusal = (error: unknown): unknown =>
  error instanceof EmulatorError
    ? ApiError.of(400, "containerInvalid", `configuration.image: ${error.message}`)
    : error;

function checkNamespace(namespaceId: string, scripts: ScriptStore): void {
  const place = findNamespace(classRegistry(scripts.list()), namespaceId);
  if (!place) {
    const message = `durable_objects.namespace_id: there is no Durable Object namespace "${namespaceId}".`;
    throw ApiError.of(400, "containerInvalid", message);
  }
  if (place.storedClass.container) return;
  const { class_name } = place.storedClass;
  throw ApiError.of(
    400,
    "containerInvalid",
    `The class "${class_name}" of "${place.scriptName}" is not backed by a container: its upload's metadata has no {"class_name": "${class_name}"} in containers.`,
  );
}

const renderApplication = (
  { namespace_id, echoed, ...application }: StoredContainerApplication,
  accountId: string,
) => ({
  instances: 0,
  max_instances: 20,
  scheduling_policy: "default",
  ...echoed,
  ...application,
  account_id: accountId,
  durable_objects: { namespace_id },
});
