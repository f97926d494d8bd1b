import { type ObjectValue, text } from "../core/cty-value.js";

/** A path below the account, its segments from the state. */
export function accountPath(...segments: readonly string[]): (state: ObjectValue) => string {
  return (state) => `/accounts/${filled(state, "{account_id}")}/${joined(state, segments)}`;
}

/** A path below the zone. */
export function zonePath(...segments: readonly string[]): (state: ObjectValue) => string {
  return (state) => `/zones/${filled(state, "{zone_id}")}/${joined(state, segments)}`;
}

const joined = (state: ObjectValue, segments: readonly string[]): string =>
  segments.map((segment) => filled(state, segment)).join("/");

/** `{name}` is the state's attribute of that name. */
function filled(state: ObjectValue, segment: string): string {
  const name = /^\{(\w+)\}$/.exec(segment)?.[1];
  return name === undefined ? segment : encodeURIComponent(text(state[name]) ?? "");
}
