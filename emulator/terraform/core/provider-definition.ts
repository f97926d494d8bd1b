import type { ObjectValue } from "./cty-value.js";
import type { Diagnostics } from "./diagnostics.js";
import type { PrivateState } from "./private-state.js";
import type { Schema } from "./schema.js";
import type { Stop } from "./stop.js";
import type { WorkingDirectory } from "./working-directory.js";

/** What every call of a provider may use. */
export interface CallContext {
  readonly diagnostics: Diagnostics;
  readonly stop: Stop;
  /** Where relative paths of the configuration begin. */
  readonly workingDirectory: WorkingDirectory;
}

/** A call about an object; what is written to `private` is kept beside the state. */
export interface ResourceContext<Client> extends CallContext {
  readonly client: Client;
  readonly private: PrivateState;
}

export interface PlanContext extends CallContext {
  readonly private: PrivateState;
}

export interface PlanInput {
  readonly config: ObjectValue;
  readonly prior: ObjectValue | null;
  readonly planned: ObjectValue;
}

/** Adjusts the default plan; `requiresReplace` names attributes whose change replaces the object. */
export interface PlanAdjustment {
  readonly planned: ObjectValue;
  readonly requiresReplace?: readonly string[];
}

/**
 * Thrown by `create` when the object exists but could not be finished: the state is kept, marked
 * for replacement.
 */
export class PartialCreate extends Error {
  readonly state: ObjectValue;

  constructor(state: ObjectValue, cause: unknown) {
    super("the object was made, but not finished", { cause });
    this.state = state;
  }
}

/** One resource type. States it returns hold no unknown value and no write-only one. */
export interface ResourceDefinition<Client> {
  readonly schema: Schema;
  /** Checks a configuration, which may hold unknown values. */
  validate?(config: ObjectValue, context: CallContext): void | Promise<void>;
  adjustPlan?(
    input: PlanInput,
    context: PlanContext,
  ): PlanAdjustment | undefined | Promise<PlanAdjustment | undefined>;
  create(input: ApplyInput, context: ResourceContext<Client>): Promise<ObjectValue>;
  /** Undefined when the object is gone. */
  read(state: ObjectValue, context: ResourceContext<Client>): Promise<ObjectValue | undefined>;
  update(
    input: ApplyInput & { readonly prior: ObjectValue },
    context: ResourceContext<Client>,
  ): Promise<ObjectValue>;
  delete(state: ObjectValue, context: ResourceContext<Client>): Promise<void>;
  /** The state a refresh can complete. */
  importState(id: string, context: ResourceContext<Client>): Promise<ObjectValue>;
}

export interface ApplyInput {
  /** Holds the write-only values. */
  readonly config: ObjectValue;
  readonly planned: ObjectValue;
}

export interface DataSourceDefinition<Client> {
  readonly schema: Schema;
  validate?(config: ObjectValue, context: CallContext): void | Promise<void>;
  read(
    config: ObjectValue,
    context: CallContext & { readonly client: Client },
  ): Promise<ObjectValue>;
}

/** A provider: what it serves, and how its configuration becomes a client of an API. */
export interface ProviderDefinition<Client> {
  /** The short key Terraform and OpenTofu both know it by, such as `magodo/restful`. */
  readonly source: string;
  readonly schema: Schema;
  readonly resources: Readonly<Record<string, ResourceDefinition<Client>>>;
  readonly dataSources: Readonly<Record<string, DataSourceDefinition<Client>>>;
  validate?(config: ObjectValue, context: CallContext): void | Promise<void>;
  /** Must not connect: while planning, parts of the configuration may be unknown. */
  configure(config: ObjectValue): Client;
}
