import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Example, type ExampleKind, root } from "./read-examples.js";

/** What an example may use without saying where it comes from, in an order that declares before use. */
const given: Readonly<Record<ExampleKind, Readonly<Record<string, string>>>> = {
  stack: {
    app: "const app = new App();",
    stack: 'const stack = new TerraformStack(app, "docs");',
    accountId: 'const accountId = "0123456789abcdef0123456789abcdef";',
    GATEWAY: 'const GATEWAY = aiGatewayBinding("GATEWAY");',
    gateway: 'const gateway = new AiGateway(stack, "given-gateway");',
    worker: 'const worker = new Worker(stack, "given-worker", { bundle: "dist/worker.js" });',
    admin: 'const admin = new Worker(stack, "given-admin", { bundle: "dist/worker.js" });',
    sender: 'const sender = new Worker(stack, "given-sender", { bundle: "dist/worker.js" });',
    receiver: 'const receiver = new Worker(stack, "given-receiver", { bundle: "dist/worker.js" });',
    chat: 'const chat = new Worker(stack, "given-chat", { bundle: "dist/worker.js", durableObjects: { ROOM: { className: "Room" } }, migrations: [{ newSqliteClasses: ["Room"] }] });',
    jobs: 'const jobs = new Queue(stack, "given-jobs");',
    failed: 'const failed = new Queue(stack, "given-failed");',
  },
  worker: {
    GATEWAY: 'const GATEWAY = aiGatewayBinding("GATEWAY");',
    MODEL: 'const MODEL = "@cf/meta/llama-3.1-8b-instruct";',
    BINDINGS:
      'const BINDINGS = workerBindings({ GATEWAY: { type: "ai_gateway" }, ROOM: { type: "durable_object_namespace", className: "Room" }, SUMMARIES: { type: "workflow", className: "SummarizeRoom" } });',
    Room: "class Room extends DurableObject {}",
    SummaryParams: "interface SummaryParams { room: string }",
    Env: "type Env = any;",
    env: "declare const env: { FILES: R2Bucket; PDF: DurableObjectNamespace; [name: string]: any };",
    body: "declare const body: string;",
    refusal: "declare const refusal: (message: string) => Response;",
    route:
      "declare const route: (request: Request) => Effect.Effect<Response, never, AiGatewayBinding>;",
    request: "declare const request: GatewayCall;",
    gateway: "declare const gateway: GivenGateway;",
  },
  emulator: {},
};

/** Modules an example's names are imported from. */
const modules: Readonly<Record<ExampleKind, Readonly<Record<string, readonly string[]>>>> = {
  stack: {
    cdktf: ["App", "Aspects", "TerraformOutput", "TerraformStack"],
    "cdktf-cloudflare-ai-gateway": exportedBy("lib/index.ts"),
  },
  worker: {
    "cdktf-cloudflare-ai-gateway/worker": exportedBy("worker/index.ts"),
    "cdktf-cloudflare-ai-gateway/worker/env": ["WorkerEnv"],
    "cdktf-cloudflare-ai-gateway/binding": ["workerBindings"],
    "cloudflare:workers": ["DurableObject"],
  },
  emulator: { "cdktf-cloudflare-ai-gateway/emulator": exportedBy("emulator/index.ts") },
};

/** Stands for what only the reader has, such as the id of a zone. */
const SOME_ID = '"0123456789abcdef0123456789abcdef"';

