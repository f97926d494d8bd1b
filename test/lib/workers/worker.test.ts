import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { TerraformOutput, type TerraformStack, TerraformVariable, Testing } from "cdktf";
import {
  AiGateway,
  aiGatewayBinding,
  SecretVariable,
  UsageError,
  Worker,
  type WorkerProps,
} from "../../../lib/index.js";
import { canary } from "../../secrets/canary.js";
import { newBundle, newStack, only, problemsOf, synth } from "../new-stack.js";

const bundle = newBundle();

function newWorker(props: Partial<WorkerProps> = {}, stack = newStack()) {
  return { stack, worker: new Worker(stack, "worker", { bundle, ...props }) };
}

const script = (stack: TerraformStack) => only(synth(stack).resource?.cloudflare_workers_script);

describe("Worker", () => {
  test("is a script with every managed attribute set, and a workers.dev address", () => {
    const { stack } = newWorker();

    expect(synth(stack).resource).toMatchInlineSnapshot(`
      {
        "cloudflare_workers_script": {
          "worker_28EA3E30": {
            "account_id": "account",
            "bindings": [],
            "compatibility_date": "2026-04-26",
            "compatibility_flags": [],
            "content_file": "assets/worker_Module_726D4BF2/c4d0be3870c8b687b750dada9a0cc201/worker.js",
            "content_sha256": "cb66f3bcc3f6a4a64456799292d23cd86392149b6965e0a34748d50345967669",
            "keep_bindings": [
              "secret_text",
            ],
            "logpush": false,
            "main_module": "worker.js",
            "observability": {
              "enabled": false,
              "head_sampling_rate": 1,
              "logs": {
                "enabled": false,
                "head_sampling_rate": 1,
                "invocation_logs": true,
                "persist": true,
              },
            },
            "script_name": "chat-worker",
          },
        },
        "cloudflare_workers_script_subdomain": {
          "worker_WorkersDev_C67DC8AE": {
            "account_id": "account",
            "enabled": true,
            "previews_enabled": false,
            "script_name": "\${cloudflare_workers_script.worker_28EA3E30.script_name}",
          },
        },
      }
    `);
  });

  test("uploads the bundle from a path made of its content, with its hash", () => {
    // GIVEN
    const { stack } = newWorker();

    // WHEN
    const folder = join(Testing.fullSynth(stack), "stacks/chat");

    // THEN
    const { content_file: path, content_sha256: hash } = script(stack);
    const staged = readFileSync(join(folder, path as string));
    expect(path).toMatch(/^assets\//);
    expect(staged).toEqual(readFileSync(bundle));
    expect(createHash("sha256").update(staged).digest("hex")).toBe(hash);
  });

  test("gives other code another path and hash", () => {
    const [one, two] = ["export default 1;", "export default 2;"].map((code) =>
      script(newWorker({ bundle: newBundle(code) }).stack),
    );

    expect(one?.content_file).not.toBe(two?.content_file);
    expect(one?.content_sha256).not.toBe(two?.content_sha256);
  });

  test("has its vars, JSON vars and bindings in env, sorted by name however they came", () => {
    // GIVEN
    const { stack, worker } = newWorker({
      vars: { B: "text" },
      jsonVars: { D: { a: 1 } },
      bindings: { C: { type: "kv_namespace", namespaceId: "id" } },
    });

    // WHEN
    worker.addVar("A", `\${literal}`);

    // THEN
    expect(script(stack).bindings).toEqual([
      { name: "A", type: "plain_text", text: `$\${literal}` },
      { name: "B", type: "plain_text", text: "text" },
      { name: "C", type: "kv_namespace", namespace_id: "id" },
      { name: "D", type: "json", json: '{"a":1}' },
    ]);
  });

  test("parses JSON vars before the bundle's own code, also those added later", () => {
    // GIVEN
    const { stack, worker } = newWorker({ jsonVars: { B: [1] } });

    // WHEN
    worker.addJsonVar("A", { x: true });

    // THEN
    const folder = join(Testing.fullSynth(stack), "stacks/chat");
    const { content_file: path, content_sha256: hash } = script(stack);
    const staged = readFileSync(join(folder, path as string), "utf8");
    expect(staged).toContain('["A","B"]');
    expect(staged.endsWith(readFileSync(bundle, "utf8"))).toBe(true);
    expect(createHash("sha256").update(staged).digest("hex")).toBe(hash);
  });

  test("sends a secret apart from the script, as an ephemeral value", () => {
    // GIVEN
    const { stack, worker } = newWorker();

    // WHEN
    worker.addSecret("API_KEY", new SecretVariable(stack, "api_key"));

    // THEN
    const { resource } = synth(stack);
    const [scriptName] = Object.keys(resource?.cloudflare_workers_script ?? {});
    expect(only(resource?.restful_resource)).toEqual({
      path: `/accounts/account/workers/scripts/\${cloudflare_workers_script.${scriptName}.script_name}/secrets`,
      body: { name: "API_KEY", type: "secret_text" },
      ephemeral_body: { text: `\${var.api_key}` },
      create_method: "PUT",
      create_selector: "result",
      read_path: "$(path)/$(body.name)",
      read_selector: "result",
      update_method: "PUT",
      update_path: "$(path)",
      delete_path: "$(path)/$(body.name)",
      output_attrs: ["name"],
    });
    expect(script(stack)).toMatchObject({
      bindings: [],
      keep_bindings: ["secret_text"],
    });
  });

  test("opens its address only when its secrets are there", () => {
    const { stack, worker } = newWorker();
    worker.addSecret("API_KEY", new SecretVariable(stack, "api_key"));

    const { resource } = synth(stack);
    const [secret] = Object.keys(resource?.restful_resource ?? {});
    expect(only(resource?.cloudflare_workers_script_subdomain).depends_on).toEqual([
      `restful_resource.${secret}`,
    ]);
  });

  test("has every field of its observability set, whatever is given", () => {
    const { stack } = newWorker({ observability: { headSamplingRate: 0.5 } });

    expect(script(stack).observability).toEqual({
      enabled: true,
      head_sampling_rate: 0.5,
      logs: {
        enabled: true,
        head_sampling_rate: 1,
        invocation_logs: true,
        persist: true,
      },
    });
  });

  test("has no address without workers.dev, and says so", () => {
    const { stack, worker } = newWorker({ workersDev: false });

    expect(synth(stack).resource?.cloudflare_workers_script_subdomain).toBeUndefined();
    expect(() => worker.url).toThrow(
      new UsageError(
        "[chat/worker] This Worker has no url, because workersDev is false. Leave workersDev at its default, or give your own route's address instead of url.",
      ),
    );
  });
});

describe("a Worker's url", () => {
  const output = (stack: TerraformStack, worker: Worker): Record<string, { value: unknown }> => {
    new TerraformOutput(stack, "url", { value: worker.url });
    return synth(stack).output as Record<string, { value: unknown }>;
  };

  test("takes the account's name from one data source per stack, which depends on nothing", () => {
    // GIVEN
    const { stack, worker } = newWorker();
    const second = new Worker(stack, "second", { bundle });

    // WHEN
    const { url } = output(stack, worker);
    new TerraformOutput(stack, "second-url", { value: second.url });

    // THEN
    const { data, resource } = synth(stack);
    const [subdomain] = Object.keys(data?.restful_resource ?? {});
    const [name] = Object.keys(resource?.cloudflare_workers_script ?? {}).filter((key) =>
      key.startsWith("worker_"),
    );
    expect(only(data?.restful_resource)).toEqual({
      id: "/accounts/account/workers/subdomain",
      selector: "result",
      output_attrs: ["subdomain"],
    });
    expect(url?.value).toBe(
      `https://\${cloudflare_workers_script.${name}.script_name}.\${data.restful_resource.${subdomain}.output.subdomain}.workers.dev`,
    );
  });

  test("asks nobody for an account's name that is given", () => {
    const { stack, worker } = newWorker({}, newStack({ workersDevSubdomain: "acme" }));

    expect(output(stack, worker).url?.value).toMatch(/\.acme\.workers\.dev$/);
    expect(synth(stack).data).toBeUndefined();
  });

  test("is read from the emulator where the API is on this machine", () => {
    // GIVEN
    const { stack, worker } = newWorker(
      {},
      newStack({ baseUrl: "http://127.0.0.1:8787/client/v4" }),
    );

    // WHEN
    const { url } = output(stack, worker);

    // THEN
    const { data } = synth(stack);
    expect(only(data?.restful_resource)).toEqual({
      id: expect.stringMatching(
        /^\/accounts\/account\/emulator\/workers\/\$\{cloudflare_workers_script\..*\.script_name\}$/,
      ),
      selector: "result",
      output_attrs: ["url"],
    });
    expect(url?.value).toMatch(/^\$\{data\.restful_resource\..*\.output\.url\}$/);
  });

  test("leaves nothing of the emulator in a stack for Cloudflare", () => {
    const { stack, worker } = newWorker();
    output(stack, worker);

    expect(Testing.synth(stack)).not.toMatch(/emulat/i);
  });
});

describe("gateway.bind", () => {
  test("gives the Worker the gateway's id and one ai binding, however many gateways", () => {
    // GIVEN
    const { stack, worker } = newWorker();
    const gateways = ["one", "two"].map((id) => new AiGateway(stack, id));

    // WHEN
    gateways[0]?.bind(worker, aiGatewayBinding("ONE"));
    gateways[1]?.bind(worker, "TWO");
    AiGateway.fromGatewayId(stack, "three", "elsewhere").bind(worker, "THREE");

    // THEN
    const names = Object.keys(synth(stack).resource?.restful_resource ?? {});
    expect(script(stack).bindings).toEqual([
      { name: "AI", type: "ai" },
      {
        name: "ONE",
        type: "plain_text",
        text: `\${basename(restful_resource.${names[0]}.id)}`,
      },
      { name: "THREE", type: "plain_text", text: "elsewhere" },
      {
        name: "TWO",
        type: "plain_text",
        text: `\${basename(restful_resource.${names[1]}.id)}`,
      },
    ]);
  });

  test("fails for two names of the ai binding, naming both", () => {
    const { stack, worker } = newWorker();
    const gateway = new AiGateway(stack, "gateway");
    gateway.bind(worker, "ONE");
    gateway.bind(worker, aiGatewayBinding("TWO", { ai: "MODELS" }));

    expect(problemsOf(stack)).toEqual([
      '[chat/worker] ai binding: got the names "AI" and "MODELS"; a Worker has one ai binding for all its gateways. Use one name in every aiGatewayBinding.',
    ]);
  });

  test("fails for a name that is taken, naming what has it", () => {
    const { stack, worker } = newWorker({ vars: { GATEWAY: "x" } });
    new AiGateway(stack, "gateway").bind(worker, "GATEWAY");

    expect(problemsOf(stack)).toEqual([
      '[chat/worker] binding name: "GATEWAY" is used twice, for a var and for the gateway chat/gateway; each name stands for one thing in env. Rename one of them.',
    ]);
  });
});

describe("a Worker's props fail", () => {
  const literal = canary("a Worker's secret");
  test.each<[string, Record<string, unknown>, string]>([
    [
      "a missing bundle",
      { bundle: "no/such.js" },
      'bundle: got "no/such.js"; there is no such file. Run the bundler first (such as npx esbuild src/worker.ts --bundle --format=esm "--external:cloudflare:*" --outfile=no/such.js)',
    ],
    ["no bundle at all", { bundle: undefined }, "bundle: got nothing; allowed is the path"],
    [
      "a bundle that is no module",
      { bundle: newBundle("addEventListener()") },
      "exports nothing, so it is no ES module.",
    ],
    [
      "a script name that is no DNS label",
      { scriptName: "Chat_Worker" },
      'scriptName: got "Chat_Worker"; allowed is 1 to 63',
    ],
    ["a script name that is too long", { scriptName: "x".repeat(64) }, "scriptName: got"],
    ["a script name with a hyphen at its end", { scriptName: "x-" }, "scriptName: got"],
    [
      "a date that is none",
      { compatibilityDate: "2026-02-30" },
      'compatibilityDate: got "2026-02-30"; allowed is a date',
    ],
    [
      "a share above 1",
      { observability: { headSamplingRate: 2 } },
      "observability.headSamplingRate: got 2; allowed is a number from 0",
    ],
    [
      "a share of logs below 0",
      { observability: { logs: { headSamplingRate: -1 } } },
      "observability.logs.headSamplingRate: got -1",
    ],
    [
      "a word for a truth value",
      { workersDev: "no" },
      'workersDev: got "no"; allowed is true or false.',
    ],
    [
      "a number for a truth value",
      { previewUrls: 1 },
      "previewUrls: got 1; allowed is true or false.",
    ],
    [
      "previews without workers.dev",
      { workersDev: false, previewUrls: true },
      "previewUrls: got true with workersDev false;",
    ],
    ["a slip of the pen", { var: {} }, "var: there is no such prop;"],
    [
      "a var that is no text",
      { vars: { PORT: 80 } },
      "vars.PORT: got 80; allowed is a text. Objects and arrays go into jsonVars.",
    ],
    [
      "a JSON var that is a text",
      { jsonVars: { A: "x" } },
      'jsonVars.A: got the text "x"; allowed are objects',
    ],
    [
      "a JSON var that is no JSON",
      { jsonVars: { A: { at: new Date(0) } } },
      "jsonVars.A: value.at is a Date; allowed are objects",
    ],
    [
      "JSON vars without the importable env",
      { jsonVars: { A: [] }, compatibilityFlags: ["disallow_importable_env"] },
      'compatibilityFlags: got "disallow_importable_env" with jsonVars;',
    ],
    [
      "a name that is no identifier",
      { vars: { "MY-VAR": "x" } },
      'binding name: got "MY-VAR" for a var; allowed are letters',
    ],
    [
      "a name used twice",
      { vars: { A: "x" }, jsonVars: { A: [] } },
      '"A" is used twice, for a var and for a JSON var;',
    ],
    [
      "a secret that is written out",
      { secrets: { API_KEY: literal } },
      'secrets.API_KEY: got a literal text; it would be readable in the synthesized JSON. Write new SecretVariable(stack, "api_key")',
    ],
  ])("for %s", (_, props, message) => {
    const { stack } = newWorker(props as Partial<WorkerProps>);

    const problems = problemsOf(stack);

    expect(problems).toEqual([expect.stringContaining(message)]);
    expect(problems[0]).toMatch(/^\[chat\/worker\] /);
    expect(problems[0]).not.toContain(literal);
  });

  test("not for tokens", () => {
    const stack = newStack();
    const name = new TerraformVariable(stack, "name", { type: "string" });

    newWorker({ scriptName: name.stringValue, vars: { A: name.stringValue } }, stack);

    expect(problemsOf(stack)).toEqual([]);
  });
});
