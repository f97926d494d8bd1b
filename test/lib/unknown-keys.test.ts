import { describe, expect, test } from "@jest/globals";
import type { TerraformStack } from "cdktf";
import {
  AiGateway,
  Dataset,
  DynamicRoute,
  ProviderKey,
  type RouteElement,
  routeGraph,
  SecretVariable,
  Worker,
} from "../../lib/index.js";
import { newBundle, newStack, problemsOf } from "./new-stack.js";

const storeId = "0123456789abcdef0123456789abcdef";

/** What plain JavaScript lets through. */
const loose = (value: unknown): never => value as never;

const gatewayOf = (stack: TerraformStack) => new AiGateway(stack, "gateway", { storeId });

const start: RouteElement = {
  id: "start",
  type: "start",
  outputs: { next: { elementId: "end" } },
};
const end: RouteElement = { id: "end", type: "end", outputs: {} };

const route = (stack: TerraformStack, graph: unknown) =>
  new DynamicRoute(stack, "it", { gateway: gatewayOf(stack), name: "it", graph: loose(graph) });

const worker = (stack: TerraformStack, props: object) =>
  new Worker(stack, "it", { bundle: newBundle("export class Room {}\n"), ...props });

describe("a key that nothing reads is refused by its path and the keys there are", () => {
  test.each<[string, (stack: TerraformStack) => unknown, string]>([
    [
      "in a policy of DLP",
      (stack) =>
        new AiGateway(stack, "it", {
          dlp: { policies: [loose({ action: "FLAG", profiles: ["one"], enable: false })] },
        }),
      "dlp.policies[0].enable: there is no such prop; the props are id, enabled, action, check, profiles. Did you mean enabled?",
    ],
    [
      "in an event of Stripe",
      (stack) =>
        new AiGateway(stack, "it", {
          stripe: {
            authorization: new SecretVariable(stack, "stripe"),
            usageEvents: [loose({ payload: "{}", name: "tokens" })],
          },
        }),
      "stripe.usageEvents[0].name: there is no such prop; the props are payload.",
    ],
    [
      "in a filter of a dataset",
      (stack) =>
        new Dataset(stack, "it", {
          gateway: gatewayOf(stack),
          filters: [loose({ key: "duration", operator: "gt", value: [5], values: [6] })],
        }),
      "filters[0].values: there is no such prop; the props are key, operator, value. Did you mean value?",
    ],
    [
      "in the stored secret of a provider's key",
      (stack) =>
        new ProviderKey(stack, "it", {
          gateway: gatewayOf(stack),
          providerSlug: "openai",
          secret: loose({ secretId: storeId, storeId }),
        }),
      "secret.storeId: there is no such prop; the props are secretId.",
    ],
    [
      "in a call of the route's builder",
      (stack) =>
        route(
          stack,
          routeGraph((g) =>
            g.model(loose({ provider: "openai", model: "gpt-4o", retry: 1 }), undefined),
          ),
        ),
      "graph: g.model.retry: there is no such prop; the props are provider, model, timeout, retries.",
    ],
    [
      "in the outcome of a step",
      (stack) =>
        route(
          stack,
          routeGraph((g) =>
            g.rate({ key: "metadata.user", limit: 1, window: "1m" }, loose({ fallbak: g.end() })),
          ),
        ),
      "graph: g.rate.fallbak: there is no such prop; the props are success, fallback. Did you mean fallback?",
    ],
    [
      "in an element of a route",
      (stack) => route(stack, [start, { ...end, name: "The end" }]),
      'graph: name of "end": there is no such key; an element has id, type, properties, outputs.',
    ],
    [
      "in the properties of an element",
      (stack) => route(stack, [start, { ...end, properties: { status: 200 } }]),
      'graph: properties.status of "end": there is no such key; the type "end" has none.',
    ],
    [
      "in an edge of a route",
      (stack) => route(stack, [{ ...start, outputs: { next: { elementId: "end", to: 1 } } }, end]),
      'graph: outputs.next.to of "start": there is no such key; an edge has elementId.',
    ],
    [
      "in a Durable Object of a Worker",
      (stack) =>
        worker(stack, { durableObjects: { ROOM: { className: "Room", script: "other" } } }),
      "durableObjects.ROOM.script: there is no such prop; the props are className, scriptName.",
    ],
    [
      "in a binding of a Worker",
      (stack) =>
        worker(stack, {
          bindings: { FILES: { type: "r2_bucket", bucketName: "files", juridiction: "eu" } },
        }),
      "bindings.FILES.juridiction: there is no such prop; the props are type, bucketName, jurisdiction. Did you mean jurisdiction?",
    ],
  ])("%s", (_, declare, problem) => {
    // GIVEN
    const stack = newStack();

    // WHEN
    declare(stack);

    // THEN
    expect(problemsOf(stack)).toContain(`[chat/it] ${problem}`);
  });
});
