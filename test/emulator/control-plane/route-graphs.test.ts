import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { end, graph, makeRoute, model, path, start, to } from "./chat-routes.js";
import { type Api, startApi } from "./start-api.js";
import { startGateway } from "./start-gateway.js";

let api: Api;
beforeEach(async () => {
  api = await startApi();
  await startGateway(api, "chat");
});
afterEach(() => api.close());

const make = (name: string, elements?: unknown) => makeRoute(api, name, elements);

describe("the graph of a dynamic route", () => {
  const conditional = {
    id: "plan",
    type: "conditional",
    properties: { conditions: { "metadata.plan": { $eq: "free" } } },
    outputs: { true: to("split"), false: to("rate") },
  };
  const split = (outputs: object) => ({ id: "split", type: "percentage", outputs });
  const rate = {
    id: "rate",
    type: "rate",
    properties: { key: "metadata.user", limit: 10, limitType: "count", window: 60 },
    outputs: { success: to("model"), fallback: to("end") },
  };
  const whole = [
    { ...start, outputs: { next: to("plan") } },
    conditional,
    split({ "12.5%": to("model"), else: to("end") }),
    rate,
    model(),
    end,
  ];

  test("may hold every type of element, and is kept as it was sent", async () => {
    const made = await make("support", whole);

    expect(made.status).toBe(200);
    expect(made.json.result.elements).toEqual(whole);
  });

  test.each<[string, unknown, string]>([
    ["no elements", [], "elements"],
    ["two elements of one id", [...graph, end], "elements.3.id"],
    [
      "an output to an element that is not there",
      [start, end],
      "elements.0.outputs.next.elementId",
    ],
    ["no start", [model(), end], "elements"],
    ["two starts", [...graph, { ...start, id: "again" }], "elements"],
    ["an unknown type", [...graph, { id: "x", type: "loop", outputs: {} }], "elements.3.type"],
    ["an unknown setting", [start, { ...model(), weight: 1 }, end], "elements.1.weight"],
    [
      "a model without a provider",
      [start, { ...model(), properties: { model: "x", retries: 0, timeout: 1 } }, end],
      "elements.1.properties.provider",
    ],
    [
      "a model without a fallback",
      [start, { ...model(), outputs: { success: to("end") } }, end],
      "elements.1.outputs.fallback",
    ],
    [
      "a rate of another kind",
      [
        { ...start, outputs: { next: to("rate") } },
        { ...rate, properties: { ...rate.properties, limitType: "tokens" } },
        model(),
        end,
      ],
      "elements.1.properties.limitType",
    ],
    [
      "shares that are more than the whole",
      [...graph, split({ "60%": to("model"), "50%": to("end"), else: to("end") })],
      "elements.3.outputs",
    ],
    [
      "shares that are less than the whole",
      [...graph, split({ "60%": to("model"), "30%": to("end") })],
      "elements.3.outputs",
    ],
    [
      "a share that is none",
      [...graph, split({ half: to("model"), else: to("end") })],
      "elements.3.outputs.half",
    ],
    [
      "an end that goes on",
      [start, model(), { ...end, outputs: { next: to("model") } }],
      "elements.2.outputs.next",
    ],
  ])("is refused with %s", async (_, elements, where) => {
    const made = await make("support", elements);
    const { id } = (await make("sales")).json.result;
    const added = await api.call("POST", `${path}/${id}/versions`, { elements });

    for (const { status, json } of [made, added]) {
      expect([status, json.errors[0].code]).toEqual([400, 7001]);
      expect(json.errors[0].message.split(":")[0]).toBe(where);
    }
    expect((await api.call("GET", `${path}/${id}/versions`)).json.data.versions).toHaveLength(1);
  });
});
