import { describe, expect, test } from "@jest/globals";
import { TerraformOutput, TerraformStack, TerraformVariable, Testing } from "cdktf";
import { AiGateway, Cloudflare, UsageError } from "../../../lib/index.js";
import { newStack, only, problemsOf, synth } from "../new-stack.js";

describe("AiGateway", () => {
  test("is one restful_resource that names all managed settings", () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    new AiGateway(stack, "gateway", { cacheTtl: 60 });

    // THEN
    expect(synth(stack).resource?.restful_resource).toMatchInlineSnapshot(`
      {
        "gateway_B15F83BA": {
          "body": {
            "authentication": false,
            "byok_only": false,
            "cache_invalidate_on_update": false,
            "cache_ttl": 60,
            "collect_logs": true,
            "dlp": {
              "action": "FLAG",
              "enabled": false,
              "profiles": [],
            },
            "guardrails": null,
            "id": "chat-gateway",
            "log_classification": false,
            "log_management": 100000,
            "log_management_strategy": "STOP_INSERTING",
            "logpush": false,
            "logpush_public_key": null,
            "otel": null,
            "rate_limiting_interval": 0,
            "rate_limiting_limit": 0,
            "rate_limiting_technique": "fixed",
            "retry_backoff": null,
            "retry_delay": null,
            "retry_max_attempts": null,
            "spend_limits": null,
            "store_id": "",
            "stripe": null,
            "workers_ai_billing_mode": "postpaid",
            "zdr": false,
          },
          "create_selector": "result",
          "depends_on": [
            "terraform_data.gateway_Claim_83BAE4C5",
          ],
          "force_new_attrs": [
            "id",
          ],
          "lifecycle": {
            "postcondition": [
              {
                "condition": "\${try(self.output.cache_ttl == self.body.cache_ttl, false)}",
                "error_message": "chat/gateway: cacheTtl was not kept. \${local.cloudflare_not-kept_29D3F5E2}",
              },
            ],
          },
          "output_attrs": [
            "id",
            "cache_ttl",
          ],
          "path": "/accounts/account/ai-gateway/gateways",
          "read_path": "$(path)/$(body.id)",
          "read_selector": "result.{id,cache_ttl,cache_invalidate_on_update,collect_logs,rate_limiting_interval,rate_limiting_limit,rate_limiting_technique,authentication,log_management,log_management_strategy,retry_max_attempts,retry_delay,retry_backoff,byok_only,"dlp":dlp.{enabled},"guardrails":guardrails.@values.@join.@keys.0,log_classification,logpush,logpush_public_key,"otel":otel.0.url,"spend_limits":spend_limits.rules.0.limit,store_id,"stripe":stripe.usage_events.0.payload,workers_ai_billing_mode,zdr}",
          "write_only_attrs": [
            "retry_max_attempts",
            "retry_delay",
            "retry_backoff",
            "byok_only",
            "guardrails",
            "log_classification",
            "logpush",
            "logpush_public_key",
            "otel",
            "spend_limits",
            "store_id",
            "stripe",
            "workers_ai_billing_mode",
            "zdr",
            "dlp.enabled",
            "dlp.action",
            "dlp.profiles",
          ],
        },
      }
    `);
  });

  test("is named after its path where it has no gatewayId", () => {
    const stack = newStack();
    new AiGateway(stack, "gateway");

    expect(only(synth(stack).resource?.restful_resource).body).toHaveProperty("id", "chat-gateway");
  });

  test("has addresses that follow the gateway's id, which a change of settings keeps", () => {
    // GIVEN
    const stack = newStack();
    const gateway = new AiGateway(stack, "gateway");

    // WHEN
    for (const [name, value] of Object.entries({
      gatewayId: gateway.gatewayId,
      url: gateway.url,
      openai: gateway.providerUrl("openai"),
      compatUrl: gateway.compatUrl,
    })) {
      new TerraformOutput(stack, name, { value });
    }

    // THEN
    const [name] = Object.keys(synth(stack).resource?.restful_resource ?? {});
    const id = `\${basename(restful_resource.${name}.id)}`;
    const url = `https://gateway.ai.cloudflare.com/v1/account/${id}`;
    expect(synth(stack).output).toEqual({
      gatewayId: { value: id },
      url: { value: url },
      openai: { value: `${url}/openai` },
      compatUrl: { value: `${url}/compat` },
    });
  });

  test("takes tokens for settings, and does not judge them", () => {
    // GIVEN
    const stack = newStack();
    const ttl = new TerraformVariable(stack, "ttl", { type: "number" });
    const id = new TerraformVariable(stack, "id", { type: "string" });
    const logs = new TerraformVariable(stack, "logs", { type: "bool" });

    // WHEN
    new AiGateway(stack, "gateway", {
      gatewayId: id.stringValue,
      cacheTtl: ttl.numberValue,
      rateLimitingLimit: ttl.numberValue,
      rateLimitingInterval: ttl.numberValue,
      collectLogs: logs.booleanValue,
    });

    // THEN
    expect(only(synth(stack).resource?.restful_resource).body).toMatchObject({
      id: `\${var.id}`,
      cache_ttl: `\${var.ttl}`,
      collect_logs: `\${var.logs}`,
    });
  });

  test("says at synth all that is wrong, of all constructs, with their paths", () => {
    // GIVEN
    const stack = newStack();
    new AiGateway(stack, "one", { gatewayId: "Not Legal", cacheTtl: -1 });
    new AiGateway(stack, "two", { retryMaxAttempts: 6 });

    // WHEN
    const problems = problemsOf(stack);

    // THEN
    expect(problems).toEqual([
      expect.stringMatching(/^\[chat\/one\] gatewayId: got "Not Legal"/),
      "[chat/one] cacheTtl: got -1; allowed is a whole number of seconds, 0 or more.",
      "[chat/two] retryMaxAttempts: got 6; allowed is a whole number of attempts, 1 to 5.",
    ]);
  });

  test("fails in a stack without Cloudflare", () => {
    const stack = new TerraformStack(Testing.app(), "chat");

    expect(() => new AiGateway(stack, "gateway")).toThrow(UsageError);
  });

  test("warns where the cache is emptied but off", () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    const odd = new AiGateway(stack, "odd", { cacheInvalidateOnUpdate: true });
    const fine = new AiGateway(stack, "fine", {
      cacheInvalidateOnUpdate: true,
      cacheTtl: 60,
    });

    // THEN
    expect(odd.node.metadata.map(({ type }) => type)).toEqual(["@cdktf/warn"]);
    expect(fine.node.metadata).toEqual([]);
    expect(problemsOf(stack)).toEqual([]);
  });

  test("is imported under its own id", () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    new AiGateway(stack, "gateway", { gatewayId: "by-hand" }).importFrom();

    // THEN
    const { import: imports, resource } = synth(stack);
    const [name] = Object.keys(resource?.restful_resource ?? {});
    expect(imports).toEqual([{ to: `restful_resource.${name}`, id: expect.any(String) }]);
    expect(JSON.parse(imports?.[0]?.id ?? "")).toMatchObject({
      id: "/accounts/account/ai-gateway/gateways/by-hand",
    });
  });

  test("fails when it is imported under another id: Terraform would delete that gateway", () => {
    const stack = newStack();
    new AiGateway(stack, "gateway").importFrom("by-hand");

    expect(problemsOf(stack)).toEqual([
      expect.stringContaining(
        'importFrom: got "by-hand", but this gateway\'s id is "chat-gateway"',
      ),
    ]);
  });
});

