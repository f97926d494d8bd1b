import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { openState } from "../../../emulator/state/state.js";
import { facts, graph, makeRoute, path } from "./chat-routes.js";
import { type Api, startApi } from "./start-api.js";
import { startGateway } from "./start-gateway.js";

let api: Api;
beforeEach(async () => {
  api = await startApi();
  await startGateway(api, "chat");
});
afterEach(() => api.close());

const make = (name: string) => makeRoute(api, name);

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
    await startGateway(api, "mail");
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

  test("outlives its gateway, and is back when that is made again", async () => {
    const { id } = (await make("support")).json.result;

    await api.call("DELETE", "/ai-gateway/gateways/chat");
    const gone = await api.call("GET", `${path}/${id}`);
    await startGateway(api, "chat");
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
