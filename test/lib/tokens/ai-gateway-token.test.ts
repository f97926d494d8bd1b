import { describe, expect, test } from "@jest/globals";
import { TerraformStack, TerraformVariable, Testing, Token } from "cdktf";
import {
  AiGatewayToken,
  type AiGatewayTokenProps,
  Worker,
  workerBindings,
} from "../../../lib/index.js";
import { newBundle, newStack, only, problemsOf, synth } from "../new-stack.js";

const tokenProblems = (props: Record<string, unknown>) => {
  const stack = newStack();
  new AiGatewayToken(stack, "token", props as AiGatewayTokenProps);
  return problemsOf(stack);
};

describe("AiGatewayToken", () => {
  test("may run gateways only, and keeps nothing of the answer but the id", () => {
    // GIVEN
    const stack = newStack();
    // WHEN
    new AiGatewayToken(stack, "token", {
      expiresOn: "2099-01-31T00:00:00Z",
      condition: { requestIp: { in: ["192.0.2.0/24"] } },
    });
    // THEN
    const { resource, data } = synth(stack);
    const token = only(resource?.restful_resource);
    expect(token).toMatchObject({
      path: "/accounts/account/tokens",
      body: {
        name: "chat-token",
        policies: [
          {
            effect: "allow",
            resources: { "com.cloudflare.api.account.account": "*" },
            permission_groups: [
              { id: expect.stringMatching(/^\$\{data\.restful_resource\..*id\}$/) },
            ],
          },
        ],
        expires_on: "2099-01-31T00:00:00Z",
        condition: { request_ip: { in: ["192.0.2.0/24"] } },
      },
      create_selector: "result.{id}",
      output_attrs: ["id"],
    });
    expect(Object.values(data?.restful_resource ?? {})).toContainEqual(
      expect.objectContaining({ query: { name: ["AI Gateway Run"] } }),
    );
    // Delivered to nobody, there is nothing to run.
    expect(JSON.stringify(resource)).not.toContain("local-exec");
  });

  test("is handed to all its Workers by one script, whose order does not matter", () => {
    const declare = (...ids: readonly string[]) => {
      const stack = newStack();
      const token = new AiGatewayToken(stack, "token", { rotation: "2026-12" });
      const bundle = newBundle();
      const workers = new Map(
        ["first", "second"].map((id) => [id, new Worker(stack, id, { bundle })] as const),
      );
      for (const id of ids) token.deliverTo(workers.get(id) as Worker, "TOKEN");
      const blocks = Object.values(synth(stack).resource?.terraform_data ?? {});
      return blocks.find(({ provisioner }) => provisioner !== undefined) ?? {};
    };

    const delivery = declare("first", "second");

    expect(delivery.triggers_replace).toEqual({
      token: expect.stringContaining("token_"),
      secrets: [expect.stringContaining("first_Secret"), expect.stringContaining("second_Secret")],
      rotation: "2026-12",
    });
    expect(declare("second", "first").triggers_replace).toEqual(delivery.triggers_replace);
    const [{ "local-exec": run }] = delivery.provisioner as [
      { "local-exec": Record<string, unknown> },
    ];
    expect(run).toMatchObject({
      interpreter: ["node"],
      command: expect.stringMatching(/^assets\/[^/]+\/[0-9a-f]{32}\/deliver-token\.mjs$/),
      environment: {
        // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's own expression
        AI_GATEWAY_TOKEN_API_TOKEN: "${var.cloudflare_api_token}",
        AI_GATEWAY_TOKEN_DELIVERY: expect.stringMatching(/^\$\{jsonencode\(/),
      },
    });
  });

  test("is refused to a Worker of another stack", () => {
    const app = Testing.app();
    const token = new AiGatewayToken(newStack({}, "own", app), "token");
    const other = newStack({}, "other", app);

    token.deliverTo(new Worker(other, "worker", { bundle: newBundle() }), "TOKEN");

    expect(problemsOf(TerraformStack.of(token))).toEqual([
      '[own/token] deliverTo: worker: got other/worker of the stack other; allowed is a Worker of the token\'s own stack, own. Declare a token in each stack: new AiGatewayToken(stack, "token") beside that Worker.',
    ]);
    expect(() => app.synth()).toThrow(/deliverTo: worker: got other\/worker/);
  });

  test("is delivered by way of a proxy as Terraform is, which goes to this machine without one", () => {
    const environmentAt = (baseUrl: string) => {
      const stack = newStack({ baseUrl });
      const worker = new Worker(stack, "worker", { bundle: newBundle() });
      new AiGatewayToken(stack, "token").deliverTo(worker, "TOKEN");
      const blocks = Object.values(synth(stack).resource?.terraform_data ?? {});
      return blocks.flatMap(({ provisioner = [] }) =>
        (provisioner as [{ "local-exec": { environment: object } }]).map(
          (run) => run["local-exec"].environment,
        ),
      );
    };

    const useProxy = expect.objectContaining({ NODE_USE_ENV_PROXY: "1" });
    expect(environmentAt("https://api.cloudflare.com/client/v4")).toEqual([useProxy, useProxy]);
    expect(environmentAt("http://127.0.0.1:8787/client/v4")).toEqual([
      expect.not.objectContaining({ NODE_USE_ENV_PROXY: "1" }),
      expect.not.objectContaining({ NODE_USE_ENV_PROXY: "1" }),
    ]);
  });

  test("leaves a secret's text alone once it is delivered, and opens the Worker after that", () => {
    // GIVEN
    const stack = newStack();
    const worker = new Worker(stack, "worker", { bundle: newBundle() });
    // WHEN
    new AiGatewayToken(stack, "token").deliverTo(worker, "TOKEN");
    // THEN
    const { resource = {} } = synth(stack);
    const secret = Object.values(resource.restful_resource ?? {}).find(({ path }) =>
      String(path).endsWith("/secrets"),
    );
    expect(secret).toMatchObject({ write_only_attrs: ["text"], output_attrs: ["name"] });
    expect(secret).not.toHaveProperty("ephemeral_body");
    expect(only(resource.cloudflare_workers_script_subdomain).depends_on).toEqual([
      expect.stringMatching(/^terraform_data\.token_Delivery_Delivered/),
    ]);
  });

  test("is taken for a secret wherever a Worker takes one", () => {
    // GIVEN
    const declaration = workerBindings({ TOKEN: { type: "secret_text" } });
    const bundle = newBundle();
    const deliveries = (give: (stack: TerraformStack, token: AiGatewayToken) => void) => {
      const stack = newStack();
      give(stack, new AiGatewayToken(stack, "token"));
      return JSON.stringify(synth(stack).resource).split('{"local-exec"').length - 1;
    };
    // THEN
    expect([
      deliveries((stack, token) =>
        new Worker(stack, "worker", { bundle }).addSecret("TOKEN", token),
      ),
      deliveries(
        (stack, token) => new Worker(stack, "worker", { bundle, secrets: { TOKEN: token } }),
      ),
      deliveries(
        (stack, token) =>
          new Worker(stack, "worker", { bundle, declaration, bindings: { TOKEN: token } }),
      ),
      // Each with what delivers again where the first did not end.
    ]).toEqual([2, 2, 2]);
  });

  test("needs a name in env that is free", () => {
    const stack = newStack();
    const worker = new Worker(stack, "worker", { bundle: newBundle(), vars: { TAKEN: "text" } });
    const token = new AiGatewayToken(stack, "token");

    token.deliverTo(worker, "TAKEN");
    token.deliverTo(worker, "NO NAME");

    expect(problemsOf(stack)).toEqual([
      expect.stringContaining('[chat/worker] binding name: "TAKEN" is used twice'),
      expect.stringContaining('[chat/worker] binding name: got "NO NAME"'),
    ]);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ["token-name", { name: " " }, 'name: got " "'],
    ["token-expires-on", { expiresOn: "2027-01-31" }, 'expiresOn: got "2027-01-31"'],
    [
      "token-expires-on",
      { expiresOn: "2027-02-30T00:00:00Z" },
      'expiresOn: got "2027-02-30T00:00:00Z"; there is no such day or no such time of day.',
    ],
    [
      "token-not-before",
      { notBefore: "2027-01-31T24:00:00Z" },
      'notBefore: got "2027-01-31T24:00:00Z"; there is no such day or no such time of day.',
    ],
    ["token-not-before", { notBefore: "2027-01-31T00:00:00+01:00" }, "notBefore: got"],
    [
      "token-expires-before-it-begins",
      { expiresOn: "2027-01-01T00:00:00Z", notBefore: "2027-01-01T00:00:00Z" },
      'expiresOn: got "2027-01-01T00:00:00Z" with notBefore',
    ],
    ["token-condition", { condition: {} }, "condition: got none"],
    [
      "token-condition",
      { condition: { requestIp: { in: [] } } },
      'condition.requestIp.in: got an empty array; allowed is an array of one or more addresses and CIDR ranges, such as ["192.0.2.0/24"]. Remove condition to restrict nothing by it.',
    ],
    [
      "token-condition",
      { condition: { requestIp: { in: ["192.0.2.1"], notIn: [] } } },
      'condition.requestIp.notIn: got an empty array; allowed is an array of one or more addresses and CIDR ranges, such as ["192.0.2.0/24"]. Remove condition.requestIp.notIn to restrict nothing by it.',
    ],
    ["token-condition", { condition: { requestIp: { in: undefined } } }, "condition: got none"],
    [
      "token-condition",
      { condition: { requestIp: { notIn: ["192.0.2.0/33"] } } },
      'condition.requestIp.notIn: got "192.0.2.0/33"',
    ],
    [
      "token-condition",
      { condition: { requestIp: { not_in: ["192.0.2.0"] } } },
      'condition.requestIp: got "not_in"',
    ],
    ["token-condition", { condition: null }, "condition: got none"],
    ["token-condition", { condition: { requestIp: null } }, "condition: got none"],
    [
      "token-condition",
      { condition: "192.0.2.0/24" },
      'condition: got "192.0.2.0/24"; allowed is an object',
    ],
    ["token-condition", { condition: 5 }, "condition: got 5; allowed is an object"],
    ["token-condition", { condition: ["192.0.2.1"] }, "condition: got an array; allowed is an"],
    [
      "token-condition",
      { condition: { requestIp: "192.0.2.0/24" } },
      'condition.requestIp: got "192.0.2.0/24"; allowed is an object',
    ],
    [
      "token-condition",
      { condition: { requestIp: ["192.0.2.1"] } },
      "condition.requestIp: got an array; allowed is an object",
    ],
    [
      "token-condition",
      { condition: { requestIp: { in: ["192.0.2.1"] }, country: "DE" } },
      'condition: got "country"',
    ],
    ["token-name", { name: 5 }, "name: got 5"],
    ["token-rotation", { rotation: 12 }, "rotation: got 12"],
    ["token-deletion-protection", { deletionProtection: 1 }, "deletionProtection: got 1"],
    ["an unknown prop", { expires: "never" }, "expires: there is no such prop"],
  ])("%s: reports %j", (_rule, props, message) => {
    expect(tokenProblems(props)).toEqual([expect.stringContaining(`[chat/token] ${message}`)]);
  });

  test("judges no tokens of Terraform", () => {
    const stack = newStack();
    const text = Token.asString(new TerraformVariable(stack, "text", {}).value);
    new AiGatewayToken(stack, "token", {
      name: text,
      expiresOn: text,
      notBefore: text,
      condition: { requestIp: { in: [text] } },
      rotation: text,
    });
    expect(problemsOf(stack)).toEqual([]);
  });

  test.each([
    ["the condition", (token: unknown) => token],
    ["its addresses", (token: unknown) => ({ requestIp: token })],
  ])("takes no token for %s, which could turn out to restrict nothing", (_what, condition) => {
    const stack = newStack();
    const token = new TerraformVariable(stack, "any", {}).value;
    new AiGatewayToken(stack, "token", { condition: condition(token) } as AiGatewayTokenProps);
    expect(problemsOf(stack)).toEqual([
      expect.stringContaining("[chat/token] condition: got a token"),
    ]);
  });

  test("has a name that no other token of the stack has", () => {
    const stack = newStack();
    new AiGatewayToken(stack, "a", { name: "ci" });
    new AiGatewayToken(stack, "b", { name: "ci" });
    expect(problemsOf(stack)).toEqual([
      expect.stringContaining('[chat/b] name: "ci" is the name of chat/a already'),
    ]);
  });

  test("that exists is known by its id", () => {
    const stack = newStack();
    expect(AiGatewayToken.fromTokenId(stack, "a", "abc").tokenId).toBe("abc");
    AiGatewayToken.fromTokenId(stack, "b", "a/b");
    expect(problemsOf(stack)).toEqual([expect.stringContaining('[chat/b] tokenId: got "a/b"')]);
  });
});
