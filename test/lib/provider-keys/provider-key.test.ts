import { describe, expect, test } from "@jest/globals";
import { type TerraformStack, TerraformVariable, Token } from "cdktf";
import {
  AiGateway,
  CustomProvider,
  isUsingProviders,
  ProviderKey,
  type ProviderKeyProps,
  SecretVariable,
} from "../../../lib/index.js";
import { canary } from "../../secrets/canary.js";
import { newStack, problemsOf, synth } from "../new-stack.js";

const STORE = "8ab1f05c7e3d49a6b2c0d1e2f3a4b5c6";
const SECRET_ID = "3fd85f74b32742f1bff64a85009dda07";

/** A key that is written out. */
const LITERAL = canary("a provider's key", { after: "sk-" });

const newGateway = (stack: TerraformStack, id = "gateway") =>
  new AiGateway(stack, id, { storeId: STORE });

/** A key with its own variable, whatever is given. */
function addKey(stack: TerraformStack, id: string, props: Record<string, unknown> = {}) {
  const gateway = stack.node.tryFindChild("gateway") ?? newGateway(stack);
  const secret = "secret" in props ? {} : { secret: new SecretVariable(stack, `key_of_${id}`) };
  const all = { gateway, providerSlug: "openai", ...secret, ...props };
  return new ProviderKey(stack, id, all as unknown as ProviderKeyProps);
}

const keyProblems = (props: Record<string, unknown>) => {
  const stack = newStack();
  addKey(stack, "key", props);
  return problemsOf(stack);
};

