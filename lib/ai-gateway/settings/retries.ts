import {
  gatewayBounds,
  type RetryBackoff,
  retryBackoffs,
} from "../../../protocol/gateway-settings.js";
import { checkInteger, checkWord, type Rule, show, showNumber } from "../../prop-rules.js";

/** How often a request is sent again that failed. */
interface Props {
  readonly retryMaxAttempts?: number;
  readonly retryDelay?: number;
  readonly retryBackoff?: RetryBackoff;
}

export const retryMaxAttemptsRules: readonly Rule<Props>[] = [
  {
    name: "gateway-retry-max-attempts",
    check: (props) =>
      checkInteger("retryMaxAttempts", props.retryMaxAttempts, gatewayBounds.retry_max_attempts),
  },
];

export const retryDelayRules: readonly Rule<Props>[] = [
  {
    name: "gateway-retry-delay",
    check: ({ retryDelay }) => checkInteger("retryDelay", retryDelay, gatewayBounds.retry_delay),
  },
  {
    name: "gateway-retry-delay-without-attempts",
    check: ({ retryDelay, retryMaxAttempts }) =>
      retryDelay !== undefined && retryMaxAttempts === undefined
        ? `retryDelay: got ${showNumber(retryDelay)} without retryMaxAttempts; nothing would be sent again. Set retryMaxAttempts (1 to 5), or remove retryDelay.`
        : undefined,
  },
];

export const retryBackoffRules: readonly Rule<Props>[] = [
  {
    name: "gateway-retry-backoff",
    check: ({ retryBackoff }) => checkWord("retryBackoff", retryBackoff, retryBackoffs),
  },
  {
    name: "gateway-retry-backoff-without-attempts",
    check: ({ retryBackoff, retryMaxAttempts }) =>
      retryBackoff !== undefined && retryMaxAttempts === undefined
        ? `retryBackoff: got ${show(retryBackoff)} without retryMaxAttempts; nothing would be sent again. Set retryMaxAttempts (1 to 5), or remove retryBackoff.`
        : undefined,
  },
];
