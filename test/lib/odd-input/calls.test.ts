import { inspect } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { Aspects, Token } from "cdktf";
import {
  AiGateway,
  AiGatewayPolicyPack,
  AiGatewayToken,
  Cloudflare,
  DynamicRoute,
  R2Backend,
  routeGraph,
  SecretVariable,
  Stage,
  StageStack,
  toMermaid,
  UsageError,
  Worker,
} from "../../../lib/index.js";
import { newBundle, newStack, only, problemsOf, synth } from "../new-stack.js";
import { oddValues, refusalOf, thrownBy } from "./refusal.js";

/** What plain JavaScript calls, whatever the types say. */
type Loose = Readonly<Record<string, (...args: unknown[]) => unknown>>;

const loose = (value: unknown): Loose => value as Loose;

test("Props that are a module of their own are props.", () => {
  const stack = newStack();
  // As `import * as settings` gives them; jest's own modules are plain objects.
  const settings = { cacheTtl: 60, [Symbol.toStringTag]: "Module" };

  new AiGateway(stack, "gateway", settings);

  expect(only(synth(stack).resource?.restful_resource).body).toMatchObject({ cache_ttl: 60 });
});

describe("a method in plain JavaScript", () => {
  test.each([
    ["bind", ["x", "GATEWAY"], 'bind: worker: got "x"; allowed is a Worker of this app, such as '],
    ["bind", [undefined, "GATEWAY"], "bind: worker: got nothing; allowed is a Worker"],
    ["bind", [Promise.resolve(), "G"], "bind: worker: got a promise, which has to be awaited"],
  ])("of a gateway, %s of %j, says what is allowed", (method, args, sentence) => {
    const problems = refusalOf((stack) =>
      loose(new AiGateway(stack, "gateway"))[method]?.(...args),
    );

    expect(problems).toEqual([expect.stringContaining(`[chat/gateway] ${sentence}`)]);
  });

  test("of a gateway, bind of no binding, says what is allowed", () => {
    const problems = refusalOf((stack) => {
      const worker = new Worker(stack, "worker", { bundle: newBundle() });
      loose(new AiGateway(stack, "gateway")).bind?.(worker, null);
    });

    expect(problems).toEqual([
      '[chat/gateway] bind: binding: got null; allowed is what aiGatewayBinding("GATEWAY") makes, or a name such as "GATEWAY".',
    ]);
  });

  test("of a token, deliverTo of a name, says what is allowed", () => {
    const problems = refusalOf((stack) =>
      loose(new AiGatewayToken(stack, "token")).deliverTo?.("w", "TOKEN"),
    );

    expect(problems).toEqual([
      expect.stringContaining('[chat/token] deliverTo: worker: got "w"; allowed is a Worker'),
    ]);
  });

  test.each([
    "addVar",
    "addJsonVar",
    "addSecret",
    "addBinding",
    "addAi",
    "addDurableObject",
    "addWorkflow",
    "addMigration",
    "addRoute",
    "addCustomDomain",
    "addCrons",
    "addQueueConsumer",
  ])("of a Worker, %s, never fails in words of JavaScript", (method) => {
    const bundle = newBundle();
    const refused: string[] = [];
    const calls = Object.values(oddValues).flatMap((make) => [
      [make()],
      ["NAME", make()],
      [make(), "text"],
    ]);
    const problems = refusalOf((stack) => {
      for (const [index, args] of calls.entries()) {
        const worker = loose(new Worker(stack, `worker${index}`, { bundle }));
        refused.push(...thrownBy(() => worker[method]?.(...args)));
      }
    });

    const lines = [...problems, ...refused];
    expect(lines.filter((line) => !/^\[chat\/worker\d+[/\]]/.test(line))).toEqual([]);
  });
});

