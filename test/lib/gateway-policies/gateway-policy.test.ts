import { describe, expect, test } from "@jest/globals";
import type { TerraformStack } from "cdktf";
import { AiGateway, GatewayPolicy, type GatewayPolicyProps } from "../../../lib/index.js";
import { newStack, only, problemsOf, synth } from "../new-stack.js";

const gatewayOf = (stack: TerraformStack, id = "mine") =>
  AiGateway.fromGatewayId(stack, `gateway-${id}`, id);
const limit = { type: "limit", amount: 1000, period: "monthly" } as const;

/** Where synth warns. */
function warned(stack: TerraformStack): string[] {
  synth(stack);
  return stack.node
    .findAll()
    .filter(({ node }) => node.metadata.some(({ data }) => /refuses every request/.test(data)))
    .map(({ node }) => node.path);
}

describe("GatewayPolicy", () => {
  test("writes out all it says, and is committed at once", () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    new GatewayPolicy(stack, "everyone", { gateway: gatewayOf(stack), action: limit });

    // THEN
    const { depends_on, ...policy } = only(synth(stack).resource?.restful_resource);
    expect(policy).toMatchInlineSnapshot(`
      {
        "body": {
          "action": {
            "amount": 1000,
            "period": "monthly",
            "technique": "named-interval",
            "type": "limit",
          },
          "actor": "company:all",
          "condition": "true",
          "name": "chat-everyone",
          "resource": "*",
        },
        "create_query": {
          "commit": [
            "true",
          ],
        },
        "create_selector": "result",
        "output_attrs": [
          "name",
        ],
        "path": "/accounts/account/ai-gateway/gateways/mine/policies",
        "read_path": "$(path)/$(body.id)",
        "read_selector": "result.{name,actor,resource,condition,action}",
        "update_query": {
          "commit": [
            "true",
          ],
        },
      }
    `);
  });

  test("is warned of, once for each gateway, where none allows everyone everything", () => {
    const stack = newStack();
    const action = { type: "no-limit" } as const;
    const guarded = gatewayOf(stack, "guarded");
    const open = gatewayOf(stack, "open");

    new GatewayPolicy(stack, "some", { gateway: guarded, action, resource: { model: "a/*" } });
    new GatewayPolicy(stack, "users", { gateway: guarded, action, actor: "user:{cf.user.id}" });
    new GatewayPolicy(stack, "block", { gateway: open, action: { type: "block" } });
    new GatewayPolicy(stack, "rest", { gateway: open, action });

    expect(warned(stack)).toEqual(["chat/some"]);
  });

  test("says which providers it lets through, and none that it blocks", () => {
    const stack = newStack();
    const gateway = gatewayOf(stack);
    const resource = { provider: "groq", model: ["openai/gpt-*", "*/mini"] };
    const add = (id: string, action: GatewayPolicyProps["action"]) =>
      new GatewayPolicy(stack, id, { gateway, action, resource }).usedProviders;

    expect(add("cap", limit)).toEqual([
      { provider: "groq", where: "resource.provider" },
      { provider: "openai", where: "resource.model" },
    ]);
    expect(add("allowlist", { type: "block", except: true })).toHaveLength(2);
    expect(add("block", { type: "block" })).toEqual([]);
  });

  test("sends models and providers as they are written, whatever Terraform would read in them", () => {
    const stack = newStack();
    const resource = { model: ["a%{", `\${path.root}`], provider: "%{ if" };

    new GatewayPolicy(stack, "odd", { gateway: gatewayOf(stack), resource, action: limit });

    expect(only(synth(stack).resource?.restful_resource).body).toMatchObject({
      resource: { model: ["a%%{", `$\${path.root}`], provider: "%%{ if" },
    });
  });

  test("is alone with its name at its gateway: synth says so, and so does a deploy", () => {
    // GIVEN
    const stack = newStack();
    const gateway = gatewayOf(stack);
    const other = gatewayOf(stack, "other");
    // WHEN
    new GatewayPolicy(stack, "a", { gateway, name: "all", action: limit });
    new GatewayPolicy(stack, "b", { gateway, name: "all", action: limit });
    new GatewayPolicy(stack, "c", { gateway: other, name: "all", action: limit });
    // THEN
    expect(problemsOf(stack)).toEqual([
      expect.stringContaining('[chat/b] name: "all" is the name of chat/a already'),
    ]);
  });

  test("that exists is known by its id", () => {
    const stack = newStack();
    expect(GatewayPolicy.fromPolicyId(stack, "a", "abc").policyId).toBe("abc");
    GatewayPolicy.fromPolicyId(stack, "b", "a/b");
    expect(problemsOf(stack)).toEqual([expect.stringContaining('[chat/b] policyId: got "a/b"')]);
  });

  const wrong: readonly [Partial<Record<keyof GatewayPolicyProps, unknown>>, string][] = [
    [{ name: "" }, 'name: got ""'],
    [{ name: "cut \ud83d" }, "allowed is a text of whole characters"],
    [{ actor: "" }, 'actor: got ""'],
    [{ actor: "user:{cf.user.id" }, "actor: got"],
    [{ resource: "openai" }, 'resource: got "openai"'],
    [{ resource: {} }, "resource: got"],
    [{ resource: null }, "resource: got null"],
    [{ actor: 5 }, "actor: got 5"],
    [{ name: 5 }, "name: got 5"],
    [{ resource: { models: "x" } }, "resource.models: there is no such key"],
    [{ resource: { model: [] } }, "resource.model: got an empty array"],
    [{ resource: { provider: "open*" } }, 'resource.provider: got "open*"'],
    [{ condition: " " }, 'condition: got " "'],
    [{ action: "block" }, 'action: got "block"'],
    [{ action: { type: "allow" } }, 'action.type: got "allow"'],
    [{ action: { type: "block", amount: 1 } }, "action.amount: there is no such key"],
    [{ action: { type: "block", except: false } }, "action.except: got false"],
    [{ action: { type: "block", except: true } }, "nothing would be blocked"],
    [{ action: { ...limit, amount: 0 } }, "action.amount: got 0"],
    [{ action: { ...limit, amount: 0.1 } }, "action.amount: got 0.1, which is never read back"],
    [{ action: { type: "limit", amount: 1 } }, "action.period: got nothing"],
    [{ deletionProtection: 1 }, "deletionProtection: got 1"],
  ];
  test.each(wrong)("fails for %p", (props, problem) => {
    const stack = newStack();

    new GatewayPolicy(stack, "everyone", {
      gateway: gatewayOf(stack),
      action: limit,
      ...props,
    } as GatewayPolicyProps);

    expect(problemsOf(stack)).toEqual([expect.stringContaining(problem)]);
  });
});
