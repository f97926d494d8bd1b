import {
  gatewayBounds,
  type RateLimitingTechnique,
  rateLimitingTechniques,
} from "../../../protocol/gateway-settings.js";
import { checkInteger, checkWord, type Rule, show, showNumber } from "../../prop-rules.js";

/** How many requests are let through. */
interface Props {
  readonly rateLimitingLimit?: number;
  readonly rateLimitingInterval?: number;
  readonly rateLimitingTechnique?: RateLimitingTechnique;
}

const off = (value: number | undefined): boolean => value === undefined || value === 0;

export const rateLimitingLimitRules: readonly Rule<Props>[] = [
  {
    name: "gateway-rate-limiting-limit",
    check: (props) =>
      checkInteger("rateLimitingLimit", props.rateLimitingLimit, gatewayBounds.rate_limiting_limit),
  },
  {
    name: "gateway-limit-without-interval",
    check: ({ rateLimitingLimit, rateLimitingInterval }) =>
      !off(rateLimitingLimit) && off(rateLimitingInterval)
        ? `rateLimitingLimit: got ${showNumber(rateLimitingLimit)} without rateLimitingInterval; requests are counted over a number of seconds. Set rateLimitingInterval too, or remove rateLimitingLimit.`
        : undefined,
  },
];

export const rateLimitingIntervalRules: readonly Rule<Props>[] = [
  {
    name: "gateway-rate-limiting-interval",
    check: (props) =>
      checkInteger(
        "rateLimitingInterval",
        props.rateLimitingInterval,
        gatewayBounds.rate_limiting_interval,
      ),
  },
  {
    name: "gateway-interval-without-limit",
    check: ({ rateLimitingLimit, rateLimitingInterval }) =>
      !off(rateLimitingInterval) && off(rateLimitingLimit)
        ? `rateLimitingInterval: got ${showNumber(rateLimitingInterval)} without rateLimitingLimit; no request would be counted. Set rateLimitingLimit too, or remove rateLimitingInterval.`
        : undefined,
  },
];

export const rateLimitingTechniqueRules: readonly Rule<Props>[] = [
  {
    name: "gateway-rate-limiting-technique",
    check: (props) =>
      checkWord("rateLimitingTechnique", props.rateLimitingTechnique, rateLimitingTechniques),
  },
  {
    name: "gateway-technique-without-limit",
    check: ({ rateLimitingLimit, rateLimitingTechnique }) =>
      rateLimitingTechnique !== undefined && off(rateLimitingLimit)
        ? `rateLimitingTechnique: got ${show(rateLimitingTechnique)} without rateLimitingLimit; no request would be counted. Set rateLimitingLimit and rateLimitingInterval, or remove rateLimitingTechnique.`
        : undefined,
  },
];