describe("routeGraph in plain JavaScript", () => {
  test.each<[string, unknown, string]>([
    ["null", null, "routeGraph: got null; allowed is a function that returns the first step"],
    ["a promise", Promise.resolve(), "routeGraph: got a promise, which has to be awaited first; "],
    ["no return", () => {}, "routeGraph: got a function that returns nothing; allowed is one that"],
    [
      "an async function",
      async (g: Loose) => g.end?.(),
      "routeGraph: got an async function; allowed is one that returns the first step, such as (g) => g.model({ … }). Remove async; await what you need before routeGraph.",
    ],
    [
      "the builder itself",
      (g: Loose) => g,
      "routeGraph: the function's result: got a value of type object; allowed is a step",
    ],
    [
      "a text",
      () => "gpt-4o",
      `routeGraph: the function's result: got "gpt-4o"; allowed is a step`,
    ],
    ["model()", (g: Loose) => g.model?.(), "g.model: got nothing; allowed is { provider: "],
    ["model(text)", (g: Loose) => g.model?.("gpt-4o"), 'g.model: got "gpt-4o"; allowed is {'],
    ["rate()", (g: Loose) => g.rate?.(null, {}), "g.rate: got null; allowed is { key: "],
    [
      "rate(…)",
      (g: Loose) => g.rate?.({ key: "metadata.user", limit: 1, window: 60 }, 5),
      "g.rate: got 5; allowed is { success: …, ",
    ],
    ["conditional()", (g: Loose) => g.conditional?.({ a: 1 }), "g.conditional: got nothing; "],
    ["percentage(null)", (g: Loose) => g.percentage?.(null), "g.percentage: got null; allowed"],
    [
      "a step that is none",
      (g: Loose) => g.percentage?.({ 10: "small", else: g.end?.() }),
      'g.percentage.10: got "small"; allowed is a step, such as g.model({ … }) or g.end().',
    ],
    [
      "a step that is in no builder",
      (g: Loose) => g.switch?.({ a: g.end?.() }),
      "g.switch: there is no such step; the steps are g.model, g.rate, g.conditional, g.percentage, g.end.",
    ],
    [
      "an id that is none",
      (g: Loose) => g.model?.({ provider: "openai", model: "gpt-4o" }, {}, 5),
      "g.model.id: got 5; allowed is a text that is not empty.",
    ],
  ])("of %s is reported once, by the route it is given to", (_, build, sentence) => {
    const problems = refusalOf((stack) => {
      const gateway = new AiGateway(stack, "gateway");
      new DynamicRoute(stack, "route", { gateway, graph: routeGraph(build as never) });
    });

    expect(problems).toEqual([expect.stringContaining(`[chat/route] graph: ${sentence}`)]);
  });

  test("takes no question of JavaScript's own for a step", async () => {
    const asked: unknown[] = [];
    const problems = refusalOf((stack) => {
      const graph = routeGraph((g) => {
        asked.push(JSON.stringify({ g }), String(g), inspect(g), Promise.resolve(g));
        return g.model({ provider: "openai", model: "gpt-4o" });
      });
      new DynamicRoute(stack, "route", { gateway: new AiGateway(stack, "gateway"), graph });
    });
    await Promise.all(asked);

    expect(problems).toEqual([]);
    expect(asked).toContain('{"g":{}}');
  });

  test("has a picture only of what is a graph", () => {
    expect(() => toMermaid(null as never)).toThrow(
      new UsageError(
        "toMermaid: got null; allowed is what routeGraph((g) => …) makes, or an array of elements, each with an id and a type.",
      ),
    );
  });
});

describe("a policy pack in plain JavaScript", () => {
  test.each<[unknown, string]>([
    [null, "props: got null; allowed is an object."],
    [{ rules: 5 }, "rules: got 5; allowed is an array such as [{ name: "],
    [{ rules: [5] }, "rules[0]: got 5; allowed is an object such as { name: "],
    [{ rules: [{ check: () => [] }] }, "rules[0].name: got nothing; allowed is a text"],
    [{ rules: [{ name: "x" }] }, "rules[0].check: got nothing; allowed is a function such as"],
    [{ maxCacheTtl: 5 }, "maxCacheTtl: got 5; allowed is an object such as { seconds: 3_600 }."],
    [{ allowedProviders: null }, "allowedProviders: got null; allowed is an object such as"],
  ])("with %j is refused at once", (props, sentence) => {
    const refusal = () => new AiGatewayPolicyPack(props as never);

    expect(refusal).toThrow(UsageError);
    expect(refusal).toThrow(`AiGatewayPolicyPack: ${sentence}`);
  });

  test.each<[string, () => unknown, string]>([
    ["returns nothing", () => {}, "returned nothing; allowed is an array of findings, empty "],
    ["returns null", () => null, "returned null; allowed is an array of findings"],
    ["is async", async () => [], "returned a promise, which has to be awaited first; allowed is"],
    ["finds a text", () => ["no"], 'returned the finding "no"; allowed is { prop, got, allowed, '],
    ["throws", () => JSON.parse("{"), "threw: Expected property name"],
  ])("says whose check %s, and where", (_, check, sentence) => {
    const problems = refusalOf((stack) => {
      new AiGateway(stack, "gateway", { authentication: true });
      const rule = { name: "mine", check } as never;
      const off = { authentication: "off", spendLimit: "off", logsWithoutPayload: "off" } as const;
      Aspects.of(stack).add(new AiGatewayPolicyPack({ ...off, rules: [rule] }));
    });

    expect(problems).toEqual([
      expect.stringContaining(
        `[chat] AiGatewayPolicyPack: the check of the policy "mine" ${sentence}`,
      ),
    ]);
  });
});

