import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { Testing } from "cdktf";
import { SecretVariable, UsageError } from "../../../lib/index.js";
import { newBundle, only, synth } from "../new-stack.js";
import { bundle, newWorker, scriptOf } from "./new-worker.js";

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
    const { content_file: path, content_sha256: hash } = scriptOf(stack);
    const staged = readFileSync(join(folder, path as string));
    expect(path).toMatch(/^assets\//);
    expect(staged).toEqual(readFileSync(bundle));
    expect(createHash("sha256").update(staged).digest("hex")).toBe(hash);
  });

  test("gives other code another path and hash", () => {
    const [one, two] = ["export default 1;", "export default 2;"].map((code) =>
      scriptOf(newWorker({ bundle: newBundle(code) }).stack),
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
    expect(scriptOf(stack).bindings).toEqual([
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
    const { content_file: path, content_sha256: hash } = scriptOf(stack);
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
    expect(scriptOf(stack)).toMatchObject({
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

    expect(scriptOf(stack).observability).toEqual({
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
