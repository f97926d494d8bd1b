import { describe, expect, test } from "@jest/globals";
import { TerraformOutput } from "cdktf";
import {
  AiGateway,
  type AiGatewayProps,
  aiGatewayBinding,
  type GatewayProvider,
  SecretVariable,
  Worker,
} from "../../../lib/index.js";
import { newBundle, newStack, only, problemsOf, synth } from "../new-stack.js";

const native = (props: AiGatewayProps = {}) => {
  const stack = newStack({ gatewayProvider: "cloudflare" });
  return { stack, gateway: new AiGateway(stack, "gateway", props) };
};

/** Blocks that the typed view of the JSON leaves out. */
const blocks = (stack: ReturnType<typeof newStack>) =>
  synth(stack) as unknown as Record<string, unknown[] | undefined>;

describe("an AiGateway over the provider's own resource", () => {
  test("is one cloudflare_ai_gateway that names all settings it has", () => {
    const { stack } = native({ cacheTtl: 60 });

    expect(only(synth(stack).resource?.cloudflare_ai_gateway)).toMatchInlineSnapshot(`
      {
        "account_id": "account",
        "authentication": false,
        "cache_invalidate_on_update": false,
        "cache_ttl": 60,
        "collect_logs": true,
        "depends_on": [
          "terraform_data.gateway_Claim_83BAE4C5",
        ],
        "dlp": {
          "action": "FLAG",
          "enabled": false,
          "profiles": [],
        },
        "id": "chat-gateway",
        "lifecycle": {
          "postcondition": [
            {
              "condition": "\${try(length(self.otel), 0) == 0}",
              "error_message": "chat/gateway: otel is not declared, but is still on: Cloudflare kept it, because cloudflare_ai_gateway does not send it then. Write otel: [] to turn it off, or declare it.",
            },
            {
              "condition": "\${try(self.spend_limits.enabled, false) != true || try(length(self.spend_limits.rules), 0) == 0}",
              "error_message": "chat/gateway: spendLimits is not declared, but is still on: Cloudflare kept it, because cloudflare_ai_gateway does not send it then. Write spendLimits: [] to turn it off, or declare it.",
            },
          ],
        },
        "log_management": 100000,
        "log_management_strategy": "STOP_INSERTING",
        "logpush": false,
        "rate_limiting_interval": 0,
        "rate_limiting_limit": 0,
        "rate_limiting_technique": "fixed",
        "store_id": "",
        "workers_ai_billing_mode": "postpaid",
        "zdr": false,
      }
    `);
    expect(synth(stack).resource).not.toHaveProperty("restful_resource");
  });

  test("says guardrails and spend limits in the provider's words", () => {
    const { stack } = native({
      guardrails: {
        prompt: { violentCrimes: "BLOCK" },
        response: { promptInjection: "FLAG" },
      },
      spendLimits: [{ id: "all", limit: 10, window: "1d", provider: ["openai"] }],
    });

    expect(only(synth(stack).resource?.cloudflare_ai_gateway)).toMatchObject({
      guardrails: { prompt: { s1: "BLOCK" }, response: { p1: "FLAG" } },
      spend_limits: {
        enabled: true,
        rules: [
          {
            id: "all",
            limit: 10,
            limit_type: "cost",
            window: 86_400,
            ai_gateway_provider: { mode: "filter", values: ["openai"] },
          },
        ],
      },
    });
  });

  test("has the same addresses, and is bound to a Worker in the same way", () => {
    const { stack, gateway } = native();
    const worker = new Worker(stack, "worker", { bundle: newBundle() });

    gateway.bind(worker, aiGatewayBinding("GATEWAY"));
    new TerraformOutput(stack, "url", { value: gateway.providerUrl("openai") });

    const { resource, output } = synth(stack);
    const [name] = Object.keys(resource?.cloudflare_ai_gateway ?? {});
    const id = `\${cloudflare_ai_gateway.${name}.id}`;
    expect(output?.url?.value).toBe(`https://gateway.ai.cloudflare.com/v1/account/${id}/openai`);
    expect(only(resource?.cloudflare_workers_script).bindings).toContainEqual(
      expect.objectContaining({ name: "GATEWAY", text: id }),
    );
  });

  test("is what the gateway says, whatever the stack says", () => {
    const stack = newStack();
    new AiGateway(stack, "one", { gatewayProvider: "cloudflare" });
    new AiGateway(stack, "two");

    expect(Object.keys(synth(stack).resource ?? {})).toEqual(
      expect.arrayContaining(["cloudflare_ai_gateway", "restful_resource"]),
    );
  });

  test.each([
    ["cloudflare", "cloudflare_ai_gateway", "account/chat-gateway", "restful_resource"],
    ["restful", "restful_resource", undefined, "cloudflare_ai_gateway"],
  ] as const)(
    "over %s forgets what the other provider declared, and imports what exists",
    (gatewayProvider, to, id, from) => {
      const stack = newStack({ gatewayProvider });
      new AiGateway(stack, "gateway").importFrom();

      const { removed = [], import: imports = [] } = blocks(stack);
      const [name] = Object.keys(synth(stack).resource?.[to] ?? {});
      expect(removed).toContainEqual({
        from: `${from}.${name}`,
        lifecycle: { destroy: false },
      });
      expect(imports).toHaveLength(1);
      expect(imports[0]).toMatchObject({
        to: `${to}.${name}`,
        ...(id !== undefined && { id }),
      });
    },
  );

  describe("the version of cloudflare/cloudflare", () => {
    const versionOf = (stack: ReturnType<typeof newStack>): unknown => {
      const { required_providers } = synth(stack).terraform as {
        required_providers: Record<string, { version: string }>;
      };
      return required_providers.cloudflare?.version;
    };

    test("is one that has the resource, where a gateway needs it", () => {
      const stack = newStack();
      new AiGateway(stack, "gateway");

      expect(versionOf(stack)).toBe("5.14.0");
      expect(versionOf(native().stack)).toBe("~> 5.22");
    });

    test("is the one that providerVersions says", () => {
      const stack = newStack({ providerVersions: { cloudflare: "5.20.0" } });
      new AiGateway(stack, "gateway", { gatewayProvider: "cloudflare" });

      expect(versionOf(stack)).toBe("5.20.0");
    });

    test.each(["5.14.0", "= 5.18.1", "~> 5.14.0", "~> 4.9"])(
      "fails when it is %s",
      (cloudflare) => {
        const stack = newStack({
          gatewayProvider: "cloudflare",
          providerVersions: { cloudflare },
        });
        new AiGateway(stack, "gateway");

        expect(problemsOf(stack)).toEqual([
          expect.stringContaining("cloudflare_ai_gateway came with 5.19"),
        ]);
      },
    );

    test.each(["5.19.0", "~> 5.14", ">= 5.14", "< 6.0", "~> 6.0"])("may be %s", (cloudflare) => {
      const stack = newStack({
        gatewayProvider: "cloudflare",
        providerVersions: { cloudflare },
      });
      new AiGateway(stack, "gateway");

      expect(problemsOf(stack)).toEqual([]);
    });
  });

  describe("refuses", () => {
    const refused = (props: (secret: SecretVariable) => AiGatewayProps) => {
      const build = (gatewayProvider: GatewayProvider) => {
        const stack = newStack({ gatewayProvider });
        new AiGateway(stack, "gateway", props(new SecretVariable(stack, "secret")));
        return problemsOf(stack);
      };
      expect(build("restful")).toEqual([]);
      return build("cloudflare");
    };

    test.each<[string, (secret: SecretVariable) => AiGatewayProps]>([
      ["retryDelay", () => ({ retryMaxAttempts: 2, retryDelay: 5_001 })],
      ["byokOnly", () => ({ byokOnly: true, storeId: "store" })],
      ["logClassification", () => ({ logClassification: true })],
      ["workersAiBillingMode", () => ({ workersAiBillingMode: "unified" })],
      [
        "otel",
        (secret) => ({
          otel: [{ url: "https://o.example/", authorization: secret }],
        }),
      ],
      [
        "otel",
        (secret) => ({
          otel: [{ url: "https://o.example/", headers: { key: secret } }],
        }),
      ],
      [
        "stripe",
        (secret) => ({
          stripe: { authorization: secret, usageEvents: [{ payload: "{}" }] },
        }),
      ],
    ])("%s, naming it and what to do", (prop, props) => {
      expect(refused(props)).toEqual([
        expect.stringMatching(new RegExp(`^\\[chat/gateway\\] ${prop}: .*gatewayProvider`)),
      ]);
    });

    test("nothing that is off or that it can say", () => {
      const { stack } = native({
        byokOnly: false,
        logClassification: false,
        workersAiBillingMode: "postpaid",
        retryMaxAttempts: 2,
        retryDelay: 5_000,
        otel: [{ url: "https://otel.example/" }],
      });

      expect(problemsOf(stack)).toEqual([]);
    });

    test("a provider that there is not", () => {
      const { stack } = native({
        gatewayProvider: "native" as GatewayProvider,
      });

      expect(problemsOf(stack)).toEqual([
        expect.stringContaining(
          'gatewayProvider: got "native"; allowed is "restful" or "cloudflare"',
        ),
      ]);
    });
  });
});
