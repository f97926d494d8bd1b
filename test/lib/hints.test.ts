import { describe, expect, test } from "@jest/globals";
import type { TerraformStack } from "cdktf";
import { hintsFor } from "../../lib/ai-gateway/ai-gateway-hints.js";
import { dynamicRouteHintsFor } from "../../lib/dynamic-routes/dynamic-route-hints.js";
import {
  AiGateway,
  AiGatewayToken,
  DynamicRoute,
  GatewayPolicy,
  ProviderKey,
  type RouteGraphBuilder,
  type RouteNode,
  routeGraph,
  SecretVariable,
} from "../../lib/index.js";
import { tokenHintsFor } from "../../lib/tokens/ai-gateway-token-hints.js";
import { newStack, problemsOf } from "./new-stack.js";

const storeId = "0123456789abcdef0123456789abcdef";
const model = { provider: "openai", model: "gpt-4o" } as const;

const hintsOfGraph = (build: (g: RouteGraphBuilder) => RouteNode): readonly string[] =>
  dynamicRouteHintsFor({ gateway: undefined as never, graph: routeGraph(build) });

/** Warnings of a synth that succeeds. */
function warningsOf(declare: (stack: TerraformStack, gateway: AiGateway) => unknown): unknown[] {
  const stack = newStack();
  const gateway = new AiGateway(stack, "gateway", { storeId, authentication: true });
  declare(stack, gateway);

  expect(problemsOf(stack)).toEqual([]);
  return stack.node.findAll().flatMap(({ node }) => node.metadata.map(({ data }) => data));
}

describe("a number that is never meant is a warning, for no bound is documented", () => {
  test.each([
    [{ cacheTtl: 59 }, "cacheTtl is 59: Cloudflare documents 60 seconds to one month"],
    [{ cacheTtl: 2_678_401 }, "cacheTtl is 2678401: Cloudflare documents 60 seconds"],
    [
      { rateLimitingLimit: 10, rateLimitingInterval: 31_536_001 },
      "rateLimitingInterval: got 31,536,001 seconds, which is more than a year",
    ],
    [
      { rateLimitingLimit: 1_000_000_001, rateLimitingInterval: 60 },
      "rateLimitingLimit: got 1,000,000,001, which nothing reaches",
    ],
    [{ spendLimits: [{ limit: 5, window: "366d" }] }, "spendLimits[0].window: got 31,622,400"],
    [{ spendLimits: [{ limit: 1e300, window: "1d" }] }, "spendLimits[0].limit: got 1,000,000"],
  ] as const)("of a gateway: %j", (props, hint) => {
    expect(hintsFor(props)).toEqual([expect.stringContaining(hint)]);
  });

  test.each([
    {},
    { cacheTtl: 0 },
    { cacheTtl: 60 },
    { cacheTtl: 2_678_400 },
    { rateLimitingLimit: 1_000_000_000, rateLimitingInterval: 31_536_000 },
    { spendLimits: [{ limit: 1_000_000, window: "365d" }] },
  ] as const)("but not of a gateway with %j", (props) => {
    expect(hintsFor(props)).toEqual([]);
  });

  test("of a key, a policy and a route", () => {
    const warnings = warningsOf((stack, gateway) => {
      const secret = new SecretVariable(stack, "openai_api_key");
      const rate = { rateLimit: 2_000_000_000, rateLimitPeriod: 40_000_000 };
      new ProviderKey(stack, "key", { gateway, providerSlug: "openai", secret, ...rate });
      const action = { type: "limit", amount: 2_000_000_000, period: "monthly" } as const;
      new GatewayPolicy(stack, "policy", { gateway, action });
      const graph = routeGraph((g) =>
        g.rate(
          { key: "metadata.user", limit: 2_000_000_000, window: "400d" },
          { success: g.model({ ...model, timeout: 3_600_001 }) },
        ),
      );
      new DynamicRoute(stack, "route", { gateway, graph });
    });

    expect(warnings).toEqual(
      expect.arrayContaining([
        expect.stringContaining("rateLimit: got 2,000,000,000, which nothing reaches"),
        expect.stringContaining("rateLimitPeriod: got 40,000,000 seconds, which is more than a"),
        expect.stringContaining("action.amount: got 2,000,000,000, which nothing reaches"),
        expect.stringContaining('graph: limit of "rate": got 2,000,000,000, which nothing reaches'),
        expect.stringContaining('graph: window of "rate": got 34,560,000 seconds, which is more'),
        expect.stringContaining('graph: timeout of "model": got 3600001, which is more than an'),
      ]),
    );
  });
});

describe("a route that answers nothing is a warning", () => {
  test("where no step asks a model", () => {
    expect(hintsOfGraph((g) => g.end())).toEqual([
      "graph: has no model; no request would be answered. Let a path lead to a model.",
    ]);
  });

  test("where a limit lets a request go to the end before a model was asked", () => {
    const hints = hintsOfGraph((g) =>
      g.rate({ key: "metadata.user", limit: 5, window: "1h" }, { fallback: g.model(model) }),
    );

    expect(hints).toEqual([
      'graph: output "success" of "rate": leads to the end before a model was asked; a request within the limit would have no answer. Let it lead to a model.',
    ]);
  });

  test("but not where a model was asked before, or only what is over the limit has no answer", () => {
    const limit = { key: "metadata.user", limit: 5, window: "1h" } as const;

    expect(hintsOfGraph((g) => g.model(model, { success: g.rate(limit, {}) }))).toEqual([]);
    expect(hintsOfGraph((g) => g.rate(limit, { success: g.model(model) }))).toEqual([]);
  });

  test.each(["v1", "1", "V12"])("and so is %j as the id of a version", (version) => {
    const graph = routeGraph((g) => g.model(model));

    expect(dynamicRouteHintsFor({ gateway: undefined as never, graph, version })).toEqual([
      expect.stringContaining(
        `version: got "${version}", which looks like the number of a version; a version is named by its id.`,
      ),
    ]);
  });

  test("but no id that Cloudflare gave", () => {
    const graph = routeGraph((g) => g.model(model));
    const version = "7c1d5f36";

    expect(dynamicRouteHintsFor({ gateway: undefined as never, graph, version })).toEqual([]);
  });
});

describe("a token that has expired is a warning", () => {
  const expiresOn = "2026-12-31T00:00:00Z";

  test("from the second in which it expires", () => {
    expect(tokenHintsFor({ expiresOn }, new Date("2026-12-30T23:59:59Z"))).toEqual([]);
    expect(tokenHintsFor({ expiresOn }, new Date(expiresOn))).toEqual([
      'expiresOn: got "2026-12-31T00:00:00Z", which has passed: gateways refuse the token. Set a later time, or remove expiresOn.',
    ]);
  });

  test("so that what synthesized before still does", () => {
    const warnings = warningsOf(
      (stack) => new AiGatewayToken(stack, "token", { expiresOn: "2020-01-01T00:00:00Z" }),
    );

    expect(warnings).toContainEqual(expect.stringContaining("expiresOn: got "));
  });

  test.each(["", "  "])(
    "while the rotation %j is an error: it is never another one",
    (rotation) => {
      const stack = newStack();
      new AiGatewayToken(stack, "token", { rotation });

      expect(problemsOf(stack)).toEqual([
        `[chat/token] rotation: got "${rotation}"; allowed is a text that is another one each time, such as "2026-12".`,
      ]);
    },
  );
});
