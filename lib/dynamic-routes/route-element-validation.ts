import { isToken } from "../terraform-text.js";
import { routeLimitTypes } from "./route-element.js";
import { type RouteGraphRule, wrongElement } from "./route-graph-rule.js";
import type { LooseElement } from "./route-paths.js";

/** Tries after the first one: what a gateway's own retries go to. */
const MAX_ROUTE_RETRIES = 5;

/** A row about one property of one type of element. */
function rule(
  name: string,
  type: string,
  property: string,
  fits: (value: unknown, element: LooseElement) => boolean,
  allowed: string,
): RouteGraphRule {
  return {
    name,
    check: (elements) =>
      elements
        .filter((element) => {
          const value = element.properties[property];
          return element.type === type && !isToken(value) && !fits(value, element);
        })
        .map((element) => wrongElement(element, property, element.properties[property], allowed)),
  };
}

const text = (value: unknown): boolean => typeof value === "string" && value.trim() !== "";

const whole =
  (min: number, max = Number.MAX_SAFE_INTEGER) =>
  (value: unknown): boolean =>
    Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;

const limit = (value: unknown, { properties: { limitType } }: LooseElement): boolean =>
  limitType === "cost"
    ? typeof value === "number" && Number.isFinite(value) && value > 0
    : whole(1)(value);

const conditions = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.keys(value).length > 0 && isJson(value);

/** What JSON keeps as it is; a value that holds itself is none. */
function isJson(value: unknown, around: readonly unknown[] = []): boolean {
  if (isToken(value)) return true;
  if (typeof value === "object" && value !== null) {
    return (
      !around.includes(value) &&
      Object.values(value).every((one) => isJson(one, [...around, value]))
    );
  }
  return typeof value === "number"
    ? Number.isFinite(value)
    : value === null || ["string", "boolean"].includes(typeof value);
}

/** What the properties of elements are checked for. */
export const propertyRules: readonly RouteGraphRule[] = [
  rule(
    "dynamic-route-conditions",
    "conditional",
    "conditions",
    conditions,
    'an object of JSON such as { "metadata.plan": { $eq: "free" } }',
  ),
  rule("dynamic-route-rate-key", "rate", "key", text, 'a text such as "metadata.user"'),
  rule(
    "dynamic-route-rate-limit",
    "rate",
    "limit",
    limit,
    'a whole number of requests, 1 or more, or with limitType "cost" dollars, more than 0',
  ),
  rule(
    "dynamic-route-rate-limit-type",
    "rate",
    "limitType",
    (value) => (routeLimitTypes as readonly unknown[]).includes(value),
    routeLimitTypes.map((type) => `"${type}"`).join(" or "),
  ),
  rule(
    "dynamic-route-rate-window",
    "rate",
    "window",
    whole(1),
    'a whole number of seconds, 1 or more, or a text such as "30s", "5m", "1h" or "7d"',
  ),
  rule("dynamic-route-model-provider", "model", "provider", text, 'a text such as "openai"'),
  rule("dynamic-route-model-model", "model", "model", text, 'a text such as "gpt-4o"'),
  rule(
    "dynamic-route-model-timeout",
    "model",
    "timeout",
    whole(1),
    "a whole number of milliseconds, 1 or more",
  ),
  rule(
    "dynamic-route-model-retries",
    "model",
    "retries",
    whole(0, MAX_ROUTE_RETRIES),
    `a whole number of retries, 0 to ${MAX_ROUTE_RETRIES}`,
  ),
];
