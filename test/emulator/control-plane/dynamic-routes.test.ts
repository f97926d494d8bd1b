import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { openState } from "../../../emulator/state/state.js";
import { type Api, startApi } from "./start-api.js";

let api: Api;
beforeEach(async () => {
  api = await startApi();
  await makeGateway("chat");
});
afterEach(() => api.close());

const makeGateway = (id: string) =>
  api.call("POST", "/ai-gateway/gateways", {
    id,
    cache_ttl: 0,
    cache_invalidate_on_update: false,
    collect_logs: true,
    rate_limiting_interval: 0,
    rate_limiting_limit: 0,
  });

const path = "/ai-gateway/gateways/chat/routes";
const to = (elementId: string) => ({ elementId });
const start = { id: "start", type: "start", outputs: { next: to("model") } };
const model = (name = "@cf/meta/llama-3.1-8b-instruct") => ({
  id: "model",
  type: "model",
  properties: { provider: "workers-ai", model: name, retries: 1, timeout: 30_000 },
  outputs: { success: to("end"), fallback: to("end") },
});
const end = { id: "end", type: "end", outputs: {} };
const graph = [start, model(), end];
const other = [start, model("@cf/meta/llama-3.3-70b-instruct-fp8-fast"), end];

const make = (name: string, elements: unknown = graph) =>
  api.call("POST", path, { name, elements });
const facts = (name: string) => ({
  id: expect.any(String),
  name,
  gateway_id: "chat",
  created_at: expect.any(String),
  modified_at: expect.any(String),
});

