import { scriptKey } from "../script-key.js";
import type { UploadedScript } from "../uploaded-script.js";
import type { MiniflareWorker } from "./miniflare-worker.js";

/** What a binding expects of another script: `undefined` is its default export. */
type ExpectedExport = string | undefined;

/**
 * Stands in for scripts that bindings lead to and that are not there.
 *
 * workerd does not start when a binding leads nowhere. On Cloudflare such a script is deployed and
 * the call fails; so it does here, with a sentence that says what is missing.
 */
export class PlaceholderWorkers {
  readonly #expected = new Map<
    string,
    { readonly script: string; readonly exports: Map<ExpectedExport, "object" | "entrypoint"> }
  >();

  /** @returns the name of the Worker to bind instead */
  add(
    target: { readonly accountId: string; readonly name: string },
    expected: ExpectedExport,
    kind: "object" | "entrypoint",
  ): string {
    const name = `${scriptKey(target.accountId, target.name)}.missing`;
    const placeholder = this.#expected.get(name) ?? { script: target.name, exports: new Map() };
    placeholder.exports.set(expected, kind);
    this.#expected.set(name, placeholder);
    return name;
  }

  render(): MiniflareWorker[] {
    return [...this.#expected].map(([name, { script, exports }]) => ({
      name,
      compatibilityDate: "2026-01-01",
      compatibilityFlags: [],
      modulesRoot: "/",
      modules: [{ type: "ESModule", path: "/index.js", contents: renderModule(script, exports) }],
      bindings: {},
      unsafeBindings: [],
      unsafeEphemeralDurableObjects: true,
      additionalUnboundDurableObjects: [...exports].flatMap(([className, kind]) =>
        kind === "object" && className !== undefined
          ? [{ className, useSQLite: true, unsafeUniqueKey: placeholderKey(name, className) }]
          : [],
      ),
    }));
  }
}

export const placeholderKey = (worker: string, className: string): string =>
  `${worker}-${className}`;

/** Whether a script is deployed and owns a Durable Object class. */
export const ownsClass = (script: UploadedScript | undefined, className: string): boolean =>
  script?.durableObjects?.some((owned) => owned.className === className) ?? false;

function renderModule(
  script: string,
  exports: ReadonlyMap<ExpectedExport, "object" | "entrypoint">,
): string {
  const classes = [...exports].map(([name, kind], index) => {
    const what = name === undefined ? "" : ` or does not have ${JSON.stringify(name)}`;
    const text = `The binding leads nowhere: Worker ${JSON.stringify(script)} is not deployed${what}. Deploy it, then try again.`;
    const base = kind === "object" ? "DurableObject" : "WorkerEntrypoint";
    return `class Missing${index} extends ${base} {
  constructor(ctx, env) {
    super(ctx, env);
    throw new Error(${JSON.stringify(text)});
  }
}
export { Missing${index} as ${JSON.stringify(name ?? "default")} };`;
  });
  const fallback = exports.has(undefined) ? "" : "\nexport default {};";
  return `import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";\n${classes.join("\n")}${fallback}\n`;
}
