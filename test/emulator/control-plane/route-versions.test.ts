import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { facts, graph, makeRoute, other, path } from "./chat-routes.js";
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
});
