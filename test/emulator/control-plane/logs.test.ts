import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { logEntry } from "./memory-log-store.js";
import { type Api, startApi } from "./start-api.js";

let api: Api;
const logs = "/ai-gateway/gateways/chat/logs";

beforeEach(async () => {
  api = await startApi();
  await api.call("POST", "/ai-gateway/gateways", {
    id: "chat",
    cache_invalidate_on_update: false,
    cache_ttl: 0,
    collect_logs: true,
    rate_limiting_interval: 0,
    rate_limiting_limit: 0,
  });
  const { accountId } = api.state;
  const payload = { request: Buffer.from('{"a":1}'), response: Buffer.from("data: x\n\n") };
  api.logs.append(accountId, "chat", logEntry("one"), payload);
  api.logs.append(accountId, "chat", logEntry("two"));
});
afterEach(() => api.close());

describe("listing", () => {
  test("gives rows and totals", async () => {
    const { status, json } = await api.call("GET", `${logs}?per_page=1`);

    expect(status).toBe(200);
    expect(json.result.map(({ id }: { id: string }) => id)).toEqual(["one"]);
    expect(json.result_info).toEqual({ page: 1, per_page: 1, count: 1, total_count: 2 });
  });

  test("hands order, search and filters to the store, deprecated parameters as filters", async () => {
    const filters = JSON.stringify([{ key: "cached", operator: "eq", value: [true] }]);

    await api.call(
      "GET",
      `${logs}?order_by=created_at&order_by_direction=desc&search=x&success=true&filters=${encodeURIComponent(filters)}`,
    );

    expect(api.logs.queries).toEqual([
      {
        page: 1,
        perPage: 20,
        search: "x",
        orderBy: "created_at",
        orderByDirection: "desc",
        filters: [
          { key: "cached", operator: "eq", value: [true] },
          { key: "success", operator: "eq", value: [true] },
        ],
      },
    ]);
  });

  test.each([
    ["an unknown filter key", 'filters=[{"key":"colour","operator":"eq","value":["red"]}]'],
    ["an unknown operator", 'filters=[{"key":"model","operator":"like","value":["x"]}]'],
    ["filters that are no JSON", "filters=[{"],
    ["an unknown order", "order_by=colour"],
    ["an unknown parameter", "colour=red"],
    ["too long a page", "per_page=51"],
  ])("refuses %s with 400/7001", async (_, query) => {
    const { status, json } = await api.call("GET", `${logs}?${query}`);

    expect(status).toBe(400);
    expect(json.errors[0].code).toBe(7001);
    expect(api.logs.queries).toEqual([]);
  });

  test.each([
    "min_cost=1",
    "meta_info=true",
    "filters.key=model&filters.operator=eq&filters.value=x",
    'filters=[{"key":"wholesale","operator":"eq","value":[true]}]',
  ])("refuses what it cannot filter by with 501: %s", async (query) => {
    const { status } = await api.call("GET", `${logs}?${query}`);

    expect(status).toBe(501);
  });
});

describe("one log", () => {
  test("is read with the beginnings of its bodies", async () => {
    const { json } = await api.call("GET", `${logs}/one`);

    expect(json.result).toMatchObject({
      id: "one",
      request_head: '{"a":1}',
      request_head_complete: true,
      request_size: 7,
    });
  });

  test("gives both bodies raw, with their content types", async () => {
    const request = await api.call("GET", `${logs}/one/request`);
    const response = await api.call("GET", `${logs}/one/response`);

    expect(request.text).toBe('{"a":1}');
    expect(request.headers.get("content-type")).toBe("application/json");
    expect(response.text).toBe("data: x\n\n");
    expect(response.headers.get("content-type")).toBe("text/event-stream");
  });

  test("has no bodies when they were not collected", async () => {
    const { status, json } = await api.call("GET", `${logs}/two/request`);

    expect(status).toBe(404);
    expect(json.errors[0].code).toBe(7002);
  });

  test("takes feedback, score and metadata", async () => {
    const { status, json } = await api.call("PATCH", `${logs}/one`, {
      feedback: 1,
      score: 50,
      metadata: { team: "a" },
    });

    expect(status).toBe(200);
    expect(json.result).toMatchObject({ feedback: 1, score: 50, metadata: { team: "a" } });
  });

  test("keeps what a patch does not name", async () => {
    await api.call("PATCH", `${logs}/one`, { feedback: -1 });

    const { json } = await api.call("PATCH", `${logs}/one`, { score: 2 });

    expect(json.result).toMatchObject({ feedback: -1, score: 2 });
  });

  test("refuses a patch of anything else", async () => {
    const { status, json } = await api.call("PATCH", `${logs}/one`, { model: "x" });

    expect(status).toBe(400);
    expect(json.errors[0]).toMatchObject({ code: 7001, path: ["body", "model"] });
  });

  test.each([
    ["GET", `${logs}/nope`],
    ["PATCH", `${logs}/nope`],
    ["GET", `${logs}/nope/response`],
    ["GET", "/ai-gateway/gateways/nope/logs"],
  ])("is 404/7002 when it is not there: %s %s", async (method, path) => {
    const { status, json } = await api.call(method, path, method === "PATCH" ? {} : undefined);

    expect(status).toBe(404);
    expect(json.errors[0].code).toBe(7002);
  });
});

describe("deleting", () => {
  test("answers without a result", async () => {
    const { status, json } = await api.call("DELETE", `${logs}?limit=5&order_by=cost`);

    expect(status).toBe(200);
    expect(json).toEqual({ success: true });
    expect(api.logs.queries).toEqual([{ filters: [], limit: 5, orderBy: "cost" }]);
    expect((await api.call("GET", logs)).json.result).toEqual([]);
  });
});
