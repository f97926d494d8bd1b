import { randomBytes } from "node:crypto";
import type { StoredBinding, StoredScript } from "../../state/state-document.js";
import type { UploadedModule } from "../../workerd/uploaded-script.js";
import { type ClassRegistry, findClass } from "./class-registry.js";
import { moduleContentTypes } from "./read-upload.js";

/** A script as PUT, the list and `services` show it. Keys not set are left out, or they drift. */
export function renderScript(script: StoredScript): Record<string, unknown> {
  const hasModules = script.modules.length > 0;
  const { placement, usage_model } = script.echoed;
  return {
    id: script.name,
    tag: script.tag,
    etag: script.etag,
    // Of the object's handlers and the classes' methods nothing is known without running the code.
    handlers: hasModules ? ["fetch"] : [],
    named_handlers: (script.exported ?? [])
      .filter((name) => name !== "default")
      .map((name) => ({ name, handlers: [] })),
    created_on: script.created_on,
    modified_on: script.modified_on,
    ...(script.migration_tag === undefined ? {} : { migration_tag: script.migration_tag }),
    has_assets: script.assets !== undefined,
    has_modules: hasModules,
    last_deployed_from: "api",
    startup_time_ms: script.startup_time_ms,
    ...(script.compatibility_date ? { compatibility_date: script.compatibility_date } : {}),
    usage_model: usage_model ?? "standard",
    ...(placement ? { placement } : {}),
  };
}

/** What `settings` shows: what was sent, as it was sent, and never a secret. */
export function renderSettings(
  script: StoredScript,
  classes: ClassRegistry,
): Record<string, unknown> {
  const { usage_model, logpush, tail_consumers, placement, tags, ...others } = script.echoed;
  return {
    bindings: script.bindings
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map((binding) => renderBinding(binding, script.name, classes)),
    ...(script.compatibility_date ? { compatibility_date: script.compatibility_date } : {}),
    compatibility_flags: script.compatibility_flags,
    usage_model: usage_model ?? "standard",
    logpush: logpush ?? false,
    tail_consumers: tail_consumers ?? null,
    placement: placement ?? {},
    tags: tags ?? [],
    // Shown although not set, these would be a difference to Terraform for ever.
    ...others,
  };
}

function renderBinding(
  binding: StoredBinding,
  scriptName: string,
  classes: ClassRegistry,
): Record<string, unknown> {
  if (binding.type === "secret_text") return renderSecret(binding);
  if (binding.type !== "durable_object_namespace") return binding;
  const found = findClass(classes, binding.script_name ?? scriptName, binding.class_name);
  return found ? { ...binding, namespace_id: found.namespace_id } : binding;
}

/** Every Durable Object class of the account, as `durable_objects/namespaces` lists them. */
export function renderNamespaces(classes: ClassRegistry): Record<string, unknown>[] {
  return [...classes].flatMap(([script, owned]) =>
    owned.map(({ class_name, namespace_id, sqlite, container }) => ({
      id: namespace_id,
      name: `${script}_${class_name}`,
      script,
      class: class_name,
      use_sqlite: sqlite,
      use_containers: container,
    })),
  );
}

export function renderSecret({ name }: StoredBinding): { name: string; type: "secret_text" } {
  return { name, type: "secret_text" };
}

/** The code as it was uploaded, the main module first. */
export function renderContent(mainModule: string, modules: readonly UploadedModule[]): Response {
  const boundary = `----emulator-${randomBytes(16).toString("hex")}`;
  const ordered = modules.toSorted(
    (a, b) => Number(b.name === mainModule) - Number(a.name === mainModule),
  );
  const parts = ordered.flatMap(({ name, type, content }) => {
    const quoted = name.replace(/["\r\n]/g, (character) => encodeURIComponent(character));
    return [
      Buffer.from(
        `--${boundary}\r\n` +
          `Content-Disposition: form-data; name="${quoted}"; filename="${quoted}"\r\n` +
          `Content-Type: ${moduleContentTypes[type]}\r\n\r\n`,
      ),
      content,
      Buffer.from("\r\n"),
    ];
  });
  return new Response(Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]), {
    headers: {
      "content-type": `multipart/form-data; boundary=${boundary}`,
      "cf-entrypoint": encodeURIComponent(mainModule),
    },
  });
}
