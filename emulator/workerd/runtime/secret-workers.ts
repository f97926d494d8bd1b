import { scriptKey } from "../script-key.js";
import type { ScriptBinding, UploadedScript } from "../uploaded-script.js";
import type { MiniflareWorker } from "./miniflare-worker.js";

type SecretBinding = Extract<ScriptBinding, { readonly type: "secrets_store_secret" }>;

const secretsOf = (script: UploadedScript): SecretBinding[] =>
  script.bindings.filter((binding) => binding.type === "secrets_store_secret");

const workerOf = ({ accountId, name }: UploadedScript): string =>
  `${scriptKey(accountId, name)}.secrets`;

/** A Secrets Store binding has one method, `get`: a service that answers it is enough. */
export function renderSecretBindings(
  script: UploadedScript,
): Record<string, { readonly name: string; readonly entrypoint: string }> {
  return Object.fromEntries(
    secretsOf(script).map(({ name }, index) => [
      name,
      { name: workerOf(script), entrypoint: `Secret${index}` },
    ]),
  );
}

/**
 * The Worker behind a script's Secrets Store bindings. miniflare's own keeps the values in files;
 * here they only pass through.
 */
export function renderSecretWorkers(scripts: readonly UploadedScript[]): MiniflareWorker[] {
  return scripts.flatMap((script) => {
    const secrets = secretsOf(script);
    if (secrets.length === 0) return [];
    const bindings = Object.fromEntries(
      secrets.flatMap(({ text }, index) => (text === undefined ? [] : [[`Secret${index}`, text]])),
    );
    const classes = secrets.map(
      ({ secret_name }, index) => `export class Secret${index} extends WorkerEntrypoint {
  async get() {
    const value = this.env.Secret${index};
    if (value === undefined) throw new Error(${JSON.stringify(`Secret "${secret_name}" not found`)});
    return value;
  }
}`,
    );
    const contents = `import { WorkerEntrypoint } from "cloudflare:workers";\n${classes.join("\n")}\nexport default {};\n`;
    return [
      {
        name: workerOf(script),
        compatibilityDate: "2026-01-01",
        compatibilityFlags: [],
        modulesRoot: "/",
        modules: [{ type: "ESModule", path: "/index.js", contents }],
        bindings,
        unsafeBindings: [],
      },
    ];
  });
}
