import { describe, expect, test } from "@jest/globals";
import type { TerraformStack } from "cdktf";
import {
  AiGateway,
  D1Database,
  type DeclaredWorkerProps,
  DurableObjectNamespace,
  KvNamespace,
  Queue,
  R2Bucket,
  SecretVariable,
  Worker,
  type WorkerBindingsDeclaration,
  workerBindings,
} from "../../../lib/index.js";
import { newBundle, newFolder, newStack, problemsOf, synth } from "../new-stack.js";

const bundle = newBundle(
  "export class Room {}\nexport class Summarize {}\nexport default { fetch() {} };\n",
);

const BINDINGS = workerBindings({
  GATEWAY: { type: "ai_gateway" },
  ROOM: { type: "durable_object_namespace", className: "Room" },
  SUMMARIES: { type: "workflow", className: "Summarize" },
  FILES: { type: "r2_bucket" },
  CACHE: { type: "kv_namespace" },
  DATA: { type: "d1" },
  JOBS: { type: "queue" },
  API: { type: "service" },
  PDF: { type: "container" },
  SITE: { type: "assets" },
  TITLE: { type: "plain_text" },
  LIMITS: { type: "json" },
  KEY: { type: "secret_text" },
  BROWSER: { type: "browser" },
});

function newValues(stack: TerraformStack) {
  const other = new Worker(stack, "other", {
    bundle,
    migrations: [{ newSqliteClasses: ["Room"] }],
  });
  return {
    GATEWAY: new AiGateway(stack, "gateway"),
    FILES: new R2Bucket(stack, "files"),
    CACHE: new KvNamespace(stack, "cache"),
    DATA: new D1Database(stack, "data"),
    JOBS: new Queue(stack, "jobs"),
    API: other,
    PDF: new DurableObjectNamespace(stack, "pdf", { worker: other, className: "Room" }),
    TITLE: "Rooms",
    LIMITS: { rooms: 3 },
    KEY: new SecretVariable(stack, "key"),
    BROWSER: { type: "browser" },
  } as const;
}

const rest = {
  bundle,
  assets: { directory: newFolder({ "index.html": "" }) },
  migrations: [{ newSqliteClasses: ["Room"] }],
};

/** As plain JavaScript would: nothing checked before synth. */
const unchecked = (
  stack: TerraformStack,
  declaration: unknown,
  bindings: object,
  props: object = {},
) =>
  new Worker(stack, "worker", {
    bundle,
    declaration,
    bindings,
    ...props,
  } as unknown as DeclaredWorkerProps<WorkerBindingsDeclaration>);

