import { AiGateway } from "../ai-gateway/ai-gateway.js";
import { gatewayRule } from "../ai-gateway/is-gateway.js";
import { deletionProtectionRule } from "../deletion-protection.js";
import {
  applyRules,
  checkBoolean,
  checkInteger,
  type PropRules,
  type Rule,
  show,
  unknownKeys,
  wrongValue,
} from "../prop-rules.js";
import { checkProviderSlug } from "../provider-slug.js";
import { checkSecret } from "../secret-text.js";
import { isToken } from "../terraform-text.js";
import { checkId, matches } from "../text-checks.js";
import { hugeNumber, longSpan } from "../unusual-numbers.js";
import type { ProviderKeyProps, StoredProviderSecret } from "./provider-key-props.js";

const MAX = Number.MAX_SAFE_INTEGER;

/** What a provider key's props are checked for. */
export const providerKeyRules: PropRules<ProviderKeyProps> = {
  gateway: gatewayRule("provider-key-gateway"),
  providerSlug: [
    {
      name: "provider-key-provider-slug",
      check: ({ providerSlug }) => checkProviderSlug("providerSlug", providerSlug),
    },
  ],
  secret: [
    {
      name: "provider-key-secret",
      check: ({ secret, providerSlug }) => checkKey(secret, providerSlug),
    },
    {
      name: "provider-key-secret-without-store",
      check: ({ secret, gateway }) =>
        isStored(secret) && gateway instanceof AiGateway && !gateway.props.storeId
          ? `secret: got a secret of a store, and the gateway ${gateway.node.path} has none; it would not find the key. Set storeId of that AiGateway to the store of the secret.`
          : undefined,
    },
  ],
  alias: [
    {
      name: "provider-key-alias",
      check: ({ alias }) =>
        alias === undefined || matches(alias, /^[A-Za-z0-9_-]{1,64}$/)
          ? undefined
          : wrongValue(
              "alias",
              alias,
              '1 to 64 letters, digits, "_" and "-", such as "default": it is part of the secret\'s name',
            ),
    },
  ],
  defaultConfig: [
    {
      name: "provider-key-default-config",
      check: ({ defaultConfig }) => checkBoolean("defaultConfig", defaultConfig),
    },
  ],
  rateLimit: [
    {
      name: "provider-key-rate-limit",
      check: ({ rateLimit }) =>
        checkInteger("rateLimit", rateLimit, { min: 1, max: MAX, unit: "requests" }),
    },
  ],
  rateLimitPeriod: [
    {
      name: "provider-key-rate-limit-period",
      check: ({ rateLimitPeriod }) =>
        checkInteger("rateLimitPeriod", rateLimitPeriod, { min: 1, max: MAX, unit: "seconds" }),
    },
    {
      name: "provider-key-period-without-limit",
      check: ({ rateLimit, rateLimitPeriod }) =>
        rateLimitPeriod !== undefined && rateLimit === undefined
          ? `rateLimitPeriod: got ${isToken(rateLimitPeriod) ? "a value" : show(rateLimitPeriod)} without rateLimit; no request would be counted. Set rateLimit too, or remove rateLimitPeriod.`
          : undefined,
    },
  ],
  storeId: [
    {
      name: "provider-key-store-id",
      check: ({ storeId }) => (storeId === undefined ? undefined : checkId("storeId", storeId)[0]),
    },
    {
      name: "provider-key-store-id-without-secret",
      check: ({ storeId, secret }) =>
        storeId !== undefined && isStored(secret)
          ? "storeId: got a store together with a secret that is in one already. Remove storeId, or pass a SecretVariable as secret."
          : undefined,
    },
    {
      name: "provider-key-store-id-of-another",
      check: ({ storeId, gateway }) => {
        const known = gateway instanceof AiGateway ? gateway.props.storeId : undefined;
        return isWritten(storeId) && isWritten(known) && storeId !== known
          ? `storeId: got ${show(storeId)}, and the gateway ${gateway.node.path} looks for its keys in ${show(known)}. Remove storeId here, or set that of the gateway.`
          : undefined;
      },
    },
  ],
  deletionProtection: deletionProtectionRule("provider-key-deletion-protection"),
};

/** What is odd about a key's props, but no mistake: no bounds of the two numbers are documented. */
export const providerKeyHints: readonly Rule<ProviderKeyProps>[] = [
  {
    name: "provider-key-hint-huge-limit",
    check: ({ rateLimit }) => hugeNumber("rateLimit", rateLimit),
  },
  {
    name: "provider-key-hint-long-period",
    check: ({ rateLimitPeriod }) => longSpan("rateLimitPeriod", rateLimitPeriod),
  },
];

/** All that is wrong with a key's props. What only Terraform knows is not judged. */
export const validateProviderKeyProps = (props: ProviderKeyProps): readonly string[] => {
  const { gateway, providerSlug, secret } = props;
  return applyRules(providerKeyRules, { ...props, gateway, providerSlug, secret });
};

/** For a gateway with more keys than its list is read for. */
export const tooManyKeys = (max: number): string =>
  `gateway: this is key number ${max + 1} of it in this stack; allowed are ${max}, as many as Cloudflare lists at once: a key beyond them would be taken for deleted. Declare it at another gateway.`;

/** For a gateway that does not tell its store. */
export const missingStore = (gatewayPath: string): string =>
  `storeId: not set, and the gateway ${gatewayPath} does not tell one; the secret would be in no store. Set storeId of that AiGateway, or pass storeId here for a gateway of another stack.`;

/** Whether the secret is in the store already. */
export const isStored = (secret: unknown): secret is StoredProviderSecret =>
  typeof secret === "object" && secret !== null && "secretId" in secret;

const isWritten = (id: unknown): id is string =>
  typeof id === "string" && id !== "" && !isToken(id);

/** The id of a secret. What was got instead is not shown: it may be the secret itself. */
export const checkSecretId = (prop: string, id: unknown): string | undefined =>
  matches(id, /^[0-9a-f]{32}$/)
    ? undefined
    : `${prop}: got something else than an id; allowed are the 32 hexadecimal digits that Cloudflare gave the secret. A key itself is passed as new SecretVariable(stack, "…").`;

function checkKey(secret: unknown, providerSlug: unknown): string | undefined {
  if (isStored(secret)) {
    const unknown = unknownKeys("secret", secret, ["secretId"]);
    return unknown[0] ?? checkSecretId("secret.secretId", secret.secretId);
  }
  const provider = typeof providerSlug === "string" && !isToken(providerSlug) ? providerSlug : "";
  const words = provider.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_") || "provider";
  return checkSecret("secret", secret, `${words}_api_key`);
}
