import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Api, startApi } from "./start-api.js";
import { startGateway } from "./start-gateway.js";

let api: Api;
let gateway: string;
beforeEach(async () => {
  api = await startApi();
  gateway = await startGateway(api);
});
afterEach(() => api.close());

const filters = [{ key: "success", operator: "eq", value: [true] }];
const dataset = { name: "good", enable: true, filters };
const makeDataset = async (body: object = {}): Promise<string> =>
  (await api.call("POST", `${gateway}/datasets`, { ...dataset, ...body })).json.result.id;
const typeIds = async (): Promise<string[]> =>
  (await api.call("GET", "/ai-gateway/evaluation-types")).json.result.map(
    ({ id }: { id: string }) => id,
  );
const outcome = ({ status, json }: Awaited<ReturnType<Api["call"]>>) => [
  status,
  json.errors[0]?.code,
];

describe("a dataset", () => {
  test("is made, changed as a whole, and removed", async () => {
    // GIVEN
    const id = await makeDataset();
    const path = `${gateway}/datasets/${id}`;
    // WHEN
    const changed = await api.call("PUT", path, { name: "bad", enable: false, filters: [] });
    // THEN
    expect(changed.json.result).toEqual({
      id,
      gateway_id: "mine",
      name: "bad",
      enable: false,
      filters: [],
      created_at: "2026-01-01T00:00:00.000Z",
      modified_at: "2026-01-01T00:00:00.000Z",
    });
    expect((await api.call("GET", path)).json.result).toEqual(changed.json.result);
    expect((await api.call("DELETE", path)).status).toBe(200);
    expect(outcome(await api.call("GET", path))).toEqual([404, 7002]);
  });

  test("is refused with a name that is taken, and without one of its three fields", async () => {
    await makeDataset();
    const other = await makeDataset({ name: "other" });

    expect(outcome(await api.call("POST", `${gateway}/datasets`, dataset))).toEqual([400, 7001]);
    expect(outcome(await api.call("PUT", `${gateway}/datasets/${other}`, dataset))).toEqual([
      400, 7001,
    ]);
    expect(outcome(await api.call("POST", `${gateway}/datasets`, { name: "x" }))).toEqual([
      400, 7001,
    ]);
    const odd = [{ key: "event_id", operator: "eq", value: ["x"] }];
    expect(
      outcome(await api.call("POST", `${gateway}/datasets`, { ...dataset, filters: odd })),
    ).toEqual([400, 7001]);
  });

  test("is listed by a part of its name, in pages of which the last is empty", async () => {
    await makeDataset({ name: "good answers" });
    await makeDataset({ name: "bad answers", enable: false });
    const names = async (query: string) =>
      (await api.call("GET", `${gateway}/datasets?${query}`)).json.result.map(
        ({ name }: { name: string }) => name,
      );

    expect(await names("name=good")).toEqual(["good answers"]);
    expect(await names("enable=false")).toEqual(["bad answers"]);
    expect(await names("page=2&per_page=1")).toEqual(["bad answers"]);
    expect(await names("page=3&per_page=1")).toEqual([]);
  });

  test("is not there for another gateway", async () => {
    const id = await makeDataset();
    const other = await startGateway(api, "other");

    expect(outcome(await api.call("GET", `${other}/datasets/${id}`))).toEqual([404, 7002]);
    expect((await api.call("GET", `${other}/datasets`)).json.result).toEqual([]);
  });
});

test("a dataset goes with its gateway, and is not back with another one of that id", async () => {
  const id = await makeDataset();
  const path = `${gateway}/datasets/${id}`;
  await api.call("DELETE", gateway);

  expect(outcome(await api.call("GET", path))).toEqual([404, 7002]);
  await startGateway(api);
  expect((await api.call("GET", `${gateway}/datasets`)).json.result).toEqual([]);
});

test("a dataset that an evaluation has is not deleted: what Cloudflare then shows is not known", async () => {
  // GIVEN
  const id = await makeDataset();
  const body = { name: "e", dataset_ids: [id], evaluation_type_ids: await typeIds() };
  const evaluation = (await api.call("POST", `${gateway}/evaluations`, body)).json.result;
  const path = `${gateway}/datasets/${id}`;
  // WHEN
  const refused = await api.call("DELETE", path);
  // THEN
  expect(refused.status).toBe(501);
  expect(refused.json.errors[0].message).toContain(evaluation.id);
  const shown = (await api.call("GET", `${gateway}/evaluations/${evaluation.id}`)).json.result;
  expect(shown.datasets).toMatchObject([{ id }]);
  await api.call("DELETE", `${gateway}/evaluations/${evaluation.id}`);
  expect((await api.call("DELETE", path)).status).toBe(200);
});

describe("an evaluation", () => {
  test("is kept with its datasets, and never said to be processed", async () => {
    // GIVEN
    const id = await makeDataset();
    // WHEN
    const { json } = await api.call("POST", `${gateway}/evaluations`, {
      name: "baseline",
      dataset_ids: [id],
      evaluation_type_ids: await typeIds(),
    });
    // THEN
    expect(json.result).toMatchObject({
      gateway_id: "mine",
      name: "baseline",
      processed: false,
      results: [],
      total_logs: 0,
      datasets: [{ id, account_id: api.state.accountId, filters }],
    });
    const path = `${gateway}/evaluations/${json.result.id}`;
    expect((await api.call("GET", path)).json.result).toEqual(json.result);
    expect((await api.call("GET", `${gateway}/evaluations`)).json.result).toEqual([json.result]);
    expect((await api.call("GET", `${gateway}/evaluations?processed=true`)).json.result).toEqual(
      [],
    );
    expect((await api.call("PUT", path, {})).status).toBe(501);
    expect((await api.call("DELETE", path)).status).toBe(200);
    expect(outcome(await api.call("GET", path))).toEqual([404, 7002]);
  });

  test("is refused without a mandatory type, and with a dataset that is not there", async () => {
    const id = await makeDataset();
    const [speed = "", cost = ""] = await typeIds();
    const post = (dataset_ids: string[], evaluation_type_ids: string[]) =>
      api.call("POST", `${gateway}/evaluations`, { name: "x", dataset_ids, evaluation_type_ids });

    const speedOnly = await post([id], [speed]);

    expect(outcome(speedOnly)).toEqual([400, 7001]);
    expect(speedOnly.json.errors[0].message).toContain('"cost"');
    expect(outcome(await post([id], [speed, cost, "none"]))).toEqual([400, 7001]);
    expect(outcome(await post(["none"], [speed, cost]))).toEqual([404, 7002]);
  });
});

test("evaluation types can be ordered, and end with an empty page", async () => {
  const names = async (query: string) =>
    (await api.call("GET", `/ai-gateway/evaluation-types?${query}`)).json.result.map(
      ({ name }: { name: string }) => name,
    );

  expect(await names("order_by=name")).toEqual(["cost", "speed"]);
  expect(await names("order_by=name&order_by_direction=desc")).toEqual(["speed", "cost"]);
  expect(await names("page=2")).toEqual([]);
});
