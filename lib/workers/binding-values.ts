import type {
  BindingDeclaration,
  WorkerBindingsDeclaration,
} from "../../protocol/worker-bindings.js";
import type { IAiGateway } from "../ai-gateway/ai-gateway-interface.js";
import type { WorkerSecretValue } from "./delivered-secret.js";
import type { JsonValue } from "./json-var.js";
import type { IWorkerBindable, WorkerBinding, WorkerBindingOf } from "./worker-binding.js";

/** What a stack gives each declared name: required, optional where the declaration may say all, or nothing. */
export type BindingValues<Declaration extends WorkerBindingsDeclaration> = {
  readonly [Name in NamesOf<Declaration, ValueRequired>]: BindingValue<Declaration[Name]>;
} & {
  readonly [Name in NamesOf<Declaration, OwnClass>]?: BindingValue<Declaration[Name]>;
};

/** `bindings` may be left out where no declared name needs a value. */
export type BindingsProp<Declaration extends WorkerBindingsDeclaration> = [
  NamesOf<Declaration, ValueRequired>,
] extends [never]
  ? { readonly bindings?: BindingValues<Declaration> }
  : { readonly bindings: BindingValues<Declaration> };

/** The class is this Worker's own, unless a value says whose it is. */
type OwnClass = "durable_object_namespace" | "workflow";

/** The Worker has them by itself: the one `ai` binding, and its own assets. */
type Given = "ai" | "assets";

type ValueRequired = Exclude<BindingDeclaration["type"], OwnClass | Given>;

type NamesOf<Declaration extends WorkerBindingsDeclaration, Type> = {
  [Name in keyof Declaration]: Declaration[Name]["type"] extends Type ? Name : never;
}[keyof Declaration];

/** The value for one declared name. */
export type BindingValue<Declared extends BindingDeclaration> = Declared["type"] extends infer Type
  ? Type extends keyof SpecialValues
    ? SpecialValues[Type]
    : Type extends WorkerBinding["type"]
      ? WorkerBindingOf<Type> | IWorkerBindable<WorkerBindingOf<Type>>
      : never
  : never;

interface SpecialValues {
  readonly ai_gateway: IAiGateway;
  /** The class in front of a container is a Durable Object of another Worker. */
  readonly container: IWorkerBindable<
    WorkerBindingOf<"durable_object_namespace"> & { readonly scriptName: string }
  >;
  readonly plain_text: string;
  readonly json: JsonValue;
  readonly secret_text: WorkerSecretValue;
}

/** Any value of `bindings`, for those who read it. */
export type AnyBindingValue =
  | WorkerBinding
  | IWorkerBindable
  | IAiGateway
  | WorkerSecretValue
  | JsonValue;
