import { isObjectValue, type ObjectValue, UNKNOWN, type Value } from "../core/cty-value.js";
import { ProviderError } from "../core/diagnostics.js";
import type { Json, JsonObject } from "../core/exact-json.js";
import type {
  ApplyInput,
  ResourceContext,
  ResourceDefinition,
} from "../core/provider-definition.js";
import type { Attribute, Attributes } from "../core/schema.js";
import type { CloudflareClient } from "./cloudflare-client.js";
import type { CrudDefinition } from "./crud-definition.js";
import { attributeFromJson, withoutNulls } from "./json-attributes.js";

type Context = ResourceContext<CloudflareClient>;

/** The resource a definition describes. */
export function crudResource(definition: CrudDefinition): ResourceDefinition<CloudflareClient> {
  const { schema, title, adjustPlan } = definition;
  return {
    schema,
    ...(adjustPlan && { adjustPlan }),

    async create({ planned }: ApplyInput, { client, stop }: Context) {
      const body = requestBody(definition, planned, null);
      const answer = await client.result(
        `Creation of the ${title}`,
        {
          method: definition.createMethod,
          path: definition.collection(planned),
          headers: { ...jsonHeader, ...definition.headers?.(planned) },
          body: JSON.stringify(definition.createBody?.(body) ?? body),
        },
        stop,
      );
      return applied(definition, planned, decoded(definition, answer));
    },

    async update({ planned, prior }, { client, stop }) {
      const { update } = definition;
      const answer = await client.result(
        `Change of the ${title}`,
        {
          method: update?.method ?? "PUT",
          path: definition.item({ ...planned, ...identity(definition, prior) }),
          headers: {
            ...(update ? update.headers(planned) : jsonHeader),
            ...definition.headers?.(planned),
          },
          ...(!update && { body: JSON.stringify(requestBody(definition, planned, prior)) }),
        },
        stop,
      );
      return applied(definition, planned, decoded(definition, answer));
    },

    async read(state, { client, stop, diagnostics }) {
      const request = readRequest(definition, state);
      const answer = await client.result("Read", request, stop, { mayMiss: true });
      if (answer) return refreshed(definition, state, decoded(definition, answer));
      diagnostics.warning(
        "Resource not found",
        `The ${title} is not there any more; the plan will make it again.`,
      );
      return undefined;
    },

    async delete(state, { client, stop }) {
      const headers = definition.headers?.(state) ?? {};
      const request = { method: "DELETE", path: definition.item(state), headers };
      await client.send(`Removal of the ${title}`, request, stop);
    },

    async importState(id, { client, stop }) {
      const nothing = Object.fromEntries(
        Object.keys(schema.attributes).map((name) => [name, null]),
      );
      const state = { ...nothing, ...importedIdentity(definition, id) };
      const answer = await client.result("Import", readRequest(definition, state), stop);
      return refreshed(definition, state, decoded(definition, answer));
    },
  };
}

const decoded = ({ decode }: CrudDefinition, answer: JsonObject = {}): JsonObject =>
  decode?.(answer) ?? answer;

const jsonHeader = { "Content-Type": "application/json" };

function readRequest(definition: CrudDefinition, state: ObjectValue) {
  return {
    method: "GET",
    path: definition.item(state),
    headers: definition.headers?.(state) ?? {},
  };
}

/** Ids the plan may have open because the whole object is planned anew. */
function identity({ schema }: CrudDefinition, prior: ObjectValue): ObjectValue {
  return Object.fromEntries(
    Object.entries(schema.attributes)
      .filter(([, { presence, stable }]) => presence === "computed" && stable)
      .map(([name]) => [name, prior[name] ?? null]),
  );
}

/** Attributes that are in bodies and answers. */
const inJson = ({ schema, inPath, idFrom }: CrudDefinition): [string, Attribute][] =>
  Object.entries(schema.attributes).filter(
    ([name]) => !inPath.includes(name) && !(name === "id" && idFrom !== undefined),
  );

