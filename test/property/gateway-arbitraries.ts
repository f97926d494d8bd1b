import { generateKeyPairSync } from "node:crypto";
import fc, { type Arbitrary } from "fast-check";
import { gatewayProviders } from "../../lib/cloudflare-props.js";
import type {
  AiGatewayProps,
  DlpPolicies,
  DlpPolicy,
  DlpProfiles,
  GuardrailRules,
  Guardrails,
  OtelExporter,
  SpendLimit,
  StripeUsage,
  StripeUsageEvent,
} from "../../lib/index.js";
import { dlpActions, dlpChecks } from "../../protocol/gateway-dlp.js";
import { otelContentTypes } from "../../protocol/gateway-exports.js";
import { guardrailActions, guardrailCategories } from "../../protocol/gateway-guardrails.js";
import {
  gatewayBounds,
  logManagementStrategies,
  rateLimitingTechniques,
  retryBackoffs,
  workersAiBillingModes,
} from "../../protocol/gateway-settings.js";
import { spendLimitTechniques } from "../../protocol/gateway-spend-limits.js";
import { oddText } from "./odd-values.js";
import { type Declared, secret, tokenOf } from "./placeholders.js";

/** An arbitrary for each member of an object: one that is new and has none does not compile. */
export type Arbitraries<Members> = {
  readonly [Member in keyof Members]-?: Arbitrary<Declared<Exclude<Members[Member], undefined>>>;
};

/** Objects with these members; those that may be missing sometimes are. */
export const objectOf = <Members>(
  members: Arbitraries<Members>,
  requiredKeys: readonly (keyof Members & string)[],
): Arbitrary<Declared<Members>> =>
  fc.record(members as never, { requiredKeys: [...requiredKeys] as never[] }) as never;

/** Whole numbers within bounds, often at them; now and then a token. */
export const numbers = (
  { min, max }: { readonly min: number; readonly max: number },
  typical: number,
): Arbitrary<Declared<number>> =>
  fc.oneof(
    { weight: 10, arbitrary: fc.constantFrom(min, max, typical) },
    { weight: 10, arbitrary: fc.integer({ min, max }) },
    { weight: 1, arbitrary: tokenOf(fc.constant(typical)) },
  );

const words = <Word extends string>(all: readonly Word[]): Arbitrary<Declared<Word>> =>
  fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom(...all) as Arbitrary<Declared<Word>> },
    { weight: 1, arbitrary: tokenOf(fc.constantFrom(...all)) },
  );

const switches: Arbitrary<Declared<boolean>> = fc.oneof(
  { weight: 20, arbitrary: fc.boolean() },
  { weight: 1, arbitrary: tokenOf(fc.boolean()) },
);

const texts = fc.array(
  fc.oneof(
    { weight: 20, arbitrary: oddText.filter((text) => text.trim() !== "") },
    { weight: 1, arbitrary: tokenOf(fc.constantFrom("one", "two")) },
  ),
  { minLength: 1, maxLength: 3 },
);

const names = fc.oneof(
  { weight: 10, arbitrary: oddText },
  // Another one each: two that are the same are not to be told apart before Terraform runs.
  { weight: 1, arbitrary: tokenOf(fc.stringMatching(/^[a-z]{10}$/)) },
);

const dlpPolicy = objectOf<DlpPolicy>(
  {
    id: names,
    enabled: fc.boolean(),
    action: words(dlpActions),
    check: fc.uniqueArray(fc.constantFrom(...dlpChecks), { minLength: 1 }),
    profiles: texts,
  },
  ["action", "profiles"],
);

const dlp = fc.oneof(
  objectOf<DlpProfiles>({ action: words(dlpActions), profiles: texts }, ["action", "profiles"]),
  objectOf<DlpPolicies>({ policies: fc.array(dlpPolicy, { minLength: 1, maxLength: 3 }) }, [
    "policies",
  ]),
);

const guardrailRules = objectOf<GuardrailRules>(
  Object.fromEntries(
    Object.keys(guardrailCategories).map((category) => [category, words(guardrailActions)]),
  ) as unknown as Arbitraries<GuardrailRules>,
  [],
);

const guardrails = objectOf<Guardrails>({ prompt: guardrailRules, response: guardrailRules }, []);

