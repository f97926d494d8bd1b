/** An app of another team that uses everything: what stack and Workers share, the stack, the Workers. */
export const consumerSources: Readonly<Record<string, string>> = {
  "src/bindings.ts": `
import { workerBindings } from "cdktf-cloudflare-ai-gateway/binding";

export const BINDINGS = workerBindings({
  GATEWAY: { type: "ai_gateway" },
  ROOM: { type: "durable_object_namespace", className: "Room" },
  JOB: { type: "workflow", className: "Job" },
  PDF: { type: "container" },
  CACHE: { type: "kv_namespace" },
  FILES: { type: "r2_bucket" },
  DB: { type: "d1" },
  QUEUE: { type: "queue" },
  OTHER: { type: "service" },
  KEY: { type: "secrets_store_secret" },
  TITLE: { type: "plain_text" },
  LIMITS: { type: "json" },
  TOKEN: { type: "secret_text" },
  VERSION: { type: "version_metadata" },
});
`,

  "src/stack.ts": `
import { join } from "node:path";
import { App, TerraformOutput, TerraformStack } from "cdktf";
import {
  AiGateway, Cloudflare, Container, D1Database, DurableObjectNamespace, KvNamespace, Queue, R2Backend, R2Bucket,
  SecretVariable, Worker,
} from "cdktf-cloudflare-ai-gateway";
import { BINDINGS } from "./bindings";

export function build(app: App): TerraformStack {
  const stack = new TerraformStack(app, "shop");
  new Cloudflare(stack, "cloudflare");
  new R2Backend(stack, { bucket: "terraform-state" });
  const bundle = (name: string) => join(__dirname, "../dist", name);

  const queue = new Queue(stack, "queue");
  const other = new Worker(stack, "other", { bundle: bundle("other.js") });
  const pdf = new Container(stack, "pdf", {
    bundle: bundle("pdf.js"), className: "Pdf", image: "registry.example.com/team/pdf:1", instanceType: "basic",
    maxInstances: 2, ports: [8080], environment: { MODE: "fast" }, sleepAfter: "5m",
  });
  const worker = new Worker(stack, "worker", {
    bundle: bundle("worker.js"),
    declaration: BINDINGS,
    bindings: {
      GATEWAY: new AiGateway(stack, "gateway", { cacheTtl: 60 }),
      PDF: pdf,
      CACHE: new KvNamespace(stack, "cache"),
      FILES: new R2Bucket(stack, "files"),
      DB: new D1Database(stack, "db"),
      QUEUE: queue,
      OTHER: other,
      KEY: { type: "secrets_store_secret", storeId: "0".repeat(32), secretName: "key" },
      TITLE: "Shop",
      LIMITS: { orders: 10 },
      TOKEN: new SecretVariable(stack, "token"),
      VERSION: { type: "version_metadata" },
    },
    migrations: [{ newSqliteClasses: ["Room"] }],
    queueConsumers: [{ queue, batchSize: 5 }],
    crons: ["*/5 * * * *"],
    routes: [{ zoneId: "1".repeat(32), pattern: "example.com/shop/*" }],
    customDomains: [{ zoneId: "1".repeat(32), hostname: "shop.example.com" }],
    placement: { mode: "smart" },
    limits: { cpuMs: 50 },
    tailConsumers: [other],
    logpush: true,
  });
  const rooms = new DurableObjectNamespace(stack, "rooms", { worker, className: "Room" });
  new Worker(stack, "admin", { bundle: bundle("other.js"), bindings: { ROOMS: rooms } });
  new TerraformOutput(stack, "url", { value: worker.url });
  return stack;
}

// What a stack forgets, or gives another type, does not compile.
export function wrong(stack: TerraformStack): void {
  // @ts-expect-error CACHE is missing
  new Worker(stack, "a", { bundle: "x", declaration: BINDINGS, bindings: {} });
  const files = new R2Bucket(stack, "b");
  // @ts-expect-error a bucket is no KV namespace
  const value: import("cdktf-cloudflare-ai-gateway").BindingValue<{ type: "kv_namespace" }> = files;
  void value;
}
`,

  "src/stack.test.ts": `
import { App, Testing } from "cdktf";
import { build } from "./stack";

test("synthesizes everything", () => {
  const { resource } = JSON.parse(Testing.synth(build(new App()), true));
  expect(Object.keys(resource).sort()).toEqual(expect.arrayContaining([
    "cloudflare_d1_database", "cloudflare_queue", "cloudflare_r2_bucket", "cloudflare_workers_custom_domain",
    "cloudflare_workers_kv_namespace", "cloudflare_workers_route", "cloudflare_workers_script", "cloudflare_workflow",
    "restful_operation", "restful_resource", "terraform_data",
  ]));
});
`,

  "src/worker.ts": `
import { DurableObject, WorkflowEntrypoint, type WorkflowEvent, type WorkflowStep } from "cloudflare:workers";
import { aiGateway } from "cdktf-cloudflare-ai-gateway/worker";
import type { WorkerEnv } from "cdktf-cloudflare-ai-gateway/worker/env";
import type { BINDINGS } from "./bindings";

type Env = WorkerEnv<typeof BINDINGS, { ROOM: Room; JOB: { order: string }; QUEUE: { order: number }; LIMITS: { orders: number } }>;

export class Room extends DurableObject<Env> {
  greet(name: string): string { return "Hello " + name; }
}

export class Job extends WorkflowEntrypoint<Env, { order: string }> {
  async run(event: WorkflowEvent<{ order: string }>, step: WorkflowStep): Promise<void> {
    await step.do("keep", async () => { await this.env.CACHE.put("order", event.payload.order); });
  }
}

export default {
  async fetch(request, env) {
    const greeting: string = await env.ROOM.getByName("a").greet(env.TITLE);
    await env.JOB.create({ params: { order: "1" } });
    await env.QUEUE.send({ order: env.LIMITS.orders });
    await env.DB.prepare("select 1").first();
    await env.FILES.put("a", greeting + env.TOKEN + env.VERSION.id + (await env.KEY.get()));
    await env.PDF.getByName("only").fetch(request);
    await env.OTHER.fetch(request);

    // @ts-expect-error NOTHING is not declared
    env.NOTHING;
    // @ts-expect-error CACHE is a KV namespace, no bucket
    env.CACHE.head("a");
    // @ts-expect-error Room has no such method
    env.ROOM.getByName("a").shout("x");
    // @ts-expect-error a message of this queue has an order
    await env.QUEUE.send({ other: 1 });

    return aiGateway(env, "GATEWAY").run({ provider: "openai", endpoint: "chat/completions", query: {} });
  },
} satisfies ExportedHandler<Env>;
`,

  "src/effect-worker.ts": `
import * as Effect from "effect/Effect";
import { AiGateway, AiGatewayBindingLive, WorkerEnvironment } from "cdktf-cloudflare-ai-gateway/worker/effect";

export default {
  fetch: (request: Request, env: object): Promise<Response> =>
    AiGateway.bind("GATEWAY").pipe(
      Effect.flatMap((gateway) => gateway.run({ provider: "openai", endpoint: "chat/completions", query: {} })),
      Effect.catchReason("AiGatewayError", "RateLimited", () => Effect.succeed(new Response("busy", { status: 429 }))),
      Effect.provide(AiGatewayBindingLive),
      Effect.provideService(WorkerEnvironment, env),
      (program) => Effect.runPromise(program, { signal: request.signal }),
    ),
};
`,

  "src/pdf.ts": `
import { DeclaredContainer } from "cdktf-cloudflare-ai-gateway/worker/container";

export class Pdf extends DeclaredContainer {}
export default { fetch: () => new Response("Not found", { status: 404 }) };
`,

  "src/other.ts": `export default { fetch: () => new Response("other"), tail() {} };\n`,
};