describe("ProviderKey", () => {
  test("sends the value apart from the secret, before the gateway is told of it", () => {
    // GIVEN
    const stack = newStack();
    // WHEN
    addKey(stack, "key", { rateLimit: 5 });
    // THEN
    const { resource = {} } = synth(stack);
    const blocks = Object.entries(resource.restful_resource ?? {});
    const [secretName, secret] = blocks.find(([name]) => name.includes("Secret")) ?? [];
    const [, config] = blocks.find(([name]) => name.includes("Config")) ?? [];
    const [, value] =
      Object.entries(resource.restful_operation ?? {}).find(([name]) => /^key_Value/.test(name)) ??
      [];
    expect(secret).toMatchObject({
      path: "/accounts/account/secrets_store/stores/8ab1f05c7e3d49a6b2c0d1e2f3a4b5c6/secrets",
      body: [
        {
          name: expect.stringMatching(/^\$\{basename\(.*\)\}_openai_default$/),
          scopes: ["ai_gateway"],
        },
      ],
    });
    expect(value).toMatchObject({
      path: `\${restful_resource.${secretName}.id}`,
      method: "PATCH",
      body: {},
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's own expression
      ephemeral_body: { value: "${var.key_of_key}" },
      output_attrs: ["result.id"],
      poll: { status_locator: "body.result.status", default_delay_sec: 1 },
    });
    expect(config).toMatchObject({
      body: {
        provider_slug: "openai",
        alias: "default",
        default_config: true,
        secret_id: `\${basename(restful_resource.${secretName}.id)}`,
        rate_limit: 5,
        rate_limit_period: 60,
      },
      output_attrs: ["id"],
    });
    expect(config?.depends_on).toEqual(
      expect.arrayContaining([expect.stringMatching(/^restful_operation\.key_Value/)]),
    );
  });

  test("names the secret as gateways look for it", () => {
    expect(ProviderKey.secretName("main", "openai")).toBe("main_openai_default");
    expect(ProviderKey.secretName("main", "aws-bedrock", "eu")).toBe("main_aws-bedrock_eu");
  });

  test("is the default of its provider by the alias default only", () => {
    const stack = newStack();
    addKey(stack, "eu", { alias: "eu" });

    const blocks = Object.values(synth(stack).resource?.restful_resource ?? {});

    expect(blocks).toContainEqual(
      expect.objectContaining({
        body: expect.objectContaining({ alias: "eu", default_config: false }),
      }),
    );
  });

  test("makes no secret where one is named", () => {
    const stack = newStack();
    const key = addKey(stack, "key", { secret: { secretId: SECRET_ID } });

    const { resource = {} } = synth(stack);
    expect(key.secretResource).toBeUndefined();
    expect(JSON.stringify(resource)).not.toContain("secrets_store");
    expect(JSON.stringify(resource)).toContain(`"secret_id":"${SECRET_ID}"`);
  });

  test("tells policies which provider it is of", () => {
    const key = addKey(newStack(), "key", { providerSlug: "anthropic" });
    expect(isUsingProviders(key) && key.usedProviders).toEqual([
      { provider: "anthropic", where: "providerSlug" },
    ]);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ["provider-key-gateway", { gateway: "main" }, 'gateway: got "main"'],
    ["provider-key-provider-slug", { providerSlug: "Open AI" }, 'providerSlug: got "Open AI"'],
    ["provider-key-secret", { secret: LITERAL }, "secret: got a literal text"],
    [
      "provider-key-secret",
      { secret: { secretId: LITERAL } },
      "secret.secretId: got something else than an id",
    ],
    ["provider-key-alias", { alias: "e u" }, 'alias: got "e u"'],
    ["provider-key-default-config", { defaultConfig: "yes" }, 'defaultConfig: got "yes"'],
    ["provider-key-rate-limit", { rateLimit: 0 }, "rateLimit: got 0"],
    [
      "provider-key-rate-limit-period",
      { rateLimit: 1, rateLimitPeriod: 1.5 },
      "rateLimitPeriod: got 1.5",
    ],
    [
      "provider-key-period-without-limit",
      { rateLimitPeriod: 60 },
      "rateLimitPeriod: got 60 without rateLimit",
    ],
    ["provider-key-store-id", { storeId: "a/b" }, 'storeId: got "a/b"'],
    [
      "provider-key-store-id-without-secret",
      { storeId: STORE, secret: { secretId: SECRET_ID } },
      "storeId: got a store together with a secret",
    ],
    [
      "provider-key-deletion-protection",
      { deletionProtection: "yes" },
      'deletionProtection: got "yes"',
    ],
    ["another store", { storeId: "b".repeat(32) }, "storeId: got"],
    ["a custom provider", { providerSlug: "custom-a_b" }, 'providerSlug: got "custom-a_b"'],
    ["an unknown prop", { providerslug: "openai" }, "providerslug: there is no such prop"],
  ])("%s: is reported (%#)", (_rule, props, message) => {
    const problems = keyProblems(props).join("\n");
    expect(problems).toContain(`[chat/key] ${message}`);
    expect(problems).not.toContain(LITERAL);
  });

  test("judges no tokens", () => {
    const stack = newStack();
    const text = Token.asString(new TerraformVariable(stack, "text", {}).value);
    const number = Token.asNumber(new TerraformVariable(stack, "number", {}).value);
    addKey(stack, "key", { providerSlug: text, alias: text, rateLimit: number, storeId: text });
    expect(problemsOf(stack)).toEqual([]);
  });

  test("needs a store that the gateway tells, or one of its own", () => {
    // GIVEN
    const stack = newStack();
    const gateway = AiGateway.fromGatewayId(stack, "shared", "main");
    // WHEN
    addKey(stack, "a", { gateway });
    addKey(stack, "b", { gateway, alias: "b", storeId: STORE });
    // THEN
    expect(problemsOf(stack)).toEqual([
      expect.stringContaining("[chat/a] storeId: not set, and the gateway chat/shared"),
    ]);
  });

  test("is there once for an alias, and one is the default", () => {
    // GIVEN
    const stack = newStack();
    // WHEN
    addKey(stack, "a");
    addKey(stack, "b");
    addKey(stack, "c", { alias: "c", defaultConfig: true });
    addKey(stack, "d", { alias: "d" });
    addKey(stack, "e", { providerSlug: "anthropic" });
    // THEN
    expect(problemsOf(stack)).toEqual([
      expect.stringContaining('[chat/b] alias: "default" is the alias of chat/a already'),
      expect.stringContaining("[chat/b] defaultConfig: chat/a is the default key"),
      expect.stringContaining("[chat/c] defaultConfig: chat/a is the default key"),
    ]);
  });

  test("finds a secret of a store only where the gateway has one", () => {
    // GIVEN
    const stack = newStack();
    const gateway = new AiGateway(stack, "storeless");
    // WHEN
    addKey(stack, "key", { gateway, secret: { secretId: SECRET_ID } });
    // THEN
    expect(problemsOf(stack)).toEqual([
      expect.stringContaining(
        "[chat/key] secret: got a secret of a store, and the gateway chat/storeless has none",
      ),
    ]);
  });

  test("takes the slug of a custom provider as that provider does", () => {
    const stack = newStack();
    const { providerSlug } = new CustomProvider(stack, "Internal", {
      baseUrl: "https://models.example.com",
      slug: "Internal-Models",
    });
    addKey(stack, "key", { providerSlug });
    expect(problemsOf(stack)).toEqual([]);
  });

  test("is one of 50 at most, which Cloudflare lists at once", () => {
    // GIVEN
    const stack = newStack();
    const secret = { secretId: SECRET_ID };
    const other = new AiGateway(stack, "other", { storeId: STORE });
    // WHEN
    for (let number = 1; number <= 52; number += 1) {
      addKey(stack, `key-${number}`, { alias: `a${number}`, secret });
    }
    addKey(stack, "elsewhere", { gateway: other, secret });
    // THEN
    expect(problemsOf(stack)).toEqual([
      expect.stringContaining("[chat/key-51] gateway: this is key number 51 of it in this stack"),
    ]);
  });

  test("shows no id of a secret that is none, for it may be the secret", () => {
    const stack = newStack();
    addKey(stack, "key").importFrom("config1", LITERAL);
    const problems = problemsOf(stack).join("\n");
    expect(problems).toContain("[chat/key] secretId: got something else than an id");
    expect(problems).not.toContain(LITERAL);
  });

  test("is imported with its secret, or not at all", () => {
    // GIVEN
    const stack = newStack();
    // WHEN
    addKey(stack, "key").importFrom("config1");
    // THEN
    expect(problemsOf(stack)).toEqual([
      expect.stringContaining("[chat/key] importFrom: got no secretId"),
    ]);
  });

  test("that exists is known by its id", () => {
    const stack = newStack();
    expect(ProviderKey.fromProviderConfigId(stack, "a", "abc").providerConfigId).toBe("abc");
    ProviderKey.fromProviderConfigId(stack, "b", "a/b");
    expect(problemsOf(stack)).toEqual([
      expect.stringContaining('[chat/b] providerConfigId: got "a/b"'),
    ]);
  });
});
