import { gatewayRule } from "../ai-gateway/is-gateway.js";
import { deletionProtectionRule } from "../deletion-protection.js";
import { checkExactNumber } from "../exact-number.js";
import { didYouMean } from "../nearest-word.js";
import {
  applyRules,
  type PropRules,
  type Rule,
  requireWord,
  show,
  wrongValue,
} from "../prop-rules.js";
import { isToken } from "../terraform-text.js";
import { checkText, isText } from "../text-checks.js";
import { hugeNumber } from "../unusual-numbers.js";
import { type GatewayPolicyProps, policyPeriods } from "./gateway-policy-props.js";

const textRule = (
  prop: "name" | "condition",
  name: string,
): readonly Rule<GatewayPolicyProps>[] => [
  { name, check: (props) => checkText(prop, props[prop]) },
];

/** What a policy's props are checked for. */
export const gatewayPolicyRules: PropRules<GatewayPolicyProps> = {
  gateway: gatewayRule("gateway-policy-gateway"),
  name: textRule("name", "gateway-policy-name"),
  actor: [{ name: "gateway-policy-actor", check: ({ actor }) => checkActor(actor) }],
  resource: [{ name: "gateway-policy-resource", check: ({ resource }) => checkResource(resource) }],
  condition: textRule("condition", "gateway-policy-condition"),
  action: [
    { name: "gateway-policy-action", check: ({ action }) => checkAction(action) },
    { name: "gateway-policy-amount", check: ({ action }) => checkAmount(action) },
    {
      name: "gateway-policy-allowlist-of-all",
      check: ({ action, resource = "*" }) =>
        action?.type === "block" && action.except === true && resource === "*"
          ? 'action: got a block with except, while resource is "*"; nothing would be blocked. Name the allowed models in resource.'
          : undefined,
    },
  ],
  deletionProtection: deletionProtectionRule("gateway-policy-deletion-protection"),
};

/** What is odd about a policy's props, but no mistake: no highest amount is documented. */
export const gatewayPolicyHints: readonly Rule<GatewayPolicyProps>[] = [
  {
    name: "gateway-policy-hint-huge-amount",
    check: ({ action }) =>
      action?.type === "limit" ? hugeNumber("action.amount", action.amount) : undefined,
  },
];

/** All that is wrong with a policy's props. What only Terraform knows is not judged. */
export const validateGatewayPolicyProps = (props: GatewayPolicyProps): readonly string[] =>
  applyRules(gatewayPolicyRules, props);

function checkActor(actor: unknown): string | undefined {
  const problem = checkText("actor", actor);
  if (problem !== undefined || typeof actor !== "string" || isToken(actor)) {
    return problem;
  }
  return /^[^{}]*(\{[^{}]+\}[^{}]*)*$/.test(actor)
    ? undefined
    : wrongValue("actor", actor, 'a text with fields in braces, such as "user:{cf.user.id}"');
}

function checkResource(resource: unknown): string | undefined {
  if (resource === undefined || resource === "*" || isToken(resource)) {
    return undefined;
  }
  const allowed = '"*", or an object with model or provider, such as { model: "openai/gpt-*" }';
  if (typeof resource !== "object" || resource === null || Array.isArray(resource)) {
    return wrongValue("resource", resource, allowed);
  }
  const entries = Object.entries(resource).filter(([, names]) => names !== undefined);
  if (entries.length === 0) {
    return wrongValue("resource", resource, allowed);
  }
  for (const [key, names] of entries) {
    if (key !== "model" && key !== "provider") {
      return `resource.${key}: there is no such key; allowed is model and provider.${didYouMean(key, ["model", "provider"])}`;
    }
    const list: unknown[] = Array.isArray(names) ? names : [names];
    if (!isToken(names) && (list.length === 0 || !list.every(isText))) {
      return wrongValue(`resource.${key}`, names, "a text or an array of texts, one or more");
    }
    const wild = list.find((name) => typeof name === "string" && name.includes("*"));
    if (key === "provider" && wild !== undefined) {
      return `resource.provider: got ${show(wild)}; a provider has no wildcards. Name each, or leave provider out for all.`;
    }
  }
  return undefined;
}

const actionKeys = {
  "no-limit": ["type"],
  block: ["type", "except"],
  limit: ["type", "amount", "period"],
} as const;

function checkAction(action: unknown): string | undefined {
  if (typeof action !== "object" || action === null) {
    return wrongValue(
      "action",
      action,
      '{ type: "no-limit" }, { type: "block" } or { type: "limit", amount: 100, period: "monthly" }',
    );
  }
  const { type, except, period } = action as Record<string, unknown>;
  const word = requireWord("action.type", type, Object.keys(actionKeys));
  if (word !== undefined || isToken(type)) {
    return word;
  }
  const known: readonly string[] = actionKeys[type as keyof typeof actionKeys];
  const odd = Object.keys(action).find((key) => !known.includes(key));
  if (odd !== undefined) {
    return `action.${odd}: there is no such key for the type ${show(type)}; its keys are ${known.join(", ")}.${didYouMean(odd, known)}`;
  }
  if (except !== undefined && except !== true) {
    return `action.except: got ${show(except)}; allowed is true. Leave it out for a plain block.`;
  }
  return type === "limit" ? requireWord("action.period", period, policyPeriods) : undefined;
}

function checkAmount(action: GatewayPolicyProps["action"] | undefined): string | undefined {
  if (action?.type !== "limit" || isToken(action.amount)) {
    return undefined;
  }
  const { amount } = action;
  return typeof amount === "number" && Number.isFinite(amount) && amount > 0
    ? checkExactNumber("action.amount", amount)
    : wrongValue("action.amount", amount, "a number of US dollars, more than 0");
}
