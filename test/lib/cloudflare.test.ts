import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { TerraformStack, TerraformVariable, Testing } from "cdktf";
import { Construct } from "constructs";
import { AiGateway, Cloudflare, UsageError } from "../../lib/index.js";
import { newStack, only, synth } from "./new-stack.js";

const names = ["CLOUDFLARE_ACCOUNT_ID", "CLOUDFLARE_BASE_URL", "AI_GATEWAY_BASE_URL"] as const;

describe("Cloudflare", () => {
  const before = { ...process.env };

  beforeEach(() => {
    for (const name of names) {
      delete process.env[name];
    }
  });

  afterEach(() => {
    for (const name of names) {
      const value = before[name];
      if (value === undefined) {
        delete process.env[name];
      } else {
        process.env[name] = value;
      }
    }
  });

  test("declares both providers and one token variable", () => {
    expect(synth(newStack())).toMatchInlineSnapshot(`
      {
        "provider": {
          "cloudflare": [
            {
              "api_token": "\${var.cloudflare_api_token}",
              "base_url": "https://api.cloudflare.com/client/v4",
            },
          ],
          "restful": [
            {
              "base_url": "https://api.cloudflare.com/client/v4",
              "client": {
                "retry": {
                  "count": 6,
                  "status_codes": [
                    429,
                    500,
                    502,
                    503,
                    504,
                    520,
                    521,
                    522,
                    523,
                    524,
                  ],
                  "wait_in_sec": 1,
                },
              },
              "security": {
                "http": {
                  "token": {
                    "token": "\${var.cloudflare_api_token}",
                  },
                },
              },
            },
          ],
        },
        "terraform": {
          "required_providers": {
            "cloudflare": {
              "source": "cloudflare/cloudflare",
              "version": "5.14.0",
            },
            "restful": {
              "source": "magodo/restful",
              "version": "~> 0.25.1",
            },
          },
        },
        "variable": {
          "cloudflare_api_token": {
            "description": "Cloudflare API token. Set it with: export TF_VAR_cloudflare_api_token=…",
            "ephemeral": true,
            "nullable": false,
            "sensitive": true,
            "type": "string",
            "validation": [
              {
                "condition": "\${trimspace(var.cloudflare_api_token) != ""}",
                "error_message": "TF_VAR_cloudflare_api_token is empty. Set it with: export TF_VAR_cloudflare_api_token=…",
              },
            ],
          },
        },
      }
    `);
  });

  test("takes account and addresses from the environment where no prop gives them", () => {
    // GIVEN
    process.env.CLOUDFLARE_ACCOUNT_ID = "from-environment";
    process.env.CLOUDFLARE_BASE_URL = "http://127.0.0.1:8787/client/v4/";
    process.env.AI_GATEWAY_BASE_URL = "http://127.0.0.1:8787/v1/";

    // WHEN
    const cloudflare = new Cloudflare(new TerraformStack(Testing.app(), "chat"), "cloudflare");

    // THEN
    expect(cloudflare.accountId).toBe("from-environment");
    expect(cloudflare.baseUrl).toBe("http://127.0.0.1:8787/client/v4");
    expect(cloudflare.aiGatewayBaseUrl).toBe("http://127.0.0.1:8787/v1");
  });

  test("puts a prop before the environment", () => {
    process.env.CLOUDFLARE_ACCOUNT_ID = "from-environment";

    const stack = new TerraformStack(Testing.app(), "chat");

    expect(new Cloudflare(stack, "cloudflare", { accountId: "given" }).accountId).toBe("given");
  });

  test("uses Cloudflare's own addresses where the environment's are empty", () => {
    process.env.CLOUDFLARE_BASE_URL = "";
    process.env.AI_GATEWAY_BASE_URL = "";

    const stack = new TerraformStack(Testing.app(), "chat");
    const cloudflare = new Cloudflare(stack, "cloudflare", {
      accountId: "account",
    });

    expect(cloudflare.baseUrl).toBe("https://api.cloudflare.com/client/v4");
    expect(cloudflare.aiGatewayBaseUrl).toBe("https://gateway.ai.cloudflare.com/v1");
  });

  test.each([undefined, ""])(
    "fails without an account id (environment: %p), saying what to write",
    (value) => {
      if (value !== undefined) {
        process.env.CLOUDFLARE_ACCOUNT_ID = value;
      }
      const stack = new TerraformStack(Testing.app(), "chat");

      expect(() => new Cloudflare(stack, "cloudflare")).toThrow(
        '[chat/cloudflare] No Cloudflare account id. Write new Cloudflare(stack, "cloudflare", { accountId: "…" }), or export CLOUDFLARE_ACCOUNT_ID=…',
      );
    },
  );

  test("fails for an account id that cannot stand in a path", () => {
    expect(() => newStack({ accountId: "a/b" })).toThrow('accountId: got "a/b"');
  });

  test.each([
    ["api.cloudflare.com", "api.cloudflare.com"],
    ["ftp://x", "ftp://x"],
    ["https://x/?y=1", "https://x/?…"],
    ["https:///client", "https:///client"],
    ["https://me:there@x/client", "https://…@x/client"],
  ])("fails for the base URL %p, and shows %p of it", (baseUrl, shown) => {
    expect(() => newStack({ baseUrl })).toThrow(`baseUrl: got "${shown}"`);
  });

  test("takes an account id that only Terraform knows", () => {
    // GIVEN
    const stack = new TerraformStack(Testing.app(), "chat");
    const variable = new TerraformVariable(stack, "account", {
      type: "string",
    });
    new Cloudflare(stack, "cloudflare", { accountId: variable.stringValue });

    // WHEN
    new AiGateway(stack, "gateway");

    // THEN
    expect(only(synth(stack).resource?.restful_resource).path).toBe(
      `/accounts/\${var.account}/ai-gateway/gateways`,
    );
  });

  test("pins other provider versions where they are given", () => {
    const { terraform } = synth(
      newStack({
        providerVersions: { restful: "~> 0.26", cloudflare: "~> 5.15" },
      }),
    );

    expect(terraform).toEqual({
      required_providers: {
        cloudflare: { source: "cloudflare/cloudflare", version: "~> 5.15" },
        restful: { source: "magodo/restful", version: "~> 0.26" },
      },
    });
  });

  test.each([">= 1.0.0-beta1, < 2.0.0", "!= 5.13.0", "0.25.2"])(
    "takes the provider version %s, as Terraform does",
    (restful) => {
      const { terraform } = synth(newStack({ providerVersions: { restful } }));

      expect(terraform).toMatchObject({ required_providers: { restful: { version: restful } } });
    },
  );

  test("is found from any construct of its stack", () => {
    const stack = newStack();
    const deep = new Construct(new Construct(stack, "a"), "b");

    expect(Cloudflare.of(deep)).toBe(stack.node.findChild("cloudflare"));
  });

  test("is not found from another stack, and the error says what to write", () => {
    const { root } = newStack().node;
    const other = new TerraformStack(root as Construct, "other");

    expect(() => Cloudflare.of(new Construct(other, "x"))).toThrow(
      '[other/x] This stack has no Cloudflare construct. Write new Cloudflare(stack, "cloudflare")',
    );
  });

  test("fails when the stack has one already, naming the first", () => {
    const stack = newStack();

    expect(
      () =>
        new Cloudflare(new Construct(stack, "part"), "second", {
          accountId: "x",
        }),
    ).toThrow(
      new UsageError(
        "[chat/part/second] This stack has a Cloudflare construct already: chat/cloudflare. Remove this one, or put it into a stack of its own.",
      ),
    );
  });

  test("refuses HCL output instead of writing half of it", () => {
    expect(() => Testing.synthHcl(newStack())).toThrow(UsageError);
  });
});
