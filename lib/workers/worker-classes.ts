import type { WorkersScript } from "@cdktf/provider-cloudflare/lib/workers-script";
import { Annotations } from "cdktf";
import type { Construct } from "constructs";
import { bundleExports, hasBundleReader } from "./bundle-exports.js";
import { ClassHistory, type ClassMigration } from "./class-history.js";
import { ClassMigrations } from "./class-migrations.js";
import { type IWorkerBindable, toWorkerBinding, type WorkerBinding } from "./worker-binding.js";

/** What a class is used for, in the user's words. */
interface ClassUse {
  /** The name in `env`. */
  readonly name: string;
  readonly className: string;
  readonly kind: "Durable Object" | "workflow";
}

/**
 * The classes of a Worker that Cloudflare makes objects of: their history, who uses them, and whether the
 * bundle exports them. A Worker without such classes gets no resource for them.
 */
export class WorkerClasses {
  readonly #worker: Construct;
  readonly #script: WorkersScript;
  readonly #scriptName: string;
  readonly #history = new ClassHistory();
  readonly #uses: ClassUse[] = [];
  #migrations: ClassMigrations | undefined;
  #checksExports = false;

  constructor(worker: Construct, script: WorkersScript, scriptName: string) {
    this.#worker = worker;
    this.#script = script;
    this.#scriptName = scriptName;
  }

  /** Tag of the step that gave a class its name. */
  tagOf(className: string): string | undefined {
    return this.#history.tagOf(className);
  }

  /** The binding as it is uploaded. What is said of a class of this Worker is checked at synth. */
  resolve(name: string, value: WorkerBinding | IWorkerBindable): WorkerBinding {
    if ((value as unknown) === this.#worker) {
      // A script that refers to itself is none Terraform can order.
      return { type: "service", service: this.#scriptName };
    }
    const binding = toWorkerBinding(value);
    if (binding.type !== "durable_object_namespace" && binding.type !== "workflow") {
      return binding;
    }
    const { scriptName, ...own } = binding;
    // A script that names itself would wait for itself.
    const isOwn =
      scriptName === undefined ||
      scriptName === this.#scriptName ||
      ("worker" in value && value.worker === this.#worker);
    if (!isOwn) {
      return binding;
    }
    const kind = binding.type === "workflow" ? "workflow" : "Durable Object";
    this.#uses.push({ name, className: binding.className, kind });
    this.#checkExports();
    return own;
  }

  addMigration(migration: ClassMigration): void {
    this.#history.add(migration);
    this.#migrations ??= new ClassMigrations(this.#worker, "Classes", {
      script: this.#script,
      scriptName: this.#scriptName,
      history: this.#history,
    });
    this.#checkExports();
  }

  problems(bundle: string): readonly string[] {
    return [...this.#history.problems, ...this.#withoutHistory(), ...this.#notExported(bundle)];
  }

  #withoutHistory(): string[] {
    return this.#uses.flatMap(({ name, className, kind }) => {
      if (kind === "workflow" || this.#history.tagOf(className) !== undefined) {
        return [];
      }
      const gone = this.#history.goneAt(className);
      return gone === undefined
        ? `${name}: the class ${JSON.stringify(className)} has no history. Write migrations: [{ newSqliteClasses: [${JSON.stringify(className)}] }], as a step at the end where there are some.`
        : `${name}: the class ${JSON.stringify(className)} ends with the step ${gone} of migrations. Remove what uses it, or use the class it was renamed to.`;
    });
  }

  #notExported(bundle: string): string[] {
    const exported = this.#checksExports ? bundleExports(bundle) : undefined;
    if (exported === undefined) {
      return [];
    }
    const used = new Map<string, string>();
    for (const className of this.#history.classes) {
      used.set(className, "Durable Object");
    }
    for (const { className, kind } of this.#uses) {
      used.set(className, kind);
    }
    const found = exported.length === 0 ? "nothing" : exported.join(", ");
    return [...used]
      .filter(([className]) => !exported.includes(className))
      .map(
        ([className, kind]) =>
          `bundle: the ${kind} class ${JSON.stringify(className)} is not exported; exported are ${found}. Write export class ${className} in the Worker's entry file, or correct the name.`,
      );
  }

  #checkExports(): void {
    if (this.#checksExports) {
      return;
    }
    this.#checksExports = true;
    if (!hasBundleReader()) {
      Annotations.of(this.#worker).addWarning(
        "Whether the bundle exports the Worker's classes is not checked, because esbuild is not installed; Cloudflare refuses the upload if it does not. Run: npm install --save-dev esbuild",
      );
    }
  }
}
