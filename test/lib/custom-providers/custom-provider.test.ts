import { describe, expect, test } from "@jest/globals";
import { TerraformOutput, TerraformVariable } from "cdktf";
import {
  AiGateway,
  CustomProvider,
  type CustomProviderProps,
  SecretVariable,
} from "../../../lib/index.js";
import { canary } from "../../secrets/canary.js";
import { newStack, only, problemsOf, synth } from "../new-stack.js";

const HEADER = canary("a custom provider's header");

const baseUrl = "https://models.example.com";

describe("CustomProvider", () => {
  test("is sent with what is declared, and nothing else", () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    new CustomProvider(stack, "internal", {
      baseUrl,
      jsExample: `fetch(\`\${url}\`)`,
      headers: { "x-team": "chat" },
    });

    // THEN
    const { depends_on, ...provider } = only(synth(stack).resource?.restful_resource);
    expect(provider).toMatchInlineSnapshot(`
      {
        "body": {
          "base_url": "https://models.example.com",
          "beta": false,
          "enable": true,
          "headers": "{"x-team":"chat"}",
          "js_example": "fetch(\`$\${url}\`)",
          "name": "chat-internal",
          "slug": "chat-internal",
        },
        "create_selector": "result",
        "output_attrs": [
          "slug",
        ],
        "path": "/accounts/account/ai-gateway/custom-providers",
        "read_path": "$(path)/$(body.id)",
        "read_selector": "result.{name,slug,base_url,enable,beta,js_example,headers}",
        "update_method": "PATCH",
      }
    `);
  });

  test("never reads headers that hold a secret, and sends them apart", () => {
    const stack = newStack();

    new CustomProvider(stack, "internal", {
      baseUrl,
      headers: { "x-team": "chat", "x-api-key": new SecretVariable(stack, "internal_key") },
    });

    const { resource } = synth(stack);
    const provider = only(resource?.restful_resource);
    expect(provider.read_selector).toBe("result.{name,slug,base_url,enable,beta}");
    expect(provider.body).toMatchObject({ headers: "{}" });
    const operation = only(resource?.restful_operation);
    expect(operation).toMatchObject({
      method: "PATCH",
      body: {},
      ephemeral_body: {
        // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's own expression
        headers: '{"x-team":"chat","x-api-key":${jsonencode("${var.internal_key}")}}',
      },
      output_attrs: ["success"],
    });
  });

  test("takes a secret that is part of a text, too", () => {
    // GIVEN
    const stack = newStack();
    const key = new SecretVariable(stack, "internal_key");
    // WHEN
    new CustomProvider(stack, "internal", {
      baseUrl,
      headers: { authorization: `Bearer ${key.stringValue}`, "x-api-key": key.stringValue },
    });
    // THEN
    const { resource } = synth(stack);
    expect(only(resource?.restful_resource).body).toMatchObject({ headers: "{}" });
    expect(only(resource?.restful_operation).ephemeral_body).toEqual({
      headers:
        // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's own expressions
        '{"authorization":${jsonencode("Bearer ${var.internal_key}")},"x-api-key":${jsonencode("${var.internal_key}")}}',
    });
  });

  test("of somewhere else is looked up by its slug where its id is asked for", () => {
    // GIVEN
    const stack = newStack();
    // WHEN
    const { customProviderId } = CustomProvider.fromSlug(stack, "internal", "internal");
    new TerraformOutput(stack, "id", { value: customProviderId });
    // THEN
    const { data, output } = synth(stack);
    const [[name, found] = []] = Object.entries(data?.restful_resource ?? {});
    expect(found).toMatchObject({ query: { search: ["internal"] } });
    expect(output?.id?.value).toBe(`\${data.restful_resource.${name}.output.id}`);
  });

  test("is named by gateways with its prefix, whether it is declared here or not", () => {
    const stack = newStack();
    const gateway = AiGateway.fromGatewayId(stack, "gateway", "mine");
    const own = new CustomProvider(stack, "own", { baseUrl, slug: "internal" });
    const other = CustomProvider.fromSlug(stack, "other", "regional");

    new TerraformOutput(stack, "own-url", { value: gateway.providerUrl(own.providerSlug) });
    new TerraformOutput(stack, "other-url", { value: gateway.providerUrl(other.providerSlug) });

    const { output } = synth(stack);
    expect([output?.["own-url"]?.value, output?.["other-url"]?.value]).toEqual([
      "https://gateway.ai.cloudflare.com/v1/account/mine/custom-internal",
      "https://gateway.ai.cloudflare.com/v1/account/mine/custom-regional",
    ]);
    expect(own.usedProviders).toEqual([{ provider: "custom-internal", where: "slug" }]);
  });

  test("takes values that only Terraform knows", () => {
    const stack = newStack();
    const { stringValue } = new TerraformVariable(stack, "given", { type: "string" });

    new CustomProvider(stack, "internal", {
      baseUrl: stringValue,
      slug: stringValue,
      headers: { "x-team": stringValue },
    });

    expect(problemsOf(stack)).toEqual([]);
  });

  const wrong: readonly [Partial<Record<keyof CustomProviderProps, unknown>>, string][] = [
    [{ baseUrl: "http://models.example.com" }, "baseUrl: got"],
    [{ baseUrl: "https://models.example.com?key=1" }, "baseUrl: got"],
    [{ slug: "Own_models" }, "slug: got"],
    [{ slug: "custom-own" }, 'Write "own".'],
    [{ name: "" }, 'name: got ""'],
    [{ description: 1 }, "description: got 1"],
    [{ link: " " }, 'link: got " "'],
    [{ curlExample: "" }, "curlExample: got"],
    [{ jsExample: "" }, "jsExample: got"],
    [{ enable: "yes" }, "enable: got"],
    [{ beta: 1 }, "beta: got"],
    [{ position: -1 }, "position: got -1"],
    [{ headers: ["x"] }, "headers: got an array"],
    [{ headers: { "x team": "chat" } }, 'headers: got the name "x team"'],
    [{ headers: { "x-team": 1 } }, "headers.x-team: got a value of type number"],
    [{ headers: { "x-team": "a\nb" } }, "headers.x-team: got a text with a control character"],
    [{ deletionProtection: "no" }, "deletionProtection: got"],
  ];
  test.each(wrong)("fails for %p", (props, problem) => {
    const stack = newStack();

    new CustomProvider(stack, "internal", { baseUrl, ...props } as CustomProviderProps);

    expect(problemsOf(stack)).toEqual([expect.stringContaining(problem)]);
  });

  test.each(["authorization", "X-Api-Key", "cookie", "x-auth-token", "api_key"])(
    "fails for a credential written out as %s, without showing it",
    (name) => {
      const stack = newStack();

      new CustomProvider(stack, "internal", { baseUrl, headers: { [name]: HEADER } });

      const problems = problemsOf(stack);
      expect(problems).toEqual([expect.stringContaining(`headers.${name}: got a text`)]);
      expect(problems.join()).not.toContain(HEADER);
    },
  );

  test("does not show the user of a URL", () => {
    const stack = newStack();

    new CustomProvider(stack, "internal", { baseUrl: `https://me:${HEADER}@example.com` });

    expect(problemsOf(stack)).toEqual([expect.stringContaining("got a URL with a user")]);
    expect(problemsOf(stack).join()).not.toContain(HEADER);
  });

  test.each([
    `https://me:${HEADER}/1@example.com`,
    `https:\\\\me:${HEADER}#1@example.com/v1`,
    `http://me:1@${HEADER}@example.com:port`,
    `me:${HEADER}@example.com`,
    `example.com?key=${HEADER}`,
  ])("does not show what is written where a URL has its user or its query (%#)", (baseUrl) => {
    const stack = newStack();

    new CustomProvider(stack, "internal", { baseUrl });

    expect(problemsOf(stack)).toEqual([expect.stringContaining("baseUrl: got ")]);
    expect(problemsOf(stack).join()).not.toContain(HEADER);
  });

  test("fails for a slug that another one of the stack has", () => {
    const stack = newStack();
    new CustomProvider(stack, "first", { baseUrl, slug: "own" });

    new CustomProvider(stack, "second", { baseUrl, slug: "own" });

    expect(problemsOf(stack)).toEqual([
      '[chat/second] slug: "own" is the slug of chat/first already; an account has one provider of a slug. Choose another one.',
    ]);
  });
});
