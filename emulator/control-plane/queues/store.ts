import { randomHex } from "../../ids.js";
import { oneByOne } from "../../one-by-one.js";
import type { StoredQueue, StoredQueueConsumer } from "../../state/stored-products.js";
import type { StoredScript } from "../../state/stored-script.js";
import { ApiError, missing, TakenError } from "../api-error.js";
import { type ProductOptions, timestamp } from "../product-options.js";
import { findScript } from "../workers/deployments.js";
import type { ConsumerBody, QueueBody } from "./schema.js";

/**
 * The account's queues. Every change is followed by a new deploy of the Workers it concerns, whose
 * producers and consumers are part of how they run; one that cannot be deployed takes the change back.
 * One change at a time: a queue has one consumer, and only who has looked last knows that it has none.
 */
export class QueueStore {
  readonly #options: ProductOptions;
  readonly #oneByOne = oneByOne();

  constructor(options: ProductOptions) {
    this.#options = options;
  }

  list(): readonly StoredQueue[] {
    return this.#rows.list();
  }

  /** @throws {ApiError} 404/11000 */
  find(id: string): StoredQueue {
    return this.#rows.get(id) ?? queueNotFound(id);
  }

  /** Names of the Workers that send to the queue. */
  producers(queueName: string): readonly string[] {
    const { scripts } = this.#options;
    return scripts
      .list()
      .flatMap(({ name, bindings }) => (sendsTo(bindings, queueName) ? [name] : []));
  }

