import { describe, expect, test } from "@jest/globals";
import { TerraformOutput } from "cdktf";
import {
  AiGateway,
  type AiGatewayProps,
  DynamicRoute,
  type DynamicRouteProps,
  ProviderKey,
  type RouteElement,
  routeGraph,
  SecretVariable,
  Worker,
} from "../../../lib/index.js";
import { newBundle, newStack, only, problemsOf, synth } from "../new-stack.js";

const graph = routeGraph((g) => g.model({ provider: "openai", model: "gpt-4o" }));

function newRoute(props: Partial<DynamicRouteProps> = {}, gatewayProps: AiGatewayProps = {}) {
  const stack = newStack();
  const gateway = new AiGateway(stack, "gateway", { authentication: true, ...gatewayProps });
  const route = new DynamicRoute(stack, "route", { gateway, graph, ...props });
  return { stack, gateway, route };
}

/** A block by the end of its name, hashes left out. */
function block(blocks: Record<string, Record<string, unknown>> | undefined, name: RegExp) {
  const found = Object.entries(blocks ?? {}).filter(([key]) => name.test(key));
  expect(found).toHaveLength(1);
  return found[0]?.[1] as Record<string, unknown>;
}

const warningsOf = ({ route }: ReturnType<typeof newRoute>) =>
  route.node.metadata.map(({ data }) => String(data)).filter((text) => /got/.test(text));

describe("DynamicRoute", () => {
  test("is a route, a version of its graph and its deployment", () => {
    const { resource, locals } = synth(newRoute().stack) as ReturnType<typeof synth> & {
      locals: Record<string, unknown>;
    };

    const [name] = Object.keys(locals).filter((key) => /^route_Graph/.test(key));
    expect(locals[name as string]).toEqual(graph);
    expect(block(resource?.restful_resource, /^route_[0-9A-F]{8}$/)).toMatchObject({
      body: { name: "chat-route", elements: `\${local.${name}}` },
      update_method: "PATCH",
      lifecycle: { ignore_changes: ["body.elements"] },
    });
    expect(only(resource?.restful_operation)).toMatchObject({
      method: "POST",
      body: { elements: `\${local.${name}}` },
      output_attrs: ["result.version_id"],
    });
    expect(block(resource?.restful_resource, /^route_Deployment/)).toMatchObject({
      body: { version_id: expect.stringMatching(/output\.result\.version_id}$/) },
      read_selector: "result.deployment.{version_id}",
    });
  });

  test("deploys a version that is pinned, uploads none, and compares its graph", () => {
    const { resource, data } = synth(newRoute({ version: "v1" }).stack);

    expect(resource?.restful_operation).toBeUndefined();
    expect(block(resource?.restful_resource, /^route_Deployment/)).toMatchObject({
      body: { version_id: "v1" },
    });
    expect(block(data?.restful_resource, /^route_Pinned/)).toMatchObject({
      id: expect.stringMatching(/\/versions\/v1$/),
      lifecycle: {
        postcondition: [
          { error_message: expect.stringMatching(/^\[chat\/route\] graph: got another one than/) },
        ],
      },
    });
  });

  test("is named in a Worker by what only its resource knows, so that it is there before", () => {
    const { stack, route } = newRoute({ name: "support" });
    const worker = new Worker(stack, "worker", { bundle: newBundle() });
    worker.addVar("MODEL", route.model);
    new TerraformOutput(stack, "version", { value: route.versionId });
    new TerraformOutput(stack, "id", { value: route.routeId });

    const { output, resource } = synth(stack);
    expect(JSON.stringify(only(resource?.cloudflare_workers_script))).toMatch(
      /"dynamic\/\$\{restful_resource\.route_[0-9A-F]{8}\.body\.name\}"/,
    );
    expect(output?.version?.value).toMatch(/route_Deployment_\w+\.output\.version_id}$/);
    expect(output?.id?.value).toMatch(/^\$\{basename\(restful_resource\.route_[0-9A-F]{8}\.id\)}$/);
  });

  test("sends texts as they are written", () => {
    const conditions = { "${a}": { $eq: "%{b}" } };
    const { stack } = newRoute({
      graph: routeGraph((g) => g.conditional(conditions, { true: g.end(), false: g.end() })),
    });

    const text = JSON.stringify(synth(stack));
    expect(text).toContain('{"$${a}":{"$eq":"%%{b}"}}');
  });

  test("imports the route and which of its versions serves", () => {
    const { stack, route } = newRoute({ version: "v1" });
    route.importFrom("r1");

    const ids = (synth(stack).import ?? [])
      .filter(({ to }) => to.includes(".route_"))
      .map(({ id }) => JSON.parse(id));
    expect(ids).toMatchObject([
      { id: expect.stringMatching(/\/routes\/r1$/), body: { name: null, elements: null } },
      { path: expect.stringMatching(/\/routes\/r1\/deployments$/), body: { version_id: null } },
    ]);
  });

  test("reads the name of a route that exists only where it is asked for", () => {
    const stack = newStack();
    const gateway = AiGateway.fromGatewayId(stack, "gateway", "shared");
    const route = DynamicRoute.fromRouteId(stack, "route", gateway, "r1");
    expect(synth(stack).data).toBeUndefined();

    new TerraformOutput(stack, "model", { value: route.model });

    const { data, output, resource } = synth(stack);
    expect(resource).toBeUndefined();
    expect(only(data?.restful_resource)).toMatchObject({
      id: "/accounts/account/ai-gateway/gateways/shared/routes/r1",
      output_attrs: ["name"],
    });
    expect(output?.model?.value).toMatch(
      /^dynamic\/\$\{data\.restful_resource\..*\.output\.name}$/,
    );
  });

  test("draws its graph, and says which providers it uses", () => {
    const { route } = newRoute();

    expect(route.mermaid).toMatch(/^flowchart TD\n/);
    expect(route.usedProviders).toEqual([
      { provider: "openai", where: 'graph: provider of "model"' },
    ]);
  });

  test("is protected from deletion where it says so", () => {
    const { resource } = synth(newRoute({ deletionProtection: true }).stack);

    expect(block(resource?.restful_resource, /^route_[0-9A-F]{8}$/)).toMatchObject({
      lifecycle: { ignore_changes: ["body.elements"], prevent_destroy: true },
    });
  });
});