/** An example as a module of its own: what it leaves out to be readable is put before it. */
export function completeExample(example: Example): string {
  const { kind, code } = example;
  const body = [...borrowed(example), code]
    .join("\n")
    .replaceAll('"…"', SOME_ID)
    // What runs the example waits for it.
    .replace(/^void synthApp\(/m, "export const synthesized = synthApp(");
  const effect = kind === "worker" && /\bEffect\b/.test(body);
  const parts: string[] = [];
  for (const [name, text] of Object.entries(given[kind]).reverse()) {
    const rest = [...parts, body].join("\n");
    if (uses(rest, name) && !declares(rest, name)) parts.unshift(text);
  }
  if (kind === "worker" && /GivenGateway|GatewayCall/.test(parts.join())) {
    parts.unshift(effect ? effectGateway : plainGateway);
  }
  if (kind === "stack" && !/new Cloudflare\(/.test(body) && declaredStack(parts, body)) {
    const at = parts.findIndex((part) => part.startsWith("const stack")) + 1;
    parts.splice(at, 0, 'new Cloudflare(stack, "given-cloudflare");');
  }
  const text = [...parts, body].join("\n");
  const end =
    kind === "stack" && !/\bsynthApp\(/.test(body) && uses(text, "app") ? "app.synth();" : "";
  return `${[...imports(text, kind, effect), text, end, "export {};"].join("\n")}\n`;
}

const plainGateway =
  'type GivenGateway = ReturnType<typeof aiGateway>; type GatewayCall = Parameters<GivenGateway["run"]>[0];';
const effectGateway =
  'type GivenGateway = Effect.Success<ReturnType<typeof AiGateway.bind>>; type GatewayCall = Parameters<GivenGateway["run"]>[0];';

const declaredStack = (parts: readonly string[], body: string): boolean =>
  parts.some((part) => part.startsWith("const stack")) && !declares(body, "stack");

/** Earlier examples of the page that declare what this one uses. */
function borrowed({ code, kind, earlier }: Example): readonly string[] {
  const taken: Example[] = [];
  let text = code;
  for (const before of [...earlier].reverse()) {
    const names = [...before.code.matchAll(/\b(?:const|class|type|interface) (\w+)/g)].map(
      ([, name = ""]) => name,
    );
    const fits = before.kind === kind || /^import .*\/binding"/m.test(before.code);
    if (
      fits &&
      names.some((name) => !(name in given[kind]) && uses(text, name) && !declares(text, name))
    ) {
      taken.unshift(before);
      text = `${before.code}\n${text}`;
    }
  }
  return taken.map((one) => one.code);
}

function imports(text: string, kind: ExampleKind, effect: boolean): string[] {
  const from = effect
    ? {
        "cdktf-cloudflare-ai-gateway/worker/effect": [
          "AiGateway",
          "AiGatewayBinding",
          "AiGatewayBindingLive",
          "WorkerEnvironment",
        ],
        ...modules[kind],
      }
    : modules[kind];
  const seen = new Set<string>();
  const lines = Object.entries(from).flatMap(([module, names]) => {
    const used = names.filter(
      (name) =>
        !seen.has(name) && uses(text, name) && !declares(text, name) && !imported(text, name),
    );
    for (const name of used) seen.add(name);
    return used.length === 0 ? [] : [`import { ${used.join(", ")} } from "${module}";`];
  });
  const spaces = ["Effect", "Schedule"].filter(
    (name) => effect && uses(text, name) && !imported(text, name),
  );
  return [...spaces.map((name) => `import * as ${name} from "effect/${name}";`), ...lines];
}

const uses = (text: string, name: string): boolean =>
  new RegExp(`(?<![.\\w"'/-])${name}\\b(?!["'/-]|\\s*:(?!:))`).test(withoutComments(text));

const declares = (text: string, name: string): boolean =>
  new RegExp(
    `\\b(?:const|let|class|type|interface|function) ${name}\\b|\\bsynthApp\\((?:async )?\\(${name}\\)|\\bimport\\b[^;]*\\b${name}\\b[^;]*from`,
  ).test(text);

const imported = (text: string, name: string): boolean =>
  new RegExp(`\\bimport\\b[^;]*\\b${name}\\b[^;]*from`).test(text);

const withoutComments = (text: string): string => text.replace(/(^|\s)\/\/.*$/gm, "");

/** Names a module exports, types included. */
function exportedBy(file: string): readonly string[] {
  const text = readFileSync(join(root, file), "utf8");
  const lists = [...text.matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(([, list = ""]) =>
    list.split(",").map((name) =>
      name
        .replace(/^\s*type /, "")
        .replace(/.* as /, "")
        .trim(),
    ),
  );
  const others = [...text.matchAll(/export \* from "\.\/([^"]+)\.js"/g)].flatMap(([, other = ""]) =>
    exportedBy(join(file, "..", `${other}.ts`)),
  );
  return [...lists, ...others].filter((name) => name !== "");
}