  /** @throws {ApiError} 400/11009 when the name is taken */
  create(body: QueueBody): Promise<StoredQueue> {
    return this.#oneByOne(async () => {
      const now = timestamp(this.#options.clock);
      const queue_id = randomHex(16);
      await this.#options.dropStorage("queue", body.queue_name);
      return await this.#rows.put((rows) => {
        checkName(rows, body.queue_name, queue_id);
        return { queue_id, ...body, consumers: [], created_on: now, modified_on: now };
      });
    });
  }

  /** @throws {ApiError} 404/11000, 400/11009 when the name is taken */
  update(id: string, body: QueueBody): Promise<StoredQueue> {
    return this.#oneByOne(async () => {
      const before = this.find(id);
      const renamed = body.queue_name !== before.queue_name;
      if (renamed) await this.#options.dropStorage("queue", body.queue_name);
      const queue = await this.#replace(before, { ...before, ...body });
      if (renamed) await this.#dropRenamed(before, queue);
      return queue;
    });
  }

  /** workerd knows a queue by its name; a later queue of the old one must not get its messages. */
  async #dropRenamed(before: StoredQueue, after: StoredQueue): Promise<void> {
    const { dropStorage, log } = this.#options;
    await dropStorage("queue", before.queue_name);
    log(
      `Queue "${before.queue_name}" is "${after.queue_name}" now. Messages that waited in it are gone here; ` +
        "on Cloudflare they stay.",
    );
  }

  delete(id: string): Promise<void> {
    return this.#oneByOne(async () => {
      const queue = await this.#rows.remove(id, queueNotFound);
      await this.#refresh(queue.consumers.map(({ script_name }) => script_name));
      await this.#options.dropStorage("queue", queue.queue_name);
    });
  }

  /** @throws {ApiError} 404/11000, 404/11005 */
  findConsumer(queueId: string, consumerId: string): StoredQueueConsumer {
    const { consumers } = this.find(queueId);
    const found = consumers.find(({ consumer_id }) => consumer_id === consumerId);
    return found ?? consumerNotFound(consumerId);
  }

  /** @throws {ApiError} 400/11004 when the queue has a consumer, 404 when there is no such Worker */
  addConsumer(queueId: string, body: ConsumerBody): Promise<StoredQueueConsumer> {
    return this.#oneByOne(() => this.#addConsumer(queueId, body));
  }

  async #addConsumer(queueId: string, body: ConsumerBody): Promise<StoredQueueConsumer> {
    const queue = this.find(queueId);
    if (queue.consumers.length > 0) {
      throw TakenError.of(
        400,
        "queueConsumerTaken",
        "workers.api.error.consumer_exists",
        `The queue "${queue.queue_name}" has a consumer: the Worker "${queue.consumers[0]?.script_name}".`,
      );
    }
    const created_on = timestamp(this.#options.clock);
    const consumer = { consumer_id: randomHex(16), ...body, created_on };
    await this.#setConsumers(queue, [consumer]);
    return consumer;
  }

  updateConsumer(
    queueId: string,
    consumerId: string,
    body: ConsumerBody,
  ): Promise<StoredQueueConsumer> {
    return this.#oneByOne(async () => {
      const before = this.findConsumer(queueId, consumerId);
      const consumer = { ...before, ...body };
      await this.#setConsumers(this.find(queueId), [consumer]);
      return consumer;
    });
  }

  deleteConsumer(queueId: string, consumerId: string): Promise<void> {
    return this.#oneByOne(async () => {
      this.findConsumer(queueId, consumerId);
      await this.#setConsumers(this.find(queueId), []);
    });
  }

  async #setConsumers(queue: StoredQueue, consumers: StoredQueueConsumer[]): Promise<void> {
    for (const { script_name } of consumers) findScript(this.#options.scripts, script_name);
    await this.#replace(queue, { ...queue, consumers });
  }

  async #replace(before: StoredQueue, after: StoredQueue): Promise<StoredQueue> {
    for (const { dead_letter_queue } of after.consumers) {
      checkDeadLetterQueue(after.queue_name, dead_letter_queue);
    }
    const put = (queue: StoredQueue) =>
      this.#rows.change(queue.queue_id, queueNotFound, (_, rows) => {
        checkName(rows, queue.queue_name, queue.queue_id);
        return queue;
      });
    const queue = await put({ ...after, modified_on: timestamp(this.#options.clock) });
    const concerned = [before, after].flatMap(({ queue_name, consumers }) => [
      ...this.producers(queue_name),
      ...consumers.map(({ script_name }) => script_name),
    ]);
    try {
      await this.#refresh(concerned);
    } catch (error) {
      await put(before);
      await this.#refresh(concerned).catch(() => {});
      throw error;
    }
    return queue;
  }

  async #refresh(scriptNames: readonly string[]): Promise<void> {
    const { deployments, scripts } = this.#options;
    for (const name of new Set(scriptNames)) {
      if (scripts.get(name)) await deployments.refresh(name);
    }
  }

  get #rows(): ProductOptions["products"]["queues"] {
    return this.#options.products.queues;
  }
}

const sendsTo = (bindings: StoredScript["bindings"], queueName: string): boolean =>
  bindings.some((binding) => binding.type === "queue" && binding.queue_name === queueName);

function checkName(rows: readonly StoredQueue[], name: string, id: string): void {
  if (!rows.some((row) => row.queue_name === name && row.queue_id !== id)) return;
  const message = `Queue name '${name}' is already taken. Please use a different name and try again.`;
  throw TakenError.of(400, "queueNameTaken", message);
}

/** workerd does not start with a queue that leads to itself: its messages would never end. */
function checkDeadLetterQueue(queueName: string, deadLetterQueue: string | null): void {
  if (deadLetterQueue !== queueName) return;
  throw ApiError.of(
    400,
    "queueInvalid",
    `dead_letter_queue: The queue "${queueName}" cannot be its own dead letter queue.`,
    "Name another queue, or none.",
  );
}

const queueNotFound = missing(
  "queueNotFound",
  "Queue does not exist.",
  (id) =>
    `The emulator has no queue with the id "${id}". The API takes a queue's id, not its name.`,
);

function consumerNotFound(id: string): never {
  const message = `The queue has no consumer with the id "${id}".`;
  throw ApiError.of(404, "queueConsumerNotFound", message);
}
