import { finished, message, object, pick, schemaMessages } from "./block-message.js";
import type { ObjectValue } from "./cty-value.js";
import { Diagnostics, ProviderError } from "./diagnostics.js";
import { keptState } from "./kept-state.js";
import { planChange } from "./plan.js";
import type { MethodName, ProviderRequest } from "./plugin-protocol.js";
import { PrivateState } from "./private-state.js";
import {
  type CallContext,
  type DataSourceDefinition,
  PartialCreate,
  type ProviderDefinition,
  type ResourceContext,
  type ResourceDefinition,
} from "./provider-definition.js";
import type { Schema } from "./schema.js";
import { schemaMessage } from "./schema-message.js";
import type { Stop } from "./stop.js";
import { validateConfig } from "./validate-config.js";
import type { WorkingDirectory } from "./working-directory.js";

export type ProviderCall = (request: ProviderRequest) => Promise<object>;

/**
 * One configuration of a provider, answering Terraform's calls.
 *
 * Every failure is told as a diagnostic: a failed call would only say that the plugin broke.
 */
export class ProviderService<Client> {
  readonly #provider: ProviderDefinition<Client>;
  readonly #stop: Stop;
  readonly #workingDirectory: WorkingDirectory;
  #client: Client | undefined;

  constructor(
    provider: ProviderDefinition<Client>,
    stop: Stop,
    workingDirectory: WorkingDirectory,
  ) {
    this.#provider = provider;
    this.#stop = stop;
    this.#workingDirectory = workingDirectory;
  }

  get calls(): Record<MethodName, ProviderCall> {
    const { resources, dataSources } = this.#provider;
    return {
      GetProviderSchema: async () => ({
        provider: schemaMessage(this.#provider.schema),
        resourceSchemas: schemaMessages(resources),
        dataSourceSchemas: schemaMessages(dataSources),
      }),
      ValidateProviderConfig: (request) => this.#validate(request, this.#provider),
      ValidateResourceConfig: (request) =>
        this.#validate(request, pick(resources, request.typeName)),
      ValidateDataResourceConfig: (request) =>
        this.#validate(request, pick(dataSources, request.typeName)),
      ConfigureProvider: (request) =>
        this.#answer(async () => {
          const config = object(request.config, this.#provider.schema);
          this.#client = this.#provider.configure(config ?? {});
          return {};
        }),
      UpgradeResourceState: (request) => this.#upgrade(request),
      ReadResource: (request) => this.#read(request),
      PlanResourceChange: (request) => this.#plan(request),
      ApplyResourceChange: (request) => this.#apply(request),
      ImportResourceState: (request) => this.#import(request),
      ReadDataSource: (request) => this.#readData(request),
      StopProvider: async () => {
        this.#stop.request();
        return {};
      },
    };
  }

