import { randomInt } from "node:crypto";
import { canary } from "../../secrets/canary.js";
import {
  type Answer,
  type Document,
  digest,
  ok,
  type RecordedRequest,
  refused,
} from "./rest-api.js";

interface Script {
  code: Buffer | undefined;
  metadata: Document;
  answer: Document;
  secrets: Map<string, string>;
  subdomain: Document;
}

/** Workers as far as the provider calls them; what drifts on the real API is made to drift here. */
export class WorkersApi {
  readonly scripts = new Map<string, Script>();
  readonly assets = new Map<string, string>();

  answer(request: RecordedRequest, path: string): Answer {
    if (path.startsWith("workers/assets/upload")) return this.#uploadAssets(request);
    const service = /^workers\/services\/([^/]+)$/.exec(path);
    if (service) return this.#service(this.scripts.get(service[1] ?? ""));
    const match = /^workers\/scripts\/([^/]+)(?:\/(.*))?$/.exec(path);
    const name = match?.[1] ?? "";
    const below = match?.[2] ?? "";
    if (below === "assets-upload-session") return this.#session(request);
    if (below === "" && request.method === "PUT") return this.#put(name, request);
    const script = this.scripts.get(name);
    if (!script) return refused(404, 10007, "This Worker does not exist on your account.");
    if (below === "") {
      if (request.method === "DELETE") this.scripts.delete(name);
      return request.method === "DELETE"
        ? ok(null)
        : { status: 200, raw: script.code ?? Buffer.of() };
    }
    if (below === "settings") return ok(this.#settings(script));
    if (below === "content/v2") return this.#content(script);
    if (below === "subdomain") return this.#subdomain(script, request);
    const secret = /^secrets(?:\/(.+))?$/.exec(below);
    if (secret) return this.#secret(script, request, secret[1]);
    return refused(501, 0, `${request.method} ${request.path} is not here`);
  }

  #put(name: string, request: RecordedRequest): Answer {
    const parts = readParts(request);
    const metadata = JSON.parse(parts.get("metadata")?.content.toString("utf8") ?? "{}");
    const code = parts.get(metadata.main_module ?? metadata.body_part)?.content;
    const before = this.scripts.get(name);
    const kept = (metadata.keep_bindings ?? []).includes("secret_text");
    const answer = {
      id: name,
      etag: digest(code ?? Buffer.of()),
      handlers: ["fetch"],
      created_on: before?.answer.created_on ?? "2026-01-01T00:00:00Z",
      modified_on: new Date().toISOString(),
      has_assets: metadata.assets !== undefined,
      has_modules: true,
      last_deployed_from: "api",
      startup_time_ms: randomInt(1_000),
    };
    this.scripts.set(name, {
      code,
      metadata,
      answer,
      secrets: kept ? (before?.secrets ?? new Map()) : new Map(),
      subdomain: before?.subdomain ?? { enabled: false, previews_enabled: false },
    });
    return ok(answer);
  }

  #service(script: Script | undefined): Answer {
    if (!script) return refused(404, 10090, "This service does not exist on your account.");
    return ok({
      id: "s",
      default_environment: { environment: "production", script: script.answer },
    });
  }

  #settings({ metadata, secrets }: Script): Document {
    const { compatibility_date = "", compatibility_flags = [], usage_model } = metadata;
    const { logpush, observability, limits } = metadata;
    const bindings = [
      ...((metadata.bindings as Document[] | undefined) ?? []),
      ...[...secrets.keys()].map((name) => ({ name, type: "secret_text" })),
    ];
    return {
      compatibility_date,
      compatibility_flags,
      usage_model,
      logpush,
      placement: metadata.placement ?? {},
      tail_consumers: metadata.tail_consumers ?? null,
      tags: [],
      bindings: bindings.sort((a, b) => String(a.name).localeCompare(String(b.name))),
      ...(observability !== undefined && { observability }),
      ...(limits !== undefined && { limits }),
    };
  }

  #content({ code, metadata }: Script): Answer {
    if (!code) return { status: 204 };
    const name = metadata.main_module;
    const head = `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n`;
    return {
      status: 200,
      contentType: "multipart/form-data; boundary=x",
      raw: Buffer.concat([Buffer.from(head), code, Buffer.from("\r\n--x--\r\n")]),
    };
  }

  #subdomain(script: Script, { method, body }: RecordedRequest): Answer {
    if (method === "POST") {
      script.subdomain = { ...script.subdomain, ...JSON.parse(body.toString("utf8")) };
    } else if (method === "DELETE") {
      script.subdomain = { enabled: false, previews_enabled: false };
    }
    return ok(script.subdomain);
  }

  #secret(script: Script, { method, body }: RecordedRequest, name: string | undefined): Answer {
    if (method === "PUT" && name === undefined) {
      const secret = JSON.parse(body.toString("utf8"));
      if (typeof secret.text !== "string") return refused(400, 10021, "text is missing");
      script.secrets.set(secret.name, secret.text);
      return ok({ name: secret.name, type: secret.type });
    }
    if (!name || !script.secrets.has(name)) return refused(404, 10056, "Secret not found");
    if (method === "DELETE") script.secrets.delete(name);
    return ok({ name, type: "secret_text" });
  }

  #session({ body }: RecordedRequest): Answer {
    const { manifest } = JSON.parse(body.toString("utf8"));
    const hashes = Object.values(manifest as Record<string, { hash: string }>).map((e) => e.hash);
    const missing = [...new Set(hashes)].filter((hash) => !this.assets.has(hash));
    return missing.length === 0
      ? ok({ jwt: canary("the token of an upload"), buckets: [] })
      : ok({
          jwt: canary("the token of an upload's session"),
          buckets: missing.map((hash) => [hash]),
        });
  }

  #uploadAssets(request: RecordedRequest): Answer {
    if (request.token !== canary("the token of an upload's session"))
      return refused(403, 10000, "Wrong session token");
    for (const [hash, { content }] of readParts(request)) {
      this.assets.set(hash, Buffer.from(content.toString("utf8"), "base64").toString("utf8"));
    }
    return { ...ok({ jwt: canary("the token of an upload") }), status: 201 };
  }
}

export interface ReadPart {
  readonly head: string;
  readonly content: Buffer;
}

/** The parts of a multipart request by name. */
export function readParts({ body, contentType }: RecordedRequest): Map<string, ReadPart> {
  const boundary = /boundary=(.+)$/.exec(contentType ?? "")?.[1];
  const parts = body.toString("latin1").split(`--${boundary}`).slice(1, -1);
  return new Map(
    parts.map((part) => {
      const split = part.indexOf("\r\n\r\n");
      const head = part.slice(2, split);
      const content = Buffer.from(part.slice(split + 4, -2), "latin1");
      return [/name="([^"]*)"/.exec(head)?.[1] ?? "", { head, content }];
    }),
  );
}