describe("DynamicRoute reports", () => {
  test.each<[string, Partial<DynamicRouteProps>, string]>([
    [
      "a name with a space",
      { name: "my route" },
      'name: got "my route"; allowed is 1 to 64 letters',
    ],
    ["a name that is a path", { name: "a/b" }, 'name: got "a/b"; allowed'],
    ["a name that is too long", { name: "a".repeat(65) }, "name: got "],
    ["no graph", { graph: [] }, "graph: got an empty array; allowed is what routeGraph"],
    [
      "elements without an id",
      { graph: [{ type: "end", outputs: {} }] as unknown as RouteElement[] },
      "graph[0].id: got nothing; allowed is a text that is not empty.",
    ],
    [
      "elements without a type",
      { graph: [{ id: "end", outputs: {} }] as unknown as RouteElement[] },
      'graph[0].type: got nothing; allowed is "start" or ',
    ],
    [
      "elements that are none",
      { graph: ["end"] as unknown as RouteElement[] },
      'graph[0]: got "end"; allowed is an element, such as { id: "end", type: "end", outputs: {} }.',
    ],
    ["a version that is none", { version: "v/1" }, 'version: got "v/1"; allowed is an id'],
    [
      "a protection that is none",
      { deletionProtection: "yes" as unknown as boolean },
      'deletionProtection: got "yes"; allowed is true or false.',
    ],
    ["an unknown prop", { elements: [] } as object, "elements: there is no such prop"],
  ])("%s", (_, props, says) => {
    const problems = problemsOf(newRoute(props).stack);

    expect(problems).toEqual([expect.stringContaining(`[chat/route] ${says}`)]);
  });

  test("all that is wrong with the calls of the builder and with what they made", () => {
    // GIVEN a typo in a name, in a key, in an output, a step that is none, and values that are none
    const graph = routeGraph((g) => {
      const untyped = g as unknown as Record<
        "modle" | keyof typeof g,
        (...args: unknown[]) => never
      >;
      return untyped.rate(
        { key: "metadata.user", limt: 5, window: "1 hour" },
        {
          success: untyped.percentage({
            60: untyped.modle({ provider: "openai", model: "gpt-4o" }),
            50: untyped.model({ provider: "", model: "gpt-4o" }, { fallbak: g.end() }),
          }),
          fallback: untyped.conditional({}, { true: "small", flase: g.end() }),
        },
      );
    });

    // WHEN
    const problems = problemsOf(newRoute({ graph, name: "my route" }).stack);

    // THEN each is said once, and nothing that only follows from it
    expect(problems.map((problem) => problem.replace("[chat/route] ", ""))).toEqual([
      "graph: g.modle: there is no such step; the steps are g.model, g.rate, g.conditional, g.percentage, g.end. Did you mean g.model?",
      expect.stringMatching(/^graph: g\.model\.fallbak: .* Did you mean fallback\?$/),
      expect.stringMatching(/^graph: g\.conditional\.flase: .* Did you mean false\?$/),
      expect.stringMatching(/^graph: g\.conditional\.true: got "small"; /),
      expect.stringMatching(/^graph: g\.rate\.limt: .* Did you mean limit\?$/),
      expect.stringMatching(/^name: got "my route"; /),
      expect.stringMatching(/^graph: conditions of "conditional": got a value of type object; /),
      expect.stringMatching(/^graph: window of "rate": got "1 hour"; /),
      expect.stringMatching(/^graph: provider of "model": got ""; /),
      expect.stringMatching(/^graph: shares of "percentage": got 110 % together; /),
    ]);
  });

  test("a copy of a graph that came of a wrong call", () => {
    const graph = routeGraph((g) => (g as unknown as { modle: () => never }).modle());

    const problems = problemsOf(newRoute({ graph: graph.map((one) => ({ ...one })) }).stack);

    expect(problems).toContainEqual(
      expect.stringContaining('[chat/route] graph: output "next" of "start": got nothing; '),
    );
  });

  test("all that is wrong with elements, where one of them is none", () => {
    const graph = [
      { id: "start", type: "start", outputs: { next: { elementId: "big" } } },
      { id: "big", type: "model", properties: { provider: "openai", modle: "gpt-4o" } },
      { type: "end", outputs: {} },
    ] as unknown as RouteElement[];

    const problems = problemsOf(newRoute({ graph }).stack);

    expect(problems.map((problem) => problem.replace("[chat/route] ", ""))).toEqual([
      "graph[2].id: got nothing; allowed is a text that is not empty.",
      expect.stringMatching(/^graph: output "success" of "big": got nothing; /),
      expect.stringMatching(/^graph: output "fallback" of "big": got nothing; /),
      expect.stringMatching(/^graph: properties\.modle of "big": .* Did you mean model\?$/),
      expect.stringMatching(/^graph: model of "big": got nothing; /),
      expect.stringMatching(/^graph: timeout of "big": got nothing; /),
      expect.stringMatching(/^graph: retries of "big": got nothing; /),
    ]);
  });

  test("a gateway that is none", () => {
    const gateway = "chat" as unknown as DynamicRouteProps["gateway"];
    const problems = problemsOf(newRoute({ gateway }).stack);

    expect(problems).toEqual([
      '[chat/route] gateway: got "chat"; allowed is an AiGateway, or AiGateway.fromGatewayId(stack, "shared", "…").',
    ]);
  });

  test("what is wrong with the graph together with all else", () => {
    const wrong = routeGraph((g) => g.model({ provider: "", model: "x", retries: 9 }));
    const problems = problemsOf(newRoute({ graph: wrong, version: " " }).stack);

    expect(problems).toHaveLength(3);
  });

  test("a name that another route of the gateway has", () => {
    const { stack, gateway } = newRoute({ name: "support" });
    new DynamicRoute(stack, "second", { gateway, graph, name: "support" });
    const other = AiGateway.fromGatewayId(stack, "other", "other");
    new DynamicRoute(stack, "third", { gateway: other, graph, name: "support" });

    expect(problemsOf(stack)).toEqual([
      expect.stringMatching(
        /^\[chat\/second\] name: "support" is the name of chat\/route already; /,
      ),
    ]);
  });

  test("an id to import or to use that is none", () => {
    const { stack, gateway, route } = newRoute({ version: "v1" });
    route.importFrom("routes/1");
    DynamicRoute.fromRouteId(stack, "used", gateway, "routes/2");

    expect(problemsOf(stack)).toHaveLength(2);
  });

  test("a gateway without authentication, as a warning", () => {
    expect(warningsOf(newRoute())).toEqual([]);
    expect(warningsOf(newRoute({}, { authentication: false }))).toEqual([
      expect.stringMatching(
        /^gateway: got one without authentication; .* Set authentication: true\.$/,
      ),
    ]);
  });

  test("custom providers, as a warning", () => {
    const custom = routeGraph((g) => g.model({ provider: "custom-mine", model: "x" }, {}, "own"));

    expect(warningsOf(newRoute({ graph: custom }))).toEqual([
      expect.stringMatching(/^graph: got custom providers, "own" \(custom-mine\); .*2005/),
    ]);
  });

  test("models without a key where the stack declares keys, as a warning", () => {
    const both = routeGraph((g) =>
      g.model(
        { provider: "openai", model: "gpt-4o" },
        {
          fallback: g.model(
            { provider: "anthropic", model: "claude" },
            { fallback: g.model({ provider: "workers-ai", model: "@cf/small" }) },
          ),
        },
      ),
    );
    const declared = newRoute({ graph: both });
    synth(declared.stack);
    expect(warningsOf(declared)).toEqual([]);

    const withKey = newRoute({ graph: both }, { storeId: "store" });
    new ProviderKey(withKey.stack, "openai", {
      gateway: withKey.gateway,
      providerSlug: "openai",
      secret: new SecretVariable(withKey.stack, "openai_api_key"),
    });
    synth(withKey.stack);
    expect(warningsOf(withKey)).toEqual([
      expect.stringMatching(/^graph: got models of anthropic, and no ProviderKey of the gateway/),
    ]);

    const byokOnly = newRoute({ graph: both }, { storeId: "store", byokOnly: true });
    synth(byokOnly.stack);
    expect(warningsOf(byokOnly)).toEqual([
      expect.stringMatching(/^graph: got models of openai, anthropic, and no ProviderKey/),
    ]);
  });
});