describe("what is refused at once in plain JavaScript", () => {
  test.each<[string, () => unknown, string]>([
    ["Stage", () => new Stage("a", null as never), "[Stage] props: got null; allowed is an object"],
    ["Stage", () => new Stage("a", { prod: true } as never), "[Stage] prod: there is no such prop"],
    [
      "Stage",
      () => new Stage("a", { production: "false" } as never),
      '[Stage] production: got "false"; allowed is true or false.',
    ],
    ["fromEnvironment", () => Stage.fromEnvironment(null as never), "options: got null; allowed"],
    [
      "fromEnvironment",
      () => Stage.fromEnvironment({ productionNames: "production" } as never),
      'productionNames: got "production"; allowed is an array of names of stages',
    ],
    ["nameFor", () => new Stage("a").nameFor(null as never), "[Stage.nameFor] name: got null;"],
    ["Cloudflare", () => newStack({ accountId: 5 } as never), "accountId: got 5; allowed are"],
    [
      "Cloudflare",
      () => newStack({ baseUrl: [] } as never),
      "baseUrl: got an empty array; allowed is",
    ],
    [
      "StageStack",
      () => new StageStack(newStack(), "app", undefined as never),
      "[app] props: got nothing; allowed is an object such as { stage: Stage.fromEnvironment() }",
    ],
    [
      "StageStack",
      () => new StageStack(newStack(), "app", { stage: "production" } as never),
      '[app] stage: got "production"; allowed is a Stage, such as new Stage("staging").',
    ],
    [
      "R2Backend",
      () => new R2Backend(newStack(), null as never),
      "[chat] props: got null; allowed",
    ],
    [
      "SecretVariable",
      () => new SecretVariable(newStack(), "a", { description: Token.asString({}) }),
      "[chat/a] description: got a token; allowed is a text that is written out",
    ],
  ])("%s: %s", (_, declare, sentence) => {
    expect(declare).toThrow(UsageError);
    expect(declare).toThrow(sentence);
  });

  test("Cloudflare without props", () => {
    const stack = newStack();

    expect(() => new Cloudflare(stack, "second", null as never)).toThrow(
      "[chat/second] props: got null; allowed is an object. The props are accountId, baseUrl, ",
    );
  });

  test("a URL without what may be a credential in it", () => {
    const declare = () =>
      newStack({ baseUrl: "https://user:hunter2@api.example.com/v4?api_token=hunter2" });

    expect(declare).toThrow('baseUrl: got "https://…@api.example.com/v4?…"; allowed is');
  });
});

test("Cloudflare reports with all else what does not name the account", () => {
  const odd = {
    workersDevSubdomain: "acme.workers.dev",
    providerVersions: { restfull: "1.0.0" },
    gatewayProvider: "aws",
    acount: 1,
  };

  expect(problemsOf(newStack(odd as never))).toEqual([
    expect.stringContaining('workersDevSubdomain: got "acme.workers.dev"; allowed is the account'),
    expect.stringContaining("providerVersions.restfull: there is no such provider; there are "),
    expect.stringContaining('gatewayProvider: got "aws"; allowed is "restful" or "cloudflare".'),
    expect.stringContaining("acount: there is no such prop; the props are accountId, baseUrl, "),
  ]);
});