describe("a dynamic route", () => {
  test("is made with its first version deployed at once, and shown with it", async () => {
    // WHEN
    const made = await make("support");
    const shown = await api.call("GET", `${path}/${made.json.result.id}`);
    // THEN
    const { deployment } = made.json.result;
    expect(made.status).toBe(200);
    expect(made.json.result).toEqual({
      ...facts("support"),
      elements: graph,
      deployment: {
        deployment_id: expect.any(String),
        version_id: expect.any(String),
        created_at: expect.any(String),
      },
      version: {
        version_id: deployment.version_id,
        active: true,
        is_valid: true,
        created_at: expect.any(String),
        data: graph,
      },
    });
    expect(shown.json.result).toEqual(made.json.result);
  });

  test("serves a new version only once that is deployed, and an earlier one again", async () => {
    // GIVEN
    const { id, version: first } = (await make("support")).json.result;
    const elementsOf = async () =>
      (await api.call("GET", `${path}/${id}`)).json.result.version.data[1].properties.model;
    // WHEN
    const added = await api.call("POST", `${path}/${id}/versions`, { elements: other });
    const before = await elementsOf();
    const second = added.json.result.version_id;
    const deployed = await api.call("POST", `${path}/${id}/deployments`, { version_id: second });
    const after = await elementsOf();
    await api.call("POST", `${path}/${id}/deployments`, { version_id: first.version_id });
    // THEN
    expect(added.json.result).toEqual({
      ...facts("support"),
      elements: other,
      version_id: expect.any(String),
    });
    expect(deployed.json.result).toEqual({ ...facts("support"), elements: other });
    expect([before, after, await elementsOf()]).toEqual([
      "@cf/meta/llama-3.1-8b-instruct",
      "@cf/meta/llama-3.3-70b-instruct-fp8-fast",
      "@cf/meta/llama-3.1-8b-instruct",
    ]);
  });

  test("lists its versions and its deployments, newest first", async () => {
    const { id, version: first } = (await make("support")).json.result;
    const added = await api.call("POST", `${path}/${id}/versions`, { elements: other });
    const second = added.json.result.version_id;
    await api.call("POST", `${path}/${id}/deployments`, { version_id: second });

    const versions = await api.call("GET", `${path}/${id}/versions`);
    const deployments = await api.call("GET", `${path}/${id}/deployments`);
    const one = await api.call("GET", `${path}/${id}/versions/${first.version_id}`);

    const order = { page: 1, per_page: 20, order_by: "created_at", order_by_direction: "desc" };
    expect(versions.json).toEqual({
      success: true,
      data: {
        versions: [
          expect.objectContaining({ version_id: second, active: true, data: other }),
          expect.objectContaining({ version_id: first.version_id, active: false, data: graph }),
        ],
        ...order,
      },
    });
    expect(deployments.json).toEqual({
      success: true,
      data: {
        deployments: [
          expect.objectContaining({ version_id: second }),
          expect.objectContaining({ version_id: first.version_id }),
        ],
        ...order,
      },
    });
    expect(one.json.result).toEqual({
      ...facts("support"),
      version_id: first.version_id,
      active: false,
      is_valid: true,
      data: graph,
      elements: graph,
    });
  });

  test("is renamed in place, which is answered as a route", async () => {
    const { id, version } = (await make("support")).json.result;

    const renamed = await api.call("PATCH", `${path}/${id}`, { name: "sales" });
    const same = await api.call("PATCH", `${path}/${id}`, { name: "sales" });

    expect(renamed.json).toEqual({
      success: true,
      route: {
        ...facts("sales"),
        account_tag: api.state.accountId,
        elements: graph,
        deployment: expect.objectContaining({ version_id: version.version_id }),
        version: expect.objectContaining({ version_id: version.version_id }),
      },
    });
    expect(same.json.route.name).toBe("sales");
  });

  test("is refused when its name is taken, and a rename with the database's own words", async () => {
    await make("support");
    const { id } = (await make("sales")).json.result;

    const twice = await make("support");
    const renamed = await api.call("PATCH", `${path}/${id}`, { name: "support" });

    expect([twice.status, twice.json.errors[0].code]).toEqual([400, 7005]);
    expect(twice.json.errors[0].message).toContain("already exists");
    expect(renamed.status).toBe(500);
    expect(renamed.json.errors[0].message).toContain("UNIQUE constraint failed: routes.name");
    expect((await api.call("GET", `${path}/${id}`)).json.result.name).toBe("sales");
  });

  test("may have the name of a route of another gateway, and is not seen there", async () => {
    await makeGateway("mail");
    const { id } = (await make("support")).json.result;
    const there = "/ai-gateway/gateways/mail/routes";

    const made = await api.call("POST", there, { name: "support", elements: graph });
    const strange = await api.call("GET", `${there}/${id}`);

    expect(made.status).toBe(200);
    expect([strange.status, strange.json.errors[0].code]).toEqual([404, 7005]);
  });

  test("is listed without its graph and without totals, and a page past the end is empty", async () => {
    for (const name of ["one", "two", "three"]) await make(name);

    const first = await api.call("GET", `${path}?page=1&per_page=2`);
    const last = await api.call("GET", `${path}?page=3&per_page=2`);

    expect(first.json).toEqual({
      success: true,
      data: {
        routes: ["three", "two"].map((name) => ({
          ...facts(name),
          account_tag: api.state.accountId,
          deployment: expect.any(Object),
          version: {
            version_id: expect.any(String),
            active: true,
            is_valid: true,
            created_at: expect.any(String),
          },
        })),
        page: 1,
        per_page: 2,
        order_by: "created_at",
        order_by_direction: "desc",
      },
    });
    expect(last.json.data.routes).toEqual([]);
  });

  test("is deleted with its versions, and not found afterwards", async () => {
    const { id } = (await make("support")).json.result;

    const deleted = await api.call("DELETE", `${path}/${id}`);

    expect(deleted.json.result).toEqual({ ...facts("support"), elements: graph });
    const calls: [string, string, unknown?][] = [
      ["GET", ""],
      ["PATCH", "", { name: "sales" }],
      ["DELETE", ""],
      ["GET", "/versions"],
      ["POST", "/versions", { elements: graph }],
      ["GET", "/versions/none"],
      ["GET", "/deployments"],
      ["POST", "/deployments", { version_id: "none" }],
    ];
    for (const [method, rest, body] of calls) {
      const { status, json } = await api.call(method, `${path}/${id}${rest}`, body);
      expect([method, rest, status, json.errors[0].code]).toEqual([method, rest, 404, 7005]);
      expect(json.errors[0].message).toContain("not found");
    }
  });

  test("does not deploy or show a version it does not have", async () => {
    const { id } = (await make("support")).json.result;
    const { version } = (await make("sales")).json.result;

    const deployed = await api.call("POST", `${path}/${id}/deployments`, {
      version_id: version.version_id,
    });
    const shown = await api.call("GET", `${path}/${id}/versions/${version.version_id}`);

    for (const { status, json } of [deployed, shown]) {
      expect([status, json.errors[0].code]).toEqual([404, 7005]);
    }
  });

  test("outlives its gateway, and is back when that is made again", async () => {
    const { id } = (await make("support")).json.result;

    await api.call("DELETE", "/ai-gateway/gateways/chat");
    const gone = await api.call("GET", `${path}/${id}`);
    await makeGateway("chat");
    const back = await api.call("GET", `${path}/${id}`);

    expect([gone.status, gone.json.errors[0].code]).toEqual([404, 7002]);
    expect(back.json.result).toMatchObject({ id, name: "support" });
  });

  test("is on disk before the answer", async () => {
    const { id } = (await make("support")).json.result;
    await api.state.close();

    const reopened = await openState(api.state.directory, { clock: api.clock });

    expect(reopened.products.dynamicRoutes.get(id)).toMatchObject({ name: "support" });
    await reopened.close();
  });
});

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

describe("a request for a dynamic route", () => {
  test.each<[string, string, string, unknown]>([
    ["without a name", "POST", "", { elements: graph }],
    ["with an empty name", "POST", "", { name: "", elements: graph }],
    ["with a setting there is none of", "POST", "", { name: "a", elements: graph, enabled: true }],
    ["with a graph in a rename", "PATCH", "/:route", { name: "a", elements: graph }],
    ["with a deployment of no version", "POST", "/:route/deployments", {}],
    ["with a page that is too large", "GET", "?per_page=51", undefined],
    ["with page 0", "GET", "?page=0", undefined],
    ["with an order", "GET", "/:route/versions?order=asc", undefined],
  ])("is refused %s", async (_, method, rest, body) => {
    const { id } = (await make("sales")).json.result;

    const { status, json } = await api.call(method, `${path}${rest.replace(":route", id)}`, body);

    expect([status, json.errors[0].code]).toEqual([400, 7001]);
  });
});
