import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { json } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { canary } from "../../secrets/canary.js";
import { type Api, startApi } from "./start-api.js";
import { startGateway } from "./start-gateway.js";

let api: Api;
let gateway: string;
beforeEach(async () => {
  api = await startApi();
  gateway = await startGateway(api);
});
afterEach(() => api.close());

const account = () => `/accounts/${api.state.accountId}`;

/** Sends the head of a call, waits until it is looked at, lets something happen, and sends the body. */
async function callAround(
  method: string,
  path: string,
  body: unknown,
  meanwhile: () => Promise<unknown>,
) {
  const sent = request(`${api.origin}/client/v4${path}`, {
    method,
    headers: { authorization: `Bearer ${api.state.apiToken}`, expect: "100-continue" },
  });
  sent.flushHeaders();
  await once(sent, "continue");
  await meanwhile();
  sent.end(JSON.stringify(body));
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  const { errors } = (await json(response)) as { errors: { code: number }[] };
  return [response.statusCode, errors[0]?.code];
}

const dataset = { name: "slow", enable: true, filters: [] };
const policy = {
  name: "all",
  actor: "company:all",
  resource: "*",
  condition: "true",
  action: { type: "block" },
};
const route = {
  name: "support",
  elements: [
    { id: "start", type: "start", outputs: { next: { elementId: "end" } } },
    { id: "end", type: "end", outputs: {} },
  ],
};

describe("GIVEN a call that makes something of a gateway, and of which the body is on its way", () => {
  test.each([
    ["custom-domains", { domain: "ai.example.com", zone_id: "0".repeat(32) }],
    ["datasets", dataset],
    ["policies?commit=true", policy],
    ["routes", route],
    [
      "provider_configs",
      {
        provider_slug: "openai",
        alias: "a",
        default_config: true,
        secret: canary("a provider's key"),
      },
    ],
  ])("WHEN the gateway is deleted THEN nothing is left of it: %s", async (name, body) => {
    const path = `${account()}${gateway}/${name}`;
    const answer = await callAround("POST", path, body, () => api.call("DELETE", gateway));

    expect(answer).toEqual([404, 7002]);
    await startGateway(api);
    const { json } = await api.call("GET", `${gateway}/${name.split("?")[0]}`);
    expect(json.result ?? json.data.routes).toEqual([]);
  });
});

describe("GIVEN a call that changes something, and of which the body is on its way", () => {
  const zone = `/zones/${"0".repeat(32)}`;
  test.each([
    ["KV namespace", () => `${account()}/storage/kv/namespaces`, { title: "a" }, "PUT", 10013],
    ["route of a Worker", () => `${zone}/workers/routes`, { pattern: "a.test/*" }, "PUT", 10009],
    ["database", () => `${account()}/d1/database`, { name: "a" }, "PATCH", 7404],
    ["dataset", () => `${account()}${gateway}/datasets`, dataset, "PUT", 7002],
  ])("WHEN it is deleted THEN it stays gone: %s", async (_, list, body, method, code) => {
    const headers = { authorization: `Bearer ${api.state.apiToken}` };
    const call = (path: string, init: RequestInit = {}) =>
      api.raw(`/client/v4${path}`, { headers, ...init });
    const made = await call(list(), { method: "POST", body: JSON.stringify(body) });
    const { id, uuid = id } = made.json.result;
    const path = `${list()}/${uuid}`;
    const change = method === "PATCH" ? {} : body;

    const answer = await callAround(method, path, change, () => call(path, { method: "DELETE" }));

    expect(answer).toEqual([404, code]);
    expect((await call(list())).json.result).toEqual([]);
  });
});

test("a dataset is deleted or gets an evaluation, and never both", async () => {
  const { json: types } = await api.call("GET", "/ai-gateway/evaluation-types");
  const evaluation_type_ids = types.result.map(({ id }: { id: string }) => id);
  for (const name of ["a", "b", "c", "d", "e", "f", "g", "h"]) {
    const { json } = await api.call("POST", `${gateway}/datasets`, { ...dataset, name });
    const { id } = json.result;

    const [made, deleted] = await Promise.all([
      api.call("POST", `${gateway}/evaluations`, { name, dataset_ids: [id], evaluation_type_ids }),
      api.call("DELETE", `${gateway}/datasets/${id}`),
    ]);

    expect([
      [200, 501],
      [404, 200],
    ]).toContainEqual([made.status, deleted.status]);
  }
});

test("drafts that are committed while one is deleted are committed, or gone", async () => {
  const { json: drafted } = await api.call("POST", `${gateway}/policies`, policy);
  await api.call("POST", `${gateway}/policies`, { ...policy, name: "more" });

  const [deleted, committed] = await Promise.all([
    api.call("DELETE", `${gateway}/policies/${drafted.result.id}`),
    api.call("POST", `${gateway}/policies/commit`),
  ]);

  expect([committed.status, deleted.status]).toEqual([200, 200]);
  const { json } = await api.call("GET", `${gateway}/policies`);
  expect(json.result.map(({ name }: { name: string }) => name)).toEqual(["more"]);
});
