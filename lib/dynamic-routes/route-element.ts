/** Where a request goes next: to the element with this id. */
export interface RouteEdge {
  readonly elementId: string;
}

type Outputs<Name extends string> = { readonly [Output in Name]: RouteEdge };

/** Where every request begins. A graph has exactly one. */
export interface StartElement {
  readonly id: string;
  readonly type: "start";
  readonly outputs: Outputs<"next">;
}

/** Asks something of the request: of its metadata, its headers, its body. */
export interface ConditionalElement {
  readonly id: string;
  readonly type: "conditional";
  readonly properties: { readonly conditions: RouteConditions };
  readonly outputs: Outputs<"true" | "false">;
}

/** Divides the traffic: an output is a share such as "10%", or "else" for the rest. */
export interface PercentageElement {
  readonly id: string;
  readonly type: "percentage";
  readonly outputs: { readonly [share: string]: RouteEdge };
}

/** Counts requests or dollars; what is over the limit takes the fallback. */
export interface RateElement {
  readonly id: string;
  readonly type: "rate";
  readonly properties: {
    /** What is counted apart, such as "metadata.user". */
    readonly key: string;
    /** Requests, or US dollars where `limitType` is "cost". */
    readonly limit: number;
    readonly limitType: RouteLimitType;
    /** Seconds. */
    readonly window: number;
  };
  readonly outputs: Outputs<"success" | "fallback">;
}

/** Asks a model; where it fails, the request takes the fallback. */
export interface ModelElement {
  readonly id: string;
  readonly type: "model";
  readonly properties: {
    readonly provider: string;
    readonly model: string;
    /** Milliseconds until the answer has begun. */
    readonly timeout: number;
    readonly retries: number;
  };
  readonly outputs: Outputs<"success" | "fallback">;
}

/** Where a path ends: the request has its answer. */
export interface EndElement {
  readonly id: string;
  readonly type: "end";
  readonly outputs: Readonly<Record<string, never>>;
}

/**
 * A node of a dynamic route's graph, in the words of the REST API.
 * @see https://developers.cloudflare.com/ai-gateway/features/dynamic-routing/json-configuration/
 */
export type RouteElement =
  | StartElement
  | ConditionalElement
  | PercentageElement
  | RateElement
  | ModelElement
  | EndElement;

/** What a rate counts: requests, or what they cost. */
export type RouteLimitType = (typeof routeLimitTypes)[number];
export const routeLimitTypes = ["count", "cost"] as const;

/**
 * Conditions as JSON, with the operators of Cloudflare's dashboard: `{ "metadata.plan": { $eq: "free" } }`. Their
 * operators are not judged here.
 */
export type RouteConditions = { readonly [field: string]: unknown };

/** The properties each type of element has. */
export const propertiesOf = {
  start: [],
  conditional: ["conditions"],
  percentage: [],
  rate: ["key", "limit", "limitType", "window"],
  model: ["provider", "model", "timeout", "retries"],
  end: [],
} as const satisfies Record<RouteElement["type"], readonly string[]>;

/** The outputs each type of element has; a percentage's are its shares. */
export const outputsOf: Readonly<Record<string, readonly string[] | undefined>> = {
  start: ["next"],
  conditional: ["true", "false"],
  percentage: undefined,
  rate: ["success", "fallback"],
  model: ["success", "fallback"],
  end: [],
} satisfies Record<RouteElement["type"], readonly string[] | undefined>;