const otelUrl = fc.oneof(
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.constantFrom("http://127.0.0.1:4318/v1/traces", `https://otel.example.com/${"$"}{a}/%{b}`),
  tokenOf(fc.constant("https://otel.example.com/v1/traces")),
);

const headerName = fc.oneof(
  fc
    .stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}$/)
    .filter((name) => !/^authorization$/i.test(name)),
  fc.constantFrom("x-api-key", "__proto__", "constructor", "a.b", "a|b", "x"),
);

const otel = fc.array(
  objectOf<OtelExporter>(
    {
      url: otelUrl,
      headers: fc.dictionary(headerName, secret, { maxKeys: 3 }),
      authorization: secret,
      contentType: words(otelContentTypes),
    },
    ["url"],
  ),
  { maxLength: 3 },
);

const spendLimits = fc.array(
  objectOf<SpendLimit>(
    {
      limit: fc.oneof(
        fc.constantFrom(0, 0.5, 12.25, 25, 0.0625, 1e6, 2 ** 53, 1e21, 5e-324),
        fc.integer({ min: 0, max: 16_000 }).map((sixteenths) => sixteenths / 16),
        tokenOf(fc.constantFrom(1, 0.5)),
      ),
      window: fc.oneof(
        fc.constantFrom("30s", "5m", "1h", "7d", "1d", "400d"),
        fc.integer({ min: 1, max: 1e7 }),
        tokenOf(fc.constant(60)),
      ),
      technique: words(spendLimitTechniques),
      metadata: fc.dictionary(oddText, fc.oneof(fc.constant("partition" as const), texts), {
        minKeys: 1,
        maxKeys: 3,
      }),
      model: texts,
      provider: texts,
      id: names,
      enabled: fc.boolean(),
    },
    ["limit", "window"],
  ),
  { maxLength: 4 },
);

const stripe = objectOf<StripeUsage>(
  {
    authorization: secret,
    usageEvents: fc.array(objectOf<StripeUsageEvent>({ payload: oddText }, ["payload"]), {
      minLength: 1,
      maxLength: 3,
    }),
  },
  ["authorization", "usageEvents"],
);

const word = fc.stringMatching(/^[a-z0-9_]{1,12}$/);
const ids = fc.array(word, { minLength: 1, maxLength: 4 }).map((all) => all.join("-"));

/** A public key of one's own: none is written down. */
export const publicKey = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({
  type: "spki",
  format: "pem",
}) as string;

/** Values that a prop takes, each by itself. A prop of `AiGateway` without a row does not compile. */
export const gatewayArbitraries: Arbitraries<AiGatewayProps> = {
  gatewayId: fc.oneof(
    ids,
    ids.map((id) => id.replaceAll("-", "").padEnd(64, "x")),
    tokenOf(ids),
  ),
  gatewayProvider: fc.oneof(
    { weight: 6, arbitrary: fc.constant("restful" as const) },
    { weight: 1, arbitrary: fc.constantFrom(...gatewayProviders) },
  ),
  deletionProtection: fc.boolean(),
  cacheTtl: numbers(gatewayBounds.cache_ttl, 60),
  cacheInvalidateOnUpdate: switches,
  rateLimitingLimit: numbers(gatewayBounds.rate_limiting_limit, 10),
  rateLimitingInterval: numbers(gatewayBounds.rate_limiting_interval, 60),
  rateLimitingTechnique: words(rateLimitingTechniques),
  collectLogs: switches,
  logManagement: numbers(gatewayBounds.log_management, 20_000),
  logManagementStrategy: words(logManagementStrategies),
  authentication: switches,
  retryMaxAttempts: numbers(gatewayBounds.retry_max_attempts, 2),
  retryDelay: numbers(gatewayBounds.retry_delay, 500),
  retryBackoff: words(retryBackoffs),
  byokOnly: switches,
  dlp,
  guardrails,
  logClassification: switches,
  logpush: switches,
  logpushPublicKey: fc.oneof(fc.constant(publicKey), tokenOf(fc.constant(publicKey))),
  otel,
  spendLimits,
  storeId: fc.oneof(
    fc.constantFrom("", "0123456789abcdef0123456789abcdef"),
    tokenOf(fc.constant("0123456789abcdef0123456789abcdef")),
  ),
  stripe,
  workersAiBillingMode: words(workersAiBillingModes),
  zdr: switches,
};
