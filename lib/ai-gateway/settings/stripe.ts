import { type Rule, show, showNoText, unknownKeys } from "../../prop-rules.js";
import { checkSecret, type SecretText } from "../../secret-text.js";
import { isToken } from "../../terraform-text.js";
import { isWrittenObject } from "./written-out.js";

/** Usage events that the gateway sends to Stripe, to bill your own customers by. */
export interface StripeUsage {
  /** Stripe's key. A secret. */
  readonly authorization: SecretText;

  /** The events, at least one. */
  readonly usageEvents: readonly StripeUsageEvent[];
}

export interface StripeUsageEvent {
  /** The event's payload, as Stripe takes it. */
  readonly payload: string;
}

interface Props {
  readonly stripe?: StripeUsage;
}

/**
 * Stands in for the key where a gateway is made: the API asks for one there, and the request after it sends
 * the real one.
 */
export const STRIPE_PLACEHOLDER = "sent-with-the-next-request";

/** The setting without its secret: what may be in a plan and in the state. */
export interface ShownStripe {
  readonly authorization: string;
  readonly usage_events: readonly StripeUsageEvent[];
}

export const renderShownStripe = ({ usageEvents }: StripeUsage): ShownStripe => ({
  authorization: STRIPE_PLACEHOLDER,
  usage_events: usageEvents.map(({ payload }) => ({ payload })),
});

export const stripeRules: readonly Rule<Props>[] = [
  {
    name: "gateway-stripe",
    check: ({ stripe }) => {
      if (stripe === undefined) {
        return undefined;
      }
      if (!isWrittenObject(stripe)) {
        return `stripe: got ${isToken(stripe) ? "a token" : showNoText(stripe)}; allowed is { authorization: secret, usageEvents: [{ payload: "…" }] }.`;
      }
      return unknownKeys("stripe", stripe, ["authorization", "usageEvents"]);
    },
  },
  {
    name: "gateway-stripe-authorization",
    check: ({ stripe }) =>
      isWrittenObject(stripe)
        ? checkSecret("stripe.authorization", stripe.authorization, "stripe_authorization")
        : undefined,
  },
  {
    name: "gateway-stripe-usage-events",
    check: ({ stripe }) => (isWrittenObject(stripe) ? checkEvents(stripe.usageEvents) : undefined),
  },
];

function checkEvents(events: unknown): string | readonly string[] | undefined {
  if (!Array.isArray(events) || isToken(events) || events.length === 0) {
    const got = Array.isArray(events) ? "none" : isToken(events) ? "a token" : show(events);
    return `stripe.usageEvents: got ${got}; nothing would be sent. Write one at least, such as [{ payload: "…" }], or remove stripe.`;
  }
  return events.flatMap((event: unknown, index) => {
    const at = `stripe.usageEvents[${index}]`;
    const payload = isWrittenObject(event) ? event.payload : event;
    return typeof payload === "string" && payload.trim() !== "" && isWrittenObject(event)
      ? unknownKeys(at, event, ["payload"])
      : [`${at}: got ${show(payload)}; allowed is { payload: "…" }, a text that is not empty.`];
  });
}
