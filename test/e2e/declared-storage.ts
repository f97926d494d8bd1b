import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { TerraformOutput } from "cdktf";
import {
  D1Database,
  KvNamespace,
  Queue,
  QueueConsumer,
  R2Bucket,
  Worker,
  WorkerCron,
  WorkerCustomDomain,
  WorkerRoute,
} from "../../lib/index.js";
import type { Workbench } from "./workbench.js";

const zoneId = "023e105f4ecef8ad9ca31a8372d0c353";

const code = `export default {
  fetch() { return new Response("ok"); },
  queue() {},
  scheduled() {},
};\n`;

export interface Variation {
  /** Another value of every setting that changes in place. */
  readonly changed?: boolean;
  /** Another name of what can be renamed, and of what cannot. */
  readonly renamed?: "queue" | "database";
  readonly preventDestroy?: boolean;
  /** What exists already, by the construct's id. */
  readonly importFrom?: Readonly<Record<string, string>>;
  readonly only?: "worker";
}

/** Declares a Worker, what it stores in, and what calls it: each kind once, in a way that a {@link Variation} says. */
export function declareStorage(
  bench: Workbench,
  { changed = false, renamed, preventDestroy, importFrom, only }: Variation = {},
): void {
  const bundle = join(bench.directory, "worker.js");
  writeFileSync(bundle, code);
  bench.synth((stack) => {
    const worker = new Worker(stack, "worker", { bundle, workersDev: false });
    if (only === "worker") {
      return;
    }
    const titles = new KvNamespace(stack, "titles", changed ? { title: "Titles" } : {});
    const files = new R2Bucket(stack, "files", {
      // A hint for the first time only: another one must not replace what is there.
      location: changed ? "enam" : "weur",
      ...(changed ? { storageClass: "InfrequentAccess" } : {}),
    });
    const messages = new D1Database(stack, "messages", {
      primaryLocationHint: changed ? "enam" : "weur",
      ...(changed ? { readReplication: "auto" } : {}),
      ...(renamed === "database" ? { databaseName: "renamed" } : {}),
      ...(preventDestroy ? { preventDestroy } : {}),
    });
    const jobs = new Queue(stack, "jobs", {
      ...(changed ? { deliveryDelay: 5, messageRetentionPeriod: 3_600 } : {}),
      ...(renamed === "queue" ? { queueName: "renamed" } : {}),
    });
    const failed = new Queue(stack, "failed");
    const consumer = new QueueConsumer(stack, "consumer", {
      queue: jobs,
      worker,
      ...(changed
        ? {
            batchSize: 50,
            maxWaitTimeMs: 0,
            maxRetries: 5,
            retryDelay: 60,
            maxConcurrency: 2,
            deadLetterQueue: failed,
          }
        : {}),
    });
    const route = new WorkerRoute(stack, "route", {
      zoneId,
      pattern: changed ? "example.com/chat/*" : "example.com/*",
      worker,
    });
    const domain = new WorkerCustomDomain(stack, "domain", {
      zoneId,
      hostname: "chat.example.com",
      worker,
    });
    new WorkerCron(stack, "cron", {
      worker,
      crons: changed ? ["0 4 * * MON-FRI"] : ["0 3 * * *", "*/5 * * * *"],
    });
    const constructs = { titles, files, messages, jobs, failed, consumer, route, domain };
    for (const [id, construct] of Object.entries(constructs)) {
      const existing = importFrom?.[id];
      if (existing !== undefined) {
        construct.importFrom(existing);
      }
      new TerraformOutput(stack, `${id}_id`, { value: construct.resource.id });
    }
  });
}
