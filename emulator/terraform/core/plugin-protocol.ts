import type { ServiceDefinition } from "@grpc/grpc-js";
import { fromJSON } from "@grpc/proto-loader";

/*
 * The part of Terraform's plugin protocol 6 that a provider of resources and data sources needs.
 * Names of messages never travel; names of the service and its calls, and the numbers, do.
 * Described in code, so that nothing is read from disk and a bundle is complete.
 */

type Field = readonly [number: number, type: string, rule?: "repeated" | "map"];
type Message = Readonly<Record<string, Field>>;

const messages = {
  Empty: {},
  DynamicValue: { msgpack: [1, "bytes"], json: [2, "bytes"] },
  RawState: { json: [1, "bytes"], flatmap: [2, "string", "map"] },
  Step: { attributeName: [1, "string"] },
  AttributePath: { steps: [1, "Step", "repeated"] },
  Diagnostic: {
    severity: [1, "int32"],
    summary: [2, "string"],
    detail: [3, "string"],
    attribute: [4, "AttributePath"],
  },
  Attribute: {
    name: [1, "string"],
    type: [2, "bytes"],
    required: [4, "bool"],
    optional: [5, "bool"],
    computed: [6, "bool"],
    sensitive: [7, "bool"],
    deprecated: [9, "bool"],
    nestedType: [10, "NestedObject"],
    writeOnly: [11, "bool"],
  },
  NestedObject: { attributes: [1, "Attribute", "repeated"], nesting: [3, "int32"] },
  Block: { version: [1, "int64"], attributes: [2, "Attribute", "repeated"] },
  Schema: { version: [1, "int64"], block: [2, "Block"] },
  Capabilities: { planDestroy: [1, "bool"], getProviderSchemaOptional: [2, "bool"] },
  SchemasResponse: {
    provider: [1, "Schema"],
    resourceSchemas: [2, "Schema", "map"],
    dataSourceSchemas: [3, "Schema", "map"],
    diagnostics: [4, "Diagnostic", "repeated"],
    serverCapabilities: [6, "Capabilities"],
  },
  ConfigRequest: { config: [1, "DynamicValue"] },
  // The one validation answer whose diagnostics have number 2.
  ValidateProviderResponse: { diagnostics: [2, "Diagnostic", "repeated"] },
  DiagnosticsResponse: { diagnostics: [1, "Diagnostic", "repeated"] },
  TypedConfigRequest: { typeName: [1, "string"], config: [2, "DynamicValue"] },
  ConfigureRequest: { terraformVersion: [1, "string"], config: [2, "DynamicValue"] },
  UpgradeRequest: { typeName: [1, "string"], version: [2, "int64"], rawState: [3, "RawState"] },
  UpgradeResponse: {
    upgradedState: [1, "DynamicValue"],
    diagnostics: [2, "Diagnostic", "repeated"],
  },
  ReadRequest: {
    typeName: [1, "string"],
    currentState: [2, "DynamicValue"],
    private: [3, "bytes"],
  },
  ReadResponse: {
    newState: [1, "DynamicValue"],
    diagnostics: [2, "Diagnostic", "repeated"],
    private: [3, "bytes"],
  },
  PlanRequest: {
    typeName: [1, "string"],
    priorState: [2, "DynamicValue"],
    proposedNewState: [3, "DynamicValue"],
    config: [4, "DynamicValue"],
    priorPrivate: [5, "bytes"],
  },
  PlanResponse: {
    plannedState: [1, "DynamicValue"],
    requiresReplace: [2, "AttributePath", "repeated"],
    plannedPrivate: [3, "bytes"],
    diagnostics: [4, "Diagnostic", "repeated"],
  },
  ApplyRequest: {
    typeName: [1, "string"],
    priorState: [2, "DynamicValue"],
    plannedState: [3, "DynamicValue"],
    config: [4, "DynamicValue"],
    plannedPrivate: [5, "bytes"],
  },
  ApplyResponse: {
    newState: [1, "DynamicValue"],
    private: [2, "bytes"],
    diagnostics: [3, "Diagnostic", "repeated"],
  },
  ImportRequest: { typeName: [1, "string"], id: [2, "string"] },
  ImportedResource: {
    typeName: [1, "string"],
    state: [2, "DynamicValue"],
    private: [3, "bytes"],
  },
  ImportResponse: {
    importedResources: [1, "ImportedResource", "repeated"],
    diagnostics: [2, "Diagnostic", "repeated"],
  },
  ReadDataResponse: { state: [1, "DynamicValue"], diagnostics: [2, "Diagnostic", "repeated"] },
  StopResponse: { error: [1, "string"] },
} as const satisfies Record<string, Message>;

