import type { WorkerBindingsDeclaration } from "../../protocol/worker-bindings.js";
import type { AnyBindingValue } from "./binding-values.js";
import { checkClassName } from "./class-name.js";
import { addDeclared } from "./declared-bindings.js";
import type { Worker } from "./worker.js";
import type { IWorkerBindable, WorkerBinding } from "./worker-binding.js";
import type { WorkerProps } from "./worker-props.js";

/** The props with and without a declaration in one; which it is, is known at run time only. */
export type WorkerPropsAtSynth = Omit<WorkerProps, "declaration" | "bindings"> & {
  readonly declaration?: WorkerBindingsDeclaration;
  readonly bindings?: Readonly<Record<string, AnyBindingValue>>;
};

/** Props go the way of later calls. */
export function addFromProps(worker: Worker, props: WorkerPropsAtSynth): void {
  const { declaration, bindings = {} } = props;
  for (const [name, text] of entries(props.vars)) {
    worker.addVar(name, text);
  }
  for (const [name, value] of entries(props.jsonVars)) {
    worker.addJsonVar(name, value);
  }
  for (const [name, value] of entries(props.secrets)) {
    worker.addSecret(name, value);
  }
  if (declaration !== undefined) {
    addDeclared(worker, declaration, bindings);
  } else {
    for (const [name, binding] of entries(bindings)) {
      worker.addBinding(name, binding as WorkerBinding | IWorkerBindable);
    }
  }
  for (const [name, binding] of entries(props.durableObjects)) {
    if (hasClass(binding)) worker.addDurableObject(name, binding);
  }
  for (const [name, workflow] of entries(props.workflows)) {
    if (hasClass(workflow)) worker.addWorkflow(name, workflow);
  }
  for (const migration of items(props.migrations)) {
    worker.addMigration(migration);
  }
  for (const route of items(props.routes)) {
    worker.addRoute(route);
  }
  for (const domain of items(props.customDomains)) {
    worker.addCustomDomain(domain);
  }
  if (items(props.crons).length > 0) {
    worker.addCrons(items(props.crons));
  }
  for (const consumer of items(props.queueConsumers)) {
    worker.addQueueConsumer(consumer);
  }
}

const entries = <Value>(record: Readonly<Record<string, Value>> = {}): [string, Value][] =>
  Object.entries(record);

/** A name that no class can have is reported by the prop's own rule. */
const hasClass = (value: { readonly className: string }): boolean =>
  checkClassName("className", value?.className) === undefined;

/** A value that is no array is reported with everything else. */
const items = <Item>(list: readonly Item[] | undefined): readonly Item[] =>
  Array.isArray(list) ? list : [];
