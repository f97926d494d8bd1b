/**
 * Runs inside workerd in place of miniflare's broker, which keeps messages in memory and drops
 * those that nobody consumes yet.
 *
 * One Durable Object per queue. A message leaves its table when it was acknowledged, so a restart
 * in the midst of a batch delivers it again, as Queues may. Batches are sent by the object's
 * alarm: there is one at a time, and workerd keeps it over its own end.
 * @see https://developers.cloudflare.com/queues/configuration/batching-retries/
 */
export const queueBrokerGuest = `
import { DurableObject } from "cloudflare:workers";
import { Buffer } from "node:buffer";

const MAX_MESSAGE_BYTES = 128_000;
const MAX_BATCH_MESSAGES = 100;
const MAX_BATCH_BYTES = 256_000;
const RETENTION_MS = 4 * 24 * 60 * 60_000;
// An alarm's handler may take 15 minutes.
const ALARM_MS = 10 * 60_000;

const contentTypes = ["text", "json", "bytes", "v8"];

export class QueueBrokerObject extends DurableObject {
  #sql;

  constructor(ctx, env) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#sql.exec(\`CREATE TABLE IF NOT EXISTS messages (
      place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, sent INTEGER NOT NULL,
      due INTEGER NOT NULL, type TEXT NOT NULL, body BLOB NOT NULL, attempts INTEGER NOT NULL
    )\`);
  }

  async fetch(request) {
    const { pathname } = new URL(request.url);
    const { name } = request.cf.miniflare;
    if (pathname === "/metrics") return Response.json(this.#metrics());
    const header = (key) => request.headers.get(key);
    const delay = header("X-Msg-Delay-Secs") === null ? undefined : Number(header("X-Msg-Delay-Secs"));
    const text = (status, reason) => new Response(reason, { status });
    let messages;
    if (pathname === "/message") {
      const body = Buffer.from(await request.arrayBuffer());
      if (body.length > MAX_MESSAGE_BYTES) {
        return text(413, "message length of " + body.length + " bytes exceeds limit of " + MAX_MESSAGE_BYTES);
      }
      const contentType = header("X-Msg-Fmt") ?? "v8";
      if (!contentTypes.includes(contentType)) {
        return text(400, "message content type " + contentType + " is invalid; if specified, must be one of 'text', 'json', 'bytes', or 'v8'");
      }
      messages = [{ contentType, body }];
    } else {
      ({ messages } = await request.json());
      messages = messages.map((message) => ({ ...message, body: Buffer.from(message.body, "base64") }));
      // Dead letters come without these headers, in any number.
      if (header("CF-Queue-Batch-Count") !== null) {
        const sizes = messages.map(({ body }) => body.length);
        const bytes = sizes.reduce((sum, size) => sum + size, 0);
        if (sizes.length > MAX_BATCH_MESSAGES) return text(413, "batch message count of " + sizes.length + " exceeds limit of " + MAX_BATCH_MESSAGES);
        if (Math.max(...sizes) > MAX_MESSAGE_BYTES) return text(413, "message in batch has length " + Math.max(...sizes) + " bytes which exceeds single message size limit of " + MAX_MESSAGE_BYTES);
        if (bytes > MAX_BATCH_BYTES) return text(413, "batch size of " + bytes + " bytes exceeds limit of " + MAX_BATCH_BYTES);
      }
    }
    const producer = Object.values(this.env.PRODUCERS).find(({ queueName }) => queueName === name);
    await this.ctx.storage.put("name", name);
    const now = Date.now();
    for (const { id, timestamp, contentType = "v8", body, delaySecs } of messages) {
      const seconds = delaySecs ?? delay ?? producer?.deliveryDelay ?? 0;
      this.#sql.exec(
        "INSERT INTO messages (id, sent, due, type, body, attempts) VALUES (?, ?, ?, ?, ?, 0)",
        id ?? crypto.randomUUID().replaceAll("-", ""), timestamp ?? now, now + seconds * 1_000, contentType, body,
      );
    }
    await this.#schedule(name);
    return Response.json({ metadata: { metrics: this.#metrics() } });
  }

  async alarm() {
    const name = await this.ctx.storage.get("name");
    this.#sql.exec("DELETE FROM messages WHERE sent < ?", Date.now() - RETENTION_MS);
    if (name === undefined || this.#count() === 0) return;
    const consumer = this.#consumer(name);
    if (consumer === undefined) {
      // A consumer comes with a new start of workerd, which calls this again.
      await scheduler.wait(ALARM_MS);
    } else if (this.#nextBatch(consumer) <= Date.now()) {
      await this.#deliver(name, consumer);
    }
    await this.#schedule(name);
  }

  async #deliver(name, consumer) {
    const batch = this.#sql.exec(
      "SELECT * FROM messages WHERE due <= ? ORDER BY due, place LIMIT ?", Date.now(), consumer.maxBatchSize,
    ).toArray();
    const messages = batch.map(({ id, sent, type, body, attempts }) => ({
      id, timestamp: new Date(sent), attempts: attempts + 1, ...render(type, Buffer.from(body)),
    }));
    let result;
    try {
      result = await this.env["WORKER:" + consumer.workerName].queue(name, messages, { metrics: this.#metrics() });
    } catch (error) {
      console.error("Queue " + JSON.stringify(name) + " could not deliver: " + error.message);
      result = { outcome: "exception" };
    }
    const retryAll = result.outcome !== "ok" || result.retryBatch?.retry === true;
    const acknowledged = new Set(result.explicitAcks ?? []);
    const retried = new Map((result.retryMessages ?? []).map(({ msgId, delaySeconds }) => [msgId, delaySeconds]));
    const dead = [];
    for (const message of batch) {
      const failed = retried.has(message.id) || (retryAll && !acknowledged.has(message.id));
      const attempts = message.attempts + 1;
      if (!failed) this.#remove(message);
      else if (attempts > consumer.maxRetries) dead.push(message);
      else {
        const delay = retried.get(message.id) ?? result.retryBatch?.delaySeconds ?? consumer.retryDelay ?? 0;
        this.#sql.exec(
          "UPDATE messages SET attempts = ?, due = ? WHERE place = ?", attempts, Date.now() + delay * 1_000, message.place,
        );
      }
    }
    if (dead.length > 0) await this.#bury(name, consumer, dead);
  }

  async #bury(name, { deadLetterQueue, maxRetries }, dead) {
    if (deadLetterQueue === undefined) {
      console.warn("Queue " + JSON.stringify(name) + " dropped " + dead.length + " message(s) after " + (maxRetries + 1) + " failed deliveries; it has no dead letter queue.");
    } else {
      const response = await this.env.BROKERS.get(this.env.BROKERS.idFromName(deadLetterQueue)).fetch("http://queue/batch", {
        method: "POST",
        body: JSON.stringify({ messages: dead.map(({ id, sent, type, body }) => ({
          id, timestamp: sent, contentType: type, body: Buffer.from(body).toString("base64"),
        })) }),
        cf: { miniflare: { name: deadLetterQueue } },
      });
      if (!response.ok) throw new Error(await response.text());
    }
    for (const message of dead) this.#remove(message);
  }

  async #schedule(name) {
    if (this.#count() === 0) return;
    const consumer = this.#consumer(name);
    await this.ctx.storage.setAlarm(consumer === undefined ? Date.now() : this.#nextBatch(consumer));
  }

  /** When a batch is full, or its first message has waited long enough. */
  #nextBatch({ maxBatchSize, maxBatchTimeout }) {
    const due = this.#sql.exec("SELECT due FROM messages ORDER BY due LIMIT ?", maxBatchSize).toArray();
    const full = due.length === maxBatchSize ? due.at(-1).due : Infinity;
    return Math.min(full, due[0].due + maxBatchTimeout * 1_000);
  }

  #consumer(name) {
    const consumer = this.env.CONSUMERS[name];
    if (consumer === undefined) return undefined;
    const { maxBatchSize = 10, maxBatchTimeout = 5, maxRetries = 3 } = consumer;
    return { ...consumer, maxBatchSize, maxBatchTimeout, maxRetries };
  }

  #remove({ place }) {
    this.#sql.exec("DELETE FROM messages WHERE place = ?", place);
  }

  #count() {
    return this.#sql.exec("SELECT count(*) AS n FROM messages").one().n;
  }

  #metrics() {
    const { n, bytes, oldest } = this.#sql.exec(
      "SELECT count(*) AS n, total(length(body)) AS bytes, min(sent) AS oldest FROM messages",
    ).one();
    return { backlogCount: n, backlogBytes: bytes, oldestMessageTimestamp: oldest ?? 0 };
  }
}

function render(type, body) {
  if (type === "v8") return { serializedBody: body };
  if (type === "text") return { body: body.toString() };
  if (type === "json") return { body: JSON.parse(body.toString()) };
  return { body: body.buffer.slice(body.byteOffset, body.byteOffset + body.byteLength) };
}

export default {};
`;