const methods = {
  GetProviderSchema: ["Empty", "SchemasResponse"],
  ValidateProviderConfig: ["ConfigRequest", "ValidateProviderResponse"],
  ValidateResourceConfig: ["TypedConfigRequest", "DiagnosticsResponse"],
  ValidateDataResourceConfig: ["TypedConfigRequest", "DiagnosticsResponse"],
  UpgradeResourceState: ["UpgradeRequest", "UpgradeResponse"],
  ConfigureProvider: ["ConfigureRequest", "DiagnosticsResponse"],
  ReadResource: ["ReadRequest", "ReadResponse"],
  PlanResourceChange: ["PlanRequest", "PlanResponse"],
  ApplyResourceChange: ["ApplyRequest", "ApplyResponse"],
  ImportResourceState: ["ImportRequest", "ImportResponse"],
  ReadDataSource: ["TypedConfigRequest", "ReadDataResponse"],
  StopProvider: ["Empty", "StopResponse"],
} as const satisfies Record<string, readonly [keyof typeof messages, keyof typeof messages]>;

export type MethodName = keyof typeof methods;

export interface DynamicValueMessage {
  readonly msgpack?: Uint8Array;
  readonly json?: Uint8Array;
}

/** Requests as the protocol's message tables describe them; absent fields are undefined. */
export interface ProviderRequest {
  readonly typeName?: string;
  readonly id?: string;
  readonly version?: number;
  readonly config?: DynamicValueMessage;
  readonly rawState?: { readonly json?: Uint8Array };
  readonly currentState?: DynamicValueMessage;
  readonly priorState?: DynamicValueMessage;
  readonly proposedNewState?: DynamicValueMessage;
  readonly plannedState?: DynamicValueMessage;
  readonly private?: Uint8Array;
  readonly priorPrivate?: Uint8Array;
  readonly plannedPrivate?: Uint8Array;
}

export interface DiagnosticMessage {
  readonly severity: 1 | 2;
  readonly summary: string;
  readonly detail: string;
  readonly attribute?: AttributePathMessage;
}

export interface AttributePathMessage {
  readonly steps: readonly { readonly attributeName: string }[];
}

export interface AttributeMessage {
  readonly name: string;
  readonly type?: Uint8Array;
  readonly nestedType?: { readonly attributes: AttributeMessage[]; readonly nesting: number };
  readonly required: boolean;
  readonly optional: boolean;
  readonly computed: boolean;
  readonly sensitive: boolean;
  readonly deprecated: boolean;
  readonly writeOnly: boolean;
}

export interface SchemaMessage {
  readonly version: number;
  readonly block: { readonly version: number; readonly attributes: AttributeMessage[] };
}

function describe(message: Message): object {
  return {
    fields: Object.fromEntries(
      Object.entries(message).map(([name, [id, type, rule]]) => [
        name,
        {
          id,
          type,
          ...(rule === "repeated" && { rule }),
          ...(rule === "map" && { keyType: "string" }),
        },
      ]),
    ),
  };
}

/** The provider service, ready for a gRPC server. */
export function loadProviderService(): ServiceDefinition {
  const definition = fromJSON(
    {
      nested: {
        tfplugin6: {
          nested: {
            ...Object.fromEntries(
              Object.entries(messages).map(([name, message]) => [name, describe(message)]),
            ),
            Provider: {
              methods: Object.fromEntries(
                Object.entries(methods).map(([name, [requestType, responseType]]) => [
                  name,
                  { requestType, responseType },
                ]),
              ),
            },
          },
        },
      },
    } as Parameters<typeof fromJSON>[0],
    { keepCase: true, longs: Number, defaults: false },
  );
  return definition["tfplugin6.Provider"] as ServiceDefinition;
}
