import type { WorkersScript } from "@cdktf/provider-cloudflare/lib/workers-script";
import type { Construct } from "constructs";
import { nearestWord } from "../nearest-word.js";
import { show } from "../prop-rules.js";
import { bundleExports, warnWithoutBundleReader } from "./bundle-exports.js";
import { ClassHistory, type ClassMigration } from "./class-history.js";
import { ClassMigrations } from "./class-migrations.js";
import { type ClassUse, classProblems } from "./class-problems.js";
import { type IWorkerBindable, toWorkerBinding, type WorkerBinding } from "./worker-binding.js";

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

  /** What to do about a class that is none of these, as the rest of a sentence that names it. */
  advice(className: string): string {
    const { classes } = this.#history;
    const has = classes.length === 0 ? "" : `; it has ${classes.join(", ")}`;
    const gone = this.#history.goneAt(className);
    if (gone !== undefined) {
      return ` since the step ${gone} of its migrations${has}. Use the class it was renamed to, or remove what uses it.`;
    }
    const meant = nearestWord(className, classes);
    if (meant !== undefined) {
      return `${has}. Did you mean ${show(meant)}?`;
    }
    const rename =
      classes.length === 0
        ? ""
        : ` If one of those has this name now, rename it there: migrations: […, { renamedClasses: [{ from: ${show(classes[0])}, to: ${show(className)} }] }]; its objects and data stay. A new class begins with the step`;
    const begin = `{ newSqliteClasses: [${show(className)}] }`;
    return `${has}.${rename === "" ? ` Begin it there: migrations: [${begin}].` : `${rename} ${begin}.`}`;
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

  /** What is wrong with the classes. A bundle that is missing or exports nothing is one thing, reported already. */
  problems(bundle: string): readonly string[] {
    const exported = this.#checksExports ? bundleExports(bundle) : undefined;
    const isReported = bundle === "" || exported?.length === 0;
    return [
      ...this.#history.problems,
      ...(isReported ? [] : classProblems({ history: this.#history, uses: this.#uses, exported })),
    ];
  }

  #checkExports(): void {
    if (this.#checksExports) {
      return;
    }
    this.#checksExports = true;
    warnWithoutBundleReader(this.#worker, "the Worker's classes");
  }
}
