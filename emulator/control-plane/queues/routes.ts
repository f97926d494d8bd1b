import { Hono } from "hono";
import type { StoredQueue, StoredQueueConsumer } from "../../state/stored-products.js";
import { success } from "../envelope.js";
import { listPage } from "../list-query.js";
import type { ProductOptions } from "../product-options.js";
import { readJson } from "../read-body.js";
import { parseConsumer, parseQueue } from "./schema.js";
import { QueueStore } from "./store.js";

/**
 * Queues and their consumers, below `/accounts/:account/queues`. Messages are not here: Workers send
 * and take them.
 * @see https://developers.cloudflare.com/api/resources/queues/
 */
export function queueRoutes(options: ProductOptions): Hono {
  const routes = new Hono();
  const store = new QueueStore(options);
  const body = (request: Request) => readJson(request, "queueInvalid");
  const render = (queue: StoredQueue) => renderQueue(queue, store.producers(queue.queue_name));

  routes.get("/", (c) => listPage(store.list().map(render), c.req.query(), "queueInvalid"));

  routes.post("/", async (c) => {
    return success(render(await store.create(parseQueue(await body(c.req.raw)))));
  });

  routes.get("/:queue", (c) => success(render(store.find(c.req.param("queue")))));

  routes.on(["PUT", "PATCH"], "/:queue", async (c) => {
    const before = store.find(c.req.param("queue"));
    const change = parseQueue(await body(c.req.raw), before);
    return success(render(await store.update(before.queue_id, change)));
  });

  routes.delete("/:queue", async (c) => {
    await store.delete(c.req.param("queue"));
    return success(null);
  });

  addConsumerRoutes(routes, store);
  return routes;
}

function addConsumerRoutes(routes: Hono, store: QueueStore): void {
  const body = (request: Request) => readJson(request, "queueInvalid");

  routes.get("/:queue/consumers", (c) => {
    const queue = store.find(c.req.param("queue"));
    return success(queue.consumers.map((consumer) => renderConsumer(queue, consumer)));
  });

  routes.post("/:queue/consumers", async (c) => {
    const queue = store.find(c.req.param("queue"));
    const consumer = await store.addConsumer(queue.queue_id, parseConsumer(await body(c.req.raw)));
    return success(renderConsumer(queue, consumer));
  });

  routes.get("/:queue/consumers/:consumer", (c) => {
    const { queue, consumer } = c.req.param();
    return success(renderConsumer(store.find(queue), store.findConsumer(queue, consumer)));
  });

  routes.put("/:queue/consumers/:consumer", async (c) => {
    const { queue, consumer } = c.req.param();
    store.findConsumer(queue, consumer);
    const change = parseConsumer(await body(c.req.raw));
    const changed = await store.updateConsumer(queue, consumer, change);
    return success(renderConsumer(store.find(queue), changed));
  });

  routes.delete("/:queue/consumers/:consumer", async (c) => {
    const { queue, consumer } = c.req.param();
    await store.deleteConsumer(queue, consumer);
    return success(null);
  });
}

function renderQueue(
  { consumers, settings, ...queue }: StoredQueue,
  producers: readonly string[],
): Record<string, unknown> {
  return {
    ...queue,
    settings: { ...settings, delivery_paused: false },
    producers: producers.map((script) => ({ type: "worker", script })),
    producers_total_count: producers.length,
    consumers: consumers.map((consumer) =>
      renderConsumer({ ...queue, consumers, settings }, consumer),
    ),
    consumers_total_count: consumers.length,
  };
}

/** The Worker's name is sent as `script_name` and answered as `script`, as Cloudflare does. */
function renderConsumer(
  { queue_name }: StoredQueue,
  { script_name, dead_letter_queue, ...consumer }: StoredQueueConsumer,
): Record<string, unknown> {
  return {
    ...consumer,
    type: "worker",
    script: script_name,
    queue_name,
    ...(dead_letter_queue === null ? {} : { dead_letter_queue }),
  };
}
