import type { ObjectValue } from "../core/cty-value.js";
import type { JsonObject } from "../core/exact-json.js";
import type { PlanAdjustment, PlanInput } from "../core/provider-definition.js";
import type { Schema } from "../core/schema.js";

/**
 * A resource the real provider's generator made: the attributes are the body, the answer's `result`
 * are the attributes. What differs between them is data here, so that each keeps its own faults.
 */
export interface CrudDefinition {
  readonly schema: Schema;
  /** What it is called in messages. */
  readonly title: string;
  /** Attributes that stand in the path only. */
  readonly inPath: readonly string[];
  /** Attributes a refresh leaves as they are. */
  readonly notRefreshed?: readonly string[];
  /** Times that lose what is below a second, as the real provider parses them. */
  readonly times?: readonly string[];
  /** The attribute `id` repeats. */
  readonly idFrom?: string;
  readonly createMethod: "POST" | "PUT";
  /** Where one is made. */
  collection(state: ObjectValue): string;
  /** Where it is afterwards. */
  item(state: ObjectValue): string;
  /** @default the whole body, as JSON, at `item` */
  readonly update?: {
    readonly method: "PATCH";
    /** Instead of a body. */
    headers(state: ObjectValue): Record<string, string>;
  };
  headers?(state: ObjectValue): Record<string, string>;
  /** The API's own names, where the attributes have others. */
  encode?(body: JsonObject): JsonObject;
  decode?(answer: JsonObject): JsonObject;
  /** The body of a creation that differs from that of a change. */
  createBody?(body: JsonObject): JsonObject;
  adjustPlan?(input: PlanInput): PlanAdjustment | undefined;
  /** Repairs what the API leaves out. */
  repair?(state: ObjectValue): ObjectValue;
  /** Names of an import id's segments; not set where the real provider cannot import. */
  readonly importId?: readonly string[];
}
