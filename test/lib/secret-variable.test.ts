import { describe, expect, test } from "@jest/globals";
import { Construct } from "constructs";
import { SecretVariable, UsageError } from "../../lib/index.js";
import { newStack, synth } from "./new-stack.js";

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
});
