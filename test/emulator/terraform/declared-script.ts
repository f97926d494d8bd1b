import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Bench, providers } from "./bench.js";
import { digest, type RecordedRequest } from "./rest-api.js";
import type { Run } from "./terraform.js";
import { readParts } from "./workers-api.js";

export const code = 'export default { fetch: () => new Response("hi") };';

/** The script "chat" of a test's folder, with its address: how it is declared, deployed and uploaded. */
export class DeclaredScript {
  readonly #here: Bench;

  /** @param here Its folder and API are those of the test that runs. */
  constructor(here: Bench) {
    this.#here = here;
  }

  /** @param source What its hash is of. */
  configuration(source: string, more = ""): string {
    return `${providers(this.#here)}
    resource "cloudflare_workers_script" "worker" {
      account_id         = "a"
      script_name        = "chat"
      content_file       = "bundle/worker.js"
      content_sha256 = "${digest(source)}"
      main_module        = "worker.js"
      compatibility_date = "2026-01-01"
      bindings = [
        { type = "ai", name = "AI" },
        { type = "plain_text", name = "GATEWAY", text = "one" },
        { type = "json", name = "FLAGS", json = jsonencode({ beta = true }) },
      ]
      observability = {
        enabled = true, head_sampling_rate = 0.1
        logs = { enabled = true, invocation_logs = true, head_sampling_rate = 1 }
      }
      ${more}
    }
    resource "cloudflare_workers_script_subdomain" "url" {
      account_id       = "a"
      script_name      = cloudflare_workers_script.worker.script_name
      enabled          = true
      previews_enabled = false
    }`;
  }

  /** Writes the file that is uploaded. */
  bundle(source: string): void {
    mkdirSync(join(this.#here.folder.path, "bundle"), { recursive: true });
    this.#here.folder.write("bundle/worker.js", source);
  }

  deploy(more = ""): Promise<Run> {
    this.bundle(code);
    this.#here.folder.configure(this.configuration(code, more));
    return this.#here.folder.apply();
  }

  uploads(): RecordedRequest[] {
    return this.#here.api.requests.filter(
      ({ method, path }) => method === "PUT" && path.endsWith("/chat"),
    );
  }

  /** What an upload says of the script. */
  metadata(index: number) {
    const parts = readParts(this.uploads()[index] as RecordedRequest);
    return JSON.parse(parts.get("metadata")?.content.toString("utf8") ?? "");
  }
}