describe("a Worker with a declared env", () => {
  test("binds every declared name to what it is given, own classes and assets by themselves", () => {
    const stack = newStack();
    new Worker(stack, "worker", { ...rest, declaration: BINDINGS, bindings: newValues(stack) });

    const scripts = synth(stack).resource?.cloudflare_workers_script;
    const bindings = scripts?.worker_28EA3E30?.bindings as { name: string; type: string }[];
    expect(Object.fromEntries(bindings.map(({ name, type }) => [name, type]))).toEqual({
      AI: "ai",
      API: "service",
      BROWSER: "browser",
      CACHE: "kv_namespace",
      DATA: "d1",
      FILES: "r2_bucket",
      GATEWAY: "plain_text",
      JOBS: "queue",
      LIMITS: "json",
      PDF: "durable_object_namespace",
      ROOM: "durable_object_namespace",
      SITE: "assets",
      SUMMARIES: "workflow",
      TITLE: "plain_text",
    });
    expect(Object.values(synth(stack).resource?.cloudflare_workflow ?? {})).toEqual([
      expect.objectContaining({ class_name: "Summarize" }),
    ]);
  });

  test("is the same as one whose bindings are added one by one", () => {
    const BOTH = workerBindings({ TITLE: { type: "plain_text" }, CACHE: { type: "kv_namespace" } });
    const declared = newStack();
    new Worker(declared, "worker", {
      bundle,
      declaration: BOTH,
      bindings: { TITLE: "Rooms", CACHE: new KvNamespace(declared, "cache") },
    });
    const added = newStack();
    const worker = new Worker(added, "worker", { bundle });
    worker.addBinding("CACHE", new KvNamespace(added, "cache"));
    worker.addVar("TITLE", "Rooms");

    expect(synth(declared)).toEqual(synth(added));
  });

  test.each<[string, (stack: TerraformStack) => void, string]>([
    [
      "a declared name that nothing is bound to",
      (stack) => unchecked(stack, { FILES: { type: "r2_bucket" } }, {}),
      "declaration.FILES: declared as r2_bucket, but nothing is bound to it. Give it a value: bindings: { FILES: … }",
    ],
    [
      "declared assets without assets",
      (stack) => unchecked(stack, { SITE: { type: "assets" } }, {}),
      "declaration.SITE: declared as assets, but nothing is bound to it. Give the Worker assets",
    ],
    [
      "a value of another type",
      (stack) =>
        unchecked(
          stack,
          { FILES: { type: "r2_bucket" } },
          { FILES: new KvNamespace(stack, "cache") },
        ),
      "declaration.FILES: declared as r2_bucket, but bound as kv_namespace; the Worker's code would find something else",
    ],
    [
      "a value for a name that is not declared",
      (stack) => unchecked(stack, {}, { CACHE: new KvNamespace(stack, "cache") }),
      'declaration: "CACHE" is bound as kv_namespace but not declared; the Worker\'s Env does not know it. Add CACHE: { type: "kv_namespace" } to workerBindings.',
    ],
    [
      "a text for a name that is not declared, which has no type of its own",
      (stack) =>
        unchecked(stack, { TITLE: { type: "plain_text" } }, { TITLE: "Rooms", EXTRA: "x" }),
      "bindings.EXTRA: got a value for a name that is not declared; the declaration has TITLE. Add EXTRA with its type to workerBindings",
    ],
    [
      "a later call for a name that is not declared",
      (stack) => unchecked(stack, {}, {}).addVar("TITLE", "Rooms"),
      'declaration: "TITLE" is bound as plain_text but not declared',
    ],
    [
      "a type that is none",
      (stack) => unchecked(stack, { FILES: { type: "bucket" } }, {}),
      'declaration.FILES: got the type "bucket"; the types are ai_gateway,',
    ],
  ])("fails at synth for %s", (_, build, problem) => {
    const stack = newStack();
    build(stack);

    expect(problemsOf(stack)).toEqual([expect.stringContaining(`[chat/worker] ${problem}`)]);
  });

  test("does not compile where a value is forgotten or of another type", () => {
    const stack = newStack();
    const values = newValues(stack);
    const { FILES: _, ...withoutFiles } = values;
    const build = () => {
      // @ts-expect-error no value for FILES
      new Worker(stack, "a", { ...rest, declaration: BINDINGS, bindings: withoutFiles });
      // @ts-expect-error no values at all
      new Worker(stack, "b", { ...rest, declaration: BINDINGS });
      const cacheAsFiles = { ...values, FILES: values.CACHE };
      // @ts-expect-error a key-value store declared as a bucket
      new Worker(stack, "c", { ...rest, declaration: BINDINGS, bindings: cacheAsFiles });
      const noGateway = { ...values, GATEWAY: "gateway" };
      // @ts-expect-error a text declared as a gateway
      new Worker(stack, "d", { ...rest, declaration: BINDINGS, bindings: noGateway });
      const DECLARED = workerBindings({ TITLE: { type: "plain_text" } });
      new Worker(stack, "e", {
        bundle,
        declaration: DECLARED,
        // @ts-expect-error a name that is not declared
        bindings: { TITLE: "Rooms", OTHER: values.CACHE },
      });
      new Worker(stack, "f", {
        bundle,
        declaration: DECLARED,
        bindings: { TITLE: "Rooms" },
        // @ts-expect-error another way to a name in env, past the declaration
        vars: { COLOR: "blue" },
      });
      // Own classes need no value; one of another Worker may be given.
      const OWN = workerBindings({ ROOM: { type: "durable_object_namespace", className: "Room" } });
      new Worker(stack, "g", { bundle, declaration: OWN });
      new Worker(stack, "h", { bundle, declaration: OWN, bindings: { ROOM: values.PDF } });
      // @ts-expect-error a store declared as a class
      new Worker(stack, "i", { bundle, declaration: OWN, bindings: { ROOM: values.CACHE } });
    };

    // Compiled, never run: the type check is the test, and says so for each expected error that does not come.
    expect(build).toBeInstanceOf(Function);
  });
});