/** All that is set; what the change removes is null, as the real provider sends it. */
function requestBody(
  definition: CrudDefinition,
  planned: ObjectValue,
  prior: ObjectValue | null,
): JsonObject {
  const sent = inJson(definition).filter(([, { presence }]) => presence !== "computed");
  const body = changedAttributes(Object.fromEntries(sent), planned, prior ?? {});
  return definition.encode?.(body) ?? body;
}

function changedAttributes(
  attributes: Attributes,
  planned: ObjectValue,
  prior: ObjectValue,
): JsonObject {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, attribute]): [string, Json][] => {
      const json = changedValue(attribute, planned[name] ?? null, prior[name] ?? null);
      return json === undefined ? [] : [[name, json]];
    }),
  );
}

/** Below a single object, too, what the change removes is null; what is in a list is sent as it is. */
function changedValue({ nested }: Attribute, planned: Value, prior: Value): Json | undefined {
  if (planned === null && prior !== null) return null;
  const single = nested?.nesting === "single" && isObjectValue(planned) && isObjectValue(prior);
  return single ? changedAttributes(nested.attributes, planned, prior) : withoutNulls(planned);
}

/** After a change: the plan, with what it left open taken from the answer. */
function applied(
  definition: CrudDefinition,
  planned: ObjectValue,
  answer: JsonObject,
): ObjectValue {
  const state: ObjectValue = { ...planned };
  for (const [name, attribute] of inJson(definition)) {
    const told = fromAnswer(definition, name, attribute, answer);
    state[name] = closed(attribute, planned[name] ?? null, told);
  }
  return finished(definition, state);
}

function closed(attribute: Attribute, planned: Value, told: Value): Value {
  if (attribute.presence === "computed" || planned === UNKNOWN) return told;
  if (attribute.nested?.nesting !== "single" || !isObjectValue(planned)) return planned;
  return closedObject(attribute.nested.attributes, planned, isObjectValue(told) ? told : {});
}

function closedObject(
  attributes: Attributes,
  planned: ObjectValue,
  told: ObjectValue,
): ObjectValue {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, inner]) => [
      name,
      closed(inner, planned[name] ?? null, told[name] ?? null),
    ]),
  );
}

/** After a read: the answer, also where it says nothing. */
function refreshed(
  definition: CrudDefinition,
  state: ObjectValue,
  answer: JsonObject,
): ObjectValue {
  const next: ObjectValue = { ...state };
  for (const [name, attribute] of inJson(definition)) {
    if (definition.notRefreshed?.includes(name)) continue;
    next[name] = fromAnswer(definition, name, attribute, answer);
  }
  return finished(definition, next);
}

function finished({ idFrom, repair }: CrudDefinition, state: ObjectValue): ObjectValue {
  const named: ObjectValue = idFrom === undefined ? state : { ...state, id: state[idFrom] ?? null };
  return repair?.(named) ?? named;
}

function fromAnswer(
  definition: CrudDefinition,
  name: string,
  attribute: Attribute,
  answer: JsonObject,
): Value {
  const value = attributeFromJson(attribute, answer[name]);
  return definition.times?.includes(name) ? wholeSeconds(value) : value;
}

function wholeSeconds(value: Value): Value {
  return typeof value === "string" ? value.replace(/\.\d+(?=Z|[+-])/, "") : value;
}

function importedIdentity({ title, importId }: CrudDefinition, id: string): ObjectValue {
  if (!importId) {
    throw new ProviderError(
      "Resource Import Not Implemented",
      `Version 5.14.0 of the provider cannot import a ${title}.`,
    );
  }
  const segments = id.split("/").map(decodeURIComponent);
  if (segments.length !== importId.length || segments.includes("")) {
    const form = importId.map((name) => `<${name}>`).join("/");
    throw new ProviderError("Invalid import id", `Got "${id}"; expected ${form}.`);
  }
  return Object.fromEntries(importId.map((name, index) => [name, segments[index] ?? null]));
}
