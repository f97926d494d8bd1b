import { show } from "../prop-rules.js";
import type { AiGatewayTokenProps } from "./ai-gateway-token-props.js";

/** What is odd about a token, but no mistake. */
export const tokenHints = [
  {
    // No error: what synthesized yesterday does so tomorrow, for a deploy of the rest and for the destroy.
    name: "token-hint-expired",
    check: ({ expiresOn }: AiGatewayTokenProps, now: Date): string | undefined =>
      typeof expiresOn === "string" && Date.parse(expiresOn) <= now.getTime()
        ? `expiresOn: got ${show(expiresOn)}, which has passed: gateways refuse the token. Set a later time, or remove expiresOn.`
        : undefined,
  },
] as const;

/**
 * The hints that apply.
 * @param now When it is asked @default now
 */
export const tokenHintsFor = (
  props: AiGatewayTokenProps,
  now: Date = new Date(),
): readonly string[] => tokenHints.flatMap(({ check }) => check(props, now) ?? []);