  async #answer(
    call: (context: CallContext) => Promise<object>,
    onFailure: object = {},
  ): Promise<object> {
    const diagnostics = new Diagnostics();
    let answer = onFailure;
    try {
      answer = await call({
        diagnostics,
        stop: this.#stop,
        workingDirectory: this.#workingDirectory,
      });
    } catch (thrown) {
      diagnostics.failure(thrown);
    }
    return { ...answer, diagnostics: diagnostics.messages };
  }

  #validate(
    request: ProviderRequest,
    definition: {
      readonly schema: Schema;
      validate?(config: ObjectValue, context: CallContext): void | Promise<void>;
    },
  ): Promise<object> {
    return this.#answer(async (context) => {
      const config = object(request.config, definition.schema);
      if (!config) return {};
      validateConfig(definition.schema.attributes, config, context.diagnostics);
      if (!context.diagnostics.hasErrors) await definition.validate?.(config, context);
      return {};
    });
  }

  #upgrade(request: ProviderRequest): Promise<object> {
    return this.#answer(async () => {
      const { schema } = this.#resource(request);
      return { upgradedState: message(keptState(request, schema), schema) };
    });
  }

  #read(request: ProviderRequest): Promise<object> {
    return this.#answer(
      async (context) => {
        const resource = this.#resource(request);
        const state = object(request.currentState, resource.schema);
        if (!state) return { newState: request.currentState };
        const full = this.#withClient(context, new PrivateState(request.private));
        const read = await resource.read(state, full);
        return {
          newState: message(read ?? null, resource.schema),
          private: full.private.encode(),
        };
      },
      // A refresh that failed must not look like a change.
      { newState: request.currentState, private: request.private ?? new Uint8Array() },
    );
  }

  #plan(request: ProviderRequest): Promise<object> {
    return this.#answer(async (context) => {
      const resource = this.#resource(request);
      const { attributes } = resource.schema;
      const proposed = object(request.proposedNewState, resource.schema);
      const kept = request.priorPrivate ?? new Uint8Array();
      if (!proposed) return { plannedState: request.proposedNewState, plannedPrivate: kept };
      const prior = object(request.priorState, resource.schema);
      const config = object(request.config, resource.schema) ?? {};
      const plan = planChange(attributes, prior, proposed, config);
      const adjusted = await resource.adjustPlan?.(
        { config, prior, planned: plan.planned },
        { ...context, private: new PrivateState(request.priorPrivate) },
      );
      const replaced = [...plan.requiresReplace, ...(adjusted?.requiresReplace ?? [])];
      return {
        plannedState: message(adjusted?.planned ?? plan.planned, resource.schema),
        plannedPrivate: kept,
        requiresReplace: [...new Set(replaced)].map((attributeName) => ({
          steps: [{ attributeName }],
        })),
      };
    });
  }

  #apply(request: ProviderRequest): Promise<object> {
    return this.#answer(
      async (context) => {
        const resource = this.#resource(request);
        const prior = object(request.priorState, resource.schema);
        const planned = object(request.plannedState, resource.schema);
        const config = object(request.config, resource.schema) ?? {};
        const full = this.#withClient(context, new PrivateState(request.plannedPrivate));
        if (!planned) {
          if (prior) await resource.delete(prior, full);
          return { newState: message(null, resource.schema) };
        }
        const state = prior
          ? await resource.update({ config, planned, prior }, full)
          : await this.#create(resource, { config, planned }, full);
        return { newState: finished(state, resource.schema), private: full.private.encode() };
      },
      { newState: request.priorState, private: request.plannedPrivate ?? new Uint8Array() },
    );
  }

  /** An object that exists must be in the state even when the rest of its creation failed. */
  async #create(
    resource: ResourceDefinition<Client>,
    input: { readonly config: ObjectValue; readonly planned: ObjectValue },
    context: ResourceContext<Client>,
  ): Promise<ObjectValue> {
    try {
      return await resource.create(input, context);
    } catch (thrown) {
      if (!(thrown instanceof PartialCreate)) throw thrown;
      context.diagnostics.failure(thrown.cause);
      return thrown.state;
    }
  }

  #import(request: ProviderRequest): Promise<object> {
    return this.#answer(async (context) => {
      const resource = this.#resource(request);
      const full = this.#withClient(context, new PrivateState(undefined));
      const state = await resource.importState(request.id ?? "", full);
      return {
        importedResources: [
          {
            typeName: request.typeName,
            state: message(state, resource.schema),
            private: full.private.encode(),
          },
        ],
      };
    });
  }

  #readData(request: ProviderRequest): Promise<object> {
    return this.#answer(async (context) => {
      const source: DataSourceDefinition<Client> = pick(
        this.#provider.dataSources,
        request.typeName,
      );
      const config = object(request.config, source.schema) ?? {};
      const state = await source.read(config, { ...context, client: this.#configured() });
      return { state: message(state, source.schema) };
    });
  }

  #resource(request: ProviderRequest): ResourceDefinition<Client> {
    return pick(this.#provider.resources, request.typeName);
  }

  #withClient(context: CallContext, own: PrivateState): ResourceContext<Client> {
    return { ...context, client: this.#configured(), private: own };
  }

  #configured(): Client {
    if (this.#client === undefined) {
      throw new ProviderError(
        "Provider not configured",
        `Terraform asked ${this.#provider.source} to act before it configured it.`,
      );
    }
    return this.#client;
  }
}
