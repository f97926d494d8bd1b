import { describe, expect, test } from "@jest/globals";
import { TerraformOutput, type TerraformStack, Testing } from "cdktf";
import { Construct } from "constructs";
import { AiGateway, CustomProvider, SecretVariable, UsageError, Worker } from "../../lib/index.js";
import { newBundle, newStack, synth } from "./new-stack.js";

describe("SecretVariable", () => {
  test("is sensitive, ephemeral and required, under its own id wherever it is declared", () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    const secret = new SecretVariable(new Construct(stack, "part"), "openai_api_key");

    // THEN
    expect(synth(stack).variable?.openai_api_key).toEqual({
      description: "Set it with: export TF_VAR_openai_api_key=…",
      ephemeral: true,
      nullable: false,
      sensitive: true,
      type: "string",
      validation: [
        {
          condition: expect.stringContaining('trimspace(var.openai_api_key) != ""'),
          error_message: expect.stringMatching(/^TF_VAR_openai_api_key is empty\. /),
        },
      ],
    });
    expect(secret.friendlyUniqueId).toBe("openai_api_key");
  });

  test.each(["openai-api-key", "1st", "a b", ""])("fails for the id %p", (id) => {
    expect(() => new SecretVariable(newStack(), id)).toThrow();
  });

  test("fails for a name the stack has already: one value would serve two purposes", () => {
    const stack = newStack();

    expect(() => new SecretVariable(stack, "cloudflare_api_token")).toThrow(
      new UsageError(
        "[chat/cloudflare_api_token] The Terraform variable cloudflare_api_token is declared already: chat/cloudflare/cloudflare_api_token. Use that one, or choose another id.",
      ),
    );
  });

  describe("in another stack", () => {
    const problemOf = (use: (own: TerraformStack, other: TerraformStack) => void): string => {
      const app = Testing.app();
      const [own, other] = ["own", "other"].map((name) => newStack({}, name, app)) as [
        TerraformStack,
        TerraformStack,
      ];
      use(own, other);
      try {
        app.synth();
      } catch (error) {
        return (error as Error).message;
      }
      return "none";
    };

    test("is refused, with who has it and what to do", () => {
      const problem = problemOf((own, other) => {
        const worker = new Worker(other, "worker", { bundle: newBundle() });
        worker.addSecret("KEY", new SecretVariable(own, "key"));
      });

      expect(problem).toContain(
        '[own/key] is a secret of the stack own, and other/worker/Secret-KEY/Resource of the stack other has it; it could get there by way of own\'s state only, where no secret is. Declare it in each stack, new SecretVariable(stack, "key"): one TF_VAR_key sets both.',
      );
    });

    test("is found in a text, and where each stack needs something of the other", () => {
      const problem = problemOf((own, other) => {
        const key = new SecretVariable(own, "key");
        const url = "https://api.example.com";
        const headers = { authorization: `Bearer ${key.stringValue}` };
        const gateway = new AiGateway(other, "gateway", { gatewayId: "chat" });
        new CustomProvider(other, "provider", { slug: "one", baseUrl: url, headers });
        new TerraformOutput(own, "url", { value: gateway.url });
      });

      expect(problem).toMatch(/\[own\/key\] .* other\/provider\/[^ ]+ of the stack other has it;/);
    });

    test("is fine under the same name, declared in each", () => {
      const problem = problemOf((...stacks) => {
        for (const stack of stacks) {
          const worker = new Worker(stack, "worker", {
            bundle: newBundle(),
            scriptName: stack.node.id,
          });
          worker.addSecret("KEY", new SecretVariable(stack, "key"));
        }
      });

      expect(problem).toBe("none");
    });
  });
});
