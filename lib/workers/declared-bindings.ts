import {
  type BindingDeclaration,
  bindingTypes,
  type WorkerBindingsDeclaration,
} from "../../protocol/worker-bindings.js";
import { isRecord, shorten, show, wrongValue } from "../prop-rules.js";
import type { AnyBindingValue } from "./binding-values.js";
import type { Worker } from "./worker.js";
import type { IWorkerBindable, WorkerBinding } from "./worker-binding.js";

/** The form of a declaration, which plain JavaScript may have made by itself. */
export function checkWorkerDeclaration(declaration: unknown): string | undefined {
  if (declaration === undefined) return undefined;
  if (!isRecord(declaration)) {
    return wrongValue(
      "declaration",
      declaration,
      'what workerBindings({ AI: { type: "ai" } }) makes',
    );
  }
  const [name, wrong] = Object.entries(declaration).find(([, one]) => !isRecord(one)) ?? [];
  return name === undefined
    ? undefined
    : wrongValue(`declaration.${shorten(name)}`, wrong, 'an object such as { type: "plain_text" }');
}

/** Gives a Worker what its declaration names; what is missing or wrong is left to {@link checkDeclaration}. */
export function addDeclared(
  worker: Worker,
  declaration: WorkerBindingsDeclaration,
  values: Readonly<Record<string, AnyBindingValue>>,
): void {
  for (const [name, declared] of Object.entries(declaration)) {
    addOne(worker, name, declared, values[name]);
  }
  for (const [name, value] of Object.entries(values)) {
    // Not declared, which plain JavaScript lets through: bound all the same, and reported.
    if (!Object.hasOwn(declaration, name) && isBinding(value)) {
      worker.addBinding(name, value);
    }
  }
}

function addOne(
  worker: Worker,
  name: string,
  declared: BindingDeclaration,
  // biome-ignore lint/suspicious/noExplicitAny: the declaration says what the value is, and the types held it to that
  value: any,
): void {
  const { type } = declared;
  if (type === "ai") {
    worker.addAi(name);
  } else if (type === "json" && value !== undefined) {
    worker.addJsonVar(name, value);
  } else if (isBinding(value)) {
    worker.addBinding(name, value);
  } else if (type === "durable_object_namespace") {
    worker.addDurableObject(name, { className: declared.className });
  } else if (type === "workflow") {
    const { className, workflowName } = declared;
    worker.addWorkflow(name, {
      className,
      ...(workflowName === undefined ? {} : { workflowName }),
    });
  } else if (value === undefined) {
    // Assets come with the Worker's own prop.
  } else if (type === "ai_gateway" && typeof value?.bind === "function") {
    value.bind(worker, { name, ai: declared.ai ?? "AI" });
  } else if (type === "plain_text") {
    worker.addVar(name, value);
  } else if (type === "secret_text") {
    worker.addSecret(name, value);
  }
}

/** What a Worker's `env` has other than it was declared, so that its code would find something else. */
export function checkDeclaration(
  declaration: WorkerBindingsDeclaration,
  bound: ReadonlyMap<string, string>,
  values: Readonly<Record<string, AnyBindingValue>>,
): readonly string[] {
  const problems: string[] = [];
  const aiNames = new Set<string>();
  for (const [name, declared] of Object.entries(declaration)) {
    const { type } = declared;
    if (type === "ai_gateway") {
      aiNames.add(declared.ai ?? "AI");
    }
    const actual = bound.get(name);
    if (!(bindingTypes as readonly string[]).includes(type)) {
      problems.push(
        `declaration.${name}: got the type ${show(type)}; the types are ${bindingTypes.join(", ")}.`,
      );
    } else if (actual === undefined) {
      problems.push(
        `declaration.${name}: declared as ${type}, but nothing is bound to it. ${type === "assets" ? "Give the Worker assets" : `Give it a value: bindings: { ${name}: … }`}, or remove it from the declaration.`,
      );
    } else if (actual !== (type === "container" ? "durable_object_namespace" : type)) {
      problems.push(
        `declaration.${name}: declared as ${type}, but bound as ${actual}; the Worker's code would find something else. Bind a ${type}, or declare it as ${actual}.`,
      );
    }
  }
  for (const [name, type] of bound) {
    if (!Object.hasOwn(declaration, name) && !aiNames.has(name)) {
      problems.push(
        `declaration: ${show(name)} is bound as ${type} but not declared; the Worker's Env does not know it. Add ${name}: { type: ${show(type)} } to workerBindings.`,
      );
    }
  }
  for (const name of Object.keys(values)) {
    // A text, for example, whose type only a declaration says: it was not bound.
    if (!Object.hasOwn(declaration, name) && !bound.has(name)) {
      problems.push(
        `bindings.${name}: got a value for a name that is not declared; the declaration has ${Object.keys(declaration).join(", ") || "no names"}. Add ${name} with its type to workerBindings, such as ${name}: { type: "plain_text" }, or remove it here.`,
      );
    }
  }
  return problems;
}

/** The name the Worker's assets are declared under. */
export const declaredAssets = (
  declaration: WorkerBindingsDeclaration | undefined,
): string | undefined =>
  Object.entries(declaration ?? {}).find(([, { type }]) => type === "assets")?.[0];

const isBinding = (value: unknown): value is WorkerBinding | IWorkerBindable =>
  typeof value === "object" &&
  value !== null &&
  ("workerBinding" in value || ("type" in value && bindingTypes.includes(value.type as never)));
