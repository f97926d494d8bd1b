/**
 * What must and must not compile against an `Env` from a declaration. Nothing here runs: `tsc -p worker` is
 * the test, and an expected error that does not come is its failure.
 */
import { DurableObject, WorkerEntrypoint, WorkflowEntrypoint } from "cloudflare:workers";
import { aiGateway, workerBindings } from "../../../worker/index.js";
import type { WorkerEnv } from "../../../worker/worker-env.js";

const BINDINGS = workerBindings({
  GATEWAY: { type: "ai_gateway" },
  ELSEWHERE: { type: "ai_gateway", ai: "MODELS" },
  ROOM: { type: "durable_object_namespace", className: "Room" },
  SUMMARIES: { type: "workflow", className: "Summarize" },
  FILES: { type: "r2_bucket" },
  CACHE: { type: "kv_namespace" },
  DATA: { type: "d1" },
  JOBS: { type: "queue" },
  PDF: { type: "container" },
  API: { type: "service" },
  SITE: { type: "assets" },
  TITLE: { type: "plain_text" },
  LIMITS: { type: "json" },
  KEY: { type: "secret_text" },
  VERSION: { type: "version_metadata" },
});

/** A class that itself takes the Env: the types go round in a circle and still resolve. */
class Room extends DurableObject<Env> {
  async say(text: string): Promise<number> {
    return (await this.env.ROOM.getByName("other").say(text)) + this.env.TITLE.length;
  }
}
class Api extends WorkerEntrypoint<Env> {
  add(a: number, b: number): number {
    return a + b;
  }
}
export class Summarize extends WorkflowEntrypoint<Env, { room: string }> {}

type Env = WorkerEnv<
  typeof BINDINGS,
  {
    ROOM: Room;
    API: Api;
    SUMMARIES: { room: string };
    JOBS: { job: number };
    LIMITS: { rooms: number };
  }
>;

/** Fails to compile unless both types are the same. */
type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const isTrue = <T extends true>(): T | undefined => undefined;

export async function compiles(env: Env) {
  isTrue<Same<Env["ROOM"], DurableObjectNamespace<Room>>>();
  isTrue<Same<Env["PDF"], DurableObjectNamespace>>();
  isTrue<Same<Env["SUMMARIES"], Workflow<{ room: string }>>>();
  isTrue<Same<Env["JOBS"], Queue<{ job: number }>>>();
  isTrue<Same<Env["FILES"], R2Bucket>>();
  isTrue<Same<Env["CACHE"], KVNamespace>>();
  isTrue<Same<Env["DATA"], D1Database>>();
  isTrue<Same<Env["SITE"], Fetcher>>();
  isTrue<Same<Env["KEY"], string>>();
  isTrue<Same<Env["AI"], Ai>>();
  isTrue<Same<Env["MODELS"], Ai>>();

  const said: number = await env.ROOM.getByName("lobby").say("hello");
  const sum: number = await env.API.add(said, env.LIMITS.rooms);
  await env.SUMMARIES.create({ id: String(sum), params: { room: "lobby" } });
  await env.JOBS.send({ job: 1 });
  aiGateway(env, "GATEWAY");
}

export async function doesNotCompile(env: Env) {
  // @ts-expect-error a binding that is not declared
  env.OTHER;
  // @ts-expect-error declared as a bucket, not as a key-value store
  const files: KVNamespace = env.FILES;
  // @ts-expect-error a method the class does not have
  await env.ROOM.getByName("lobby").shout("hello");
  // @ts-expect-error parameters of another shape
  await env.SUMMARIES.create({ params: { rooms: 1 } });
  // @ts-expect-error a message of another shape
  await env.JOBS.send("job");
  // @ts-expect-error a gateway that is not declared
  aiGateway(env, "OTHER");
  // @ts-expect-error a binding that is no gateway
  aiGateway(env, "ROOM");
  return files;
}

// @ts-expect-error a type for a name that is not declared
export type Unknown = WorkerEnv<typeof BINDINGS, { OTHER: Room }>;
// @ts-expect-error a Durable Object's type that is no Durable Object
export type NoObject = WorkerEnv<typeof BINDINGS, { ROOM: { say(): void } }>;
// @ts-expect-error a type where the declaration says everything
export type NoRoom = WorkerEnv<typeof BINDINGS, { FILES: Room }>;
// @ts-expect-error a word that is no type of binding
workerBindings({ FILES: { type: "bucket" } });
// @ts-expect-error a class without its name
workerBindings({ ROOM: { type: "durable_object_namespace" } });
