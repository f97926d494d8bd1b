import type { IAiGateway } from "../ai-gateway/ai-gateway-interface.js";
import {
  applyRules,
  checkBoolean,
  checkInteger,
  type PropRules,
  show,
  wrongValue,
} from "../prop-rules.js";
import { checkSecret } from "../secret-text.js";
import { checkStorageId } from "../storage/storage-construct.js";
import { isToken } from "../terraform-text.js";
import type { ProviderKeyProps, StoredProviderSecret } from "./provider-key-props.js";

const MAX = Number.MAX_SAFE_INTEGER;

/** What a provider key's props are checked for. */
export const providerKeyRules: PropRules<ProviderKeyProps> = {
  gateway: [
    {
      name: "provider-key-gateway",
      check: ({ gateway }) =>
        isGateway(gateway)
          ? undefined
          : wrongValue(
              "gateway",
              gateway,
              'an AiGateway, or AiGateway.fromGatewayId(stack, "shared", "…")',
            ),
    },
  ],
  providerSlug: [
    {
      name: "provider-key-provider-slug",
      check: ({ providerSlug }) =>
        matches(providerSlug, /^(?=.{1,64}$)[a-z0-9]+(?:-[a-z0-9]+)*$/)
          ? undefined
          : wrongValue(
              "providerSlug",
              providerSlug,
              'the provider\'s name in URLs, 1 to 64 lower-case letters and digits in words joined by single hyphens, such as "openai" or "google-ai-studio"',
            ),
    },
  ],
  secret: [
    {
      name: "provider-key-secret",
      check: ({ secret, providerSlug }) => checkKey(secret, providerSlug),
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
      check: ({ storeId }) =>
        storeId === undefined ? undefined : checkStorageId("storeId", storeId)[0],
    },
    {
      name: "provider-key-store-id-without-secret",
      check: ({ storeId, secret }) =>
        storeId !== undefined && isStored(secret)
          ? "storeId: got a store together with a secret that is in one already. Remove storeId, or pass a SecretVariable as secret."
          : undefined,
    },
  ],
  deletionProtection: [
    {
      name: "provider-key-deletion-protection",
      check: ({ deletionProtection }) => checkBoolean("deletionProtection", deletionProtection),
    },
  ],
};

/** All that is wrong with a key's props. What only Terraform knows is not judged. */
export const validateProviderKeyProps = (props: ProviderKeyProps): readonly string[] =>
  applyRules(providerKeyRules, props);

/** For a gateway that does not tell its store. */
export const missingStore = (gatewayPath: string | undefined): string =>
  `storeId: not set, and the gateway ${gatewayPath ?? ""} does not tell one; the secret would be in no store. Set storeId of that AiGateway, or pass storeId here for a gateway of another stack.`;

/** Whether it is a gateway: plain JavaScript lets anything through. */
export const isGateway = (gateway: unknown): gateway is IAiGateway =>
  typeof gateway === "object" && gateway !== null && "gatewayId" in gateway;

/** Whether the secret is in the store already. */
export const isStored = (secret: unknown): secret is StoredProviderSecret =>
  typeof secret === "object" && secret !== null && "secretId" in secret;

function checkKey(secret: unknown, providerSlug: unknown): string | undefined {
  if (isStored(secret)) return checkStorageId("secret.secretId", secret.secretId)[0];
  const provider = typeof providerSlug === "string" && !isToken(providerSlug) ? providerSlug : "";
  const words = provider.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_") || "provider";
  return checkSecret("secret", secret, `${words}_api_key`);
}

const matches = (text: unknown, pattern: RegExp): boolean =>
  isToken(text) || (typeof text === "string" && pattern.test(text));
