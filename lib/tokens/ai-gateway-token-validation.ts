import { isIP } from "node:net";
import { deletionProtectionRule } from "../deletion-protection.js";
import { applyRules, isRecord, type PropRules, show, wrongValue } from "../prop-rules.js";
import { isToken } from "../terraform-text.js";
import { isText, matches } from "../text-checks.js";
import type { AiGatewayTokenProps } from "./ai-gateway-token-props.js";

/** Longest name of a token, in characters. */
export const TOKEN_NAME_MAX_LENGTH = 120;

/** What a token's props are checked for. */
export const aiGatewayTokenRules: PropRules<AiGatewayTokenProps> = {
  name: [
    {
      name: "token-name",
      check: ({ name }) =>
        name === undefined || (matches(name, /^(?=.*\S).{1,120}$/) && isText(name))
          ? undefined
          : wrongValue("name", name, `a text of 1 to ${TOKEN_NAME_MAX_LENGTH} characters`),
    },
  ],
  expiresOn: [
    { name: "token-expires-on", check: ({ expiresOn }) => checkTime("expiresOn", expiresOn) },
    {
      name: "token-expires-before-it-begins",
      check: ({ expiresOn, notBefore }) =>
        isTime(expiresOn) && isTime(notBefore) && expiresOn <= notBefore
          ? `expiresOn: got ${show(expiresOn)} with notBefore ${show(notBefore)}; the token would never be good. Set a later expiresOn, or remove notBefore.`
          : undefined,
    },
  ],
  notBefore: [
    { name: "token-not-before", check: ({ notBefore }) => checkTime("notBefore", notBefore) },
  ],
  condition: [{ name: "token-condition", check: ({ condition }) => checkCondition(condition) }],
  rotation: [
    {
      name: "token-rotation",
      check: ({ rotation }) =>
        rotation === undefined || isText(rotation)
          ? undefined
          : wrongValue(
              "rotation",
              rotation,
              'a text that is another one each time, such as "2026-12"',
            ),
    },
  ],
  deletionProtection: deletionProtectionRule("token-deletion-protection"),
};

/** All that is wrong with a token's props. What only Terraform knows is not judged. */
export const validateTokenProps = (props: AiGatewayTokenProps): readonly string[] =>
  applyRules(aiGatewayTokenRules, props);

const timePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

const hasFormOfTime = (time: unknown): time is string =>
  typeof time === "string" && timePattern.test(time);

// Read back in another form, it would be a change in every plan.
const isTime = (time: unknown): time is string =>
  hasFormOfTime(time) &&
  !Number.isNaN(Date.parse(time)) &&
  new Date(time).toISOString() === time.replace("Z", ".000Z");

function checkTime(prop: string, time: unknown): string | undefined {
  if (time === undefined || isToken(time) || isTime(time)) return undefined;
  return hasFormOfTime(time)
    ? `${prop}: got ${show(time)}; there is no such day or no such time of day. Correct it, or write the one after it.`
    : wrongValue(prop, time, 'a time in UTC to the second, such as "2027-01-31T00:00:00Z"');
}

function checkCondition(condition: AiGatewayTokenProps["condition"]): string | undefined {
  if (condition === undefined) return undefined;
  // What only Terraform knows could turn out to be no restriction.
  if (isToken(condition) || isToken(condition?.requestIp)) {
    return 'condition: got a token; allowed is an object that is written out, such as { requestIp: { in: ["192.0.2.0/24"] } }, whose addresses may be tokens.';
  }
  if (!isRecord(condition ?? {})) {
    return wrongValue("condition", condition, 'an object, { requestIp: { in: ["192.0.2.0/24"] } }');
  }
  const { requestIp, ...others } = condition ?? {};
  const [odd] = Object.keys(others);
  if (odd !== undefined) return wrongValue("condition", odd, '"requestIp"');
  if (!isRecord(requestIp ?? {})) {
    return wrongValue("condition.requestIp", requestIp, 'an object, { in: ["192.0.2.0/24"] }');
  }
  const lists = Object.entries(requestIp ?? {}).filter(([, ranges]) => ranges !== undefined);
  if (lists.length === 0) {
    return "condition: got none; allowed is { requestIp: { in: […], notIn: […] } } with at least one of the two. Remove condition for a token without one.";
  }
  for (const [key, ranges] of lists) {
    const prop = `condition.requestIp.${key}`;
    if (key !== "in" && key !== "notIn")
      return wrongValue("condition.requestIp", key, '"in" and "notIn"');
    if (isToken(ranges)) continue;
    const allowed = 'an array of one or more addresses and CIDR ranges, such as ["192.0.2.0/24"]';
    if (!Array.isArray(ranges)) return wrongValue(prop, ranges, allowed);
    if (ranges.length === 0) {
      const without = lists.length === 1 ? "condition" : `condition.requestIp.${key}`;
      return `${wrongValue(prop, ranges, allowed)} Remove ${without} to restrict nothing by it.`;
    }
    const wrong = ranges.find((range) => !isToken(range) && !isRange(range));
    if (wrong !== undefined) return wrongValue(prop, wrong, allowed);
  }
  return undefined;
}

function isRange(range: unknown): boolean {
  if (typeof range !== "string") return false;
  const [address = "", bits, ...more] = range.split("/");
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
  );
}
