import type { responseHeader } from "../protocol/headers.js";
import type { GatewayResponse } from "./platform.js";

/** What the gateway says about an answer. A fact it does not give is `undefined`. */
export interface GatewayFacts {
  /** `HIT`: from the gateway's cache. `MISS`: from the provider. */
  readonly cacheStatus: "HIT" | "MISS" | undefined;
  /** For `getLog` and `patchLog`. */
  readonly logId: string | undefined;
  /** Which request of an array answered, counted from 0. */
  readonly step: number | undefined;
  /** The `eventId` of the call, or the gateway's own. */
  readonly eventId: string | undefined;
}

// Not the protocol's table itself, which would be in every bundle whole; its type still checks.
type FactHeader = (typeof responseHeader)["cacheStatus" | "logId" | "step" | "eventId"];

/**
 * Reads the gateway's facts of a response; the body stays unread.
 *
 * @example
 * ```ts
 * const response = await gateway.run(request);
 * console.log(gatewayFacts(response).cacheStatus); // "MISS", and on the next call "HIT"
 * ```
 */
export function gatewayFacts({ headers }: Pick<GatewayResponse, "headers">): GatewayFacts {
  const get = (name: FactHeader) => headers.get(name) ?? undefined;
  const step = get("cf-aig-step");
  return {
    cacheStatus: get("cf-aig-cache-status") as GatewayFacts["cacheStatus"],
    logId: get("cf-aig-log-id"),
    step: step === undefined ? step : +step,
    eventId: get("cf-aig-event-id"),
  };
}