describe("two gateways of one id", () => {
  test.each([
    ["restful", "restful"],
    ["cloudflare", "cloudflare"],
    ["restful", "cloudflare"],
  ] as const)("fail in one stack, declared over %s and %s", (first, second) => {
    const stack = newStack();
    new AiGateway(stack, "first", {
      gatewayId: "chat",
      gatewayProvider: first,
    });
    new AiGateway(stack, "second", {
      gatewayId: "chat",
      gatewayProvider: second,
    });

    expect(problemsOf(stack)).toEqual([
      '[chat/second] gatewayId: "chat" is the id of chat/first already; each of them would overwrite and delete the other. Give this gateway another gatewayId, or declare it once and pass it on.',
    ]);
  });

  test("are fine where one of them is only referred to", () => {
    const stack = newStack();
    new AiGateway(stack, "first", { gatewayId: "chat" });
    AiGateway.fromGatewayId(stack, "again", "chat");

    expect(problemsOf(stack)).toEqual([]);
  });
});

describe("AiGateway.fromGatewayId", () => {
  test("has the same addresses, and adds nothing to the stack", () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    const gateway = AiGateway.fromGatewayId(stack, "gateway", "elsewhere");

    // THEN
    expect(gateway.gatewayId).toBe("elsewhere");
    expect(gateway.url).toBe("https://gateway.ai.cloudflare.com/v1/account/elsewhere");
    expect(gateway.compatUrl).toBe(`${gateway.url}/compat`);
    expect(gateway.providerUrl("anthropic")).toBe(`${gateway.url}/anthropic`);
    expect(synth(stack).resource).toBeUndefined();
  });

  test("follows the base URL of the emulator", () => {
    const stack = newStack({ aiGatewayBaseUrl: "http://127.0.0.1:8787/v1" });

    expect(AiGateway.fromGatewayId(stack, "gateway", "x").url).toBe(
      "http://127.0.0.1:8787/v1/account/x",
    );
  });

  test("fails at synth for an id no gateway can have", () => {
    const stack = newStack();
    AiGateway.fromGatewayId(stack, "gateway", "No");

    expect(problemsOf(stack)).toEqual([
      expect.stringContaining('[chat/gateway] gatewayId: got "No"'),
    ]);
  });

  test("gives its id across stacks", () => {
    // GIVEN
    const stack = newStack();
    const gateway = new AiGateway(stack, "gateway");
    const other = new TerraformStack(stack.node.root as TerraformStack, "other");
    new Cloudflare(other, "cloudflare", { accountId: "account" });

    // WHEN
    new TerraformOutput(other, "id", { value: gateway.gatewayId });
    other.prepareStack();

    // THEN
    expect(synth(other).output?.id?.value).toMatch(/^\$\{basename\(data\.terraform_remote_state\./);
  });
});
