import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Api, startApi } from "./start-api.js";

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const call = (method: string, path: string, body?: unknown) =>
  api.call(method, `/ai-gateway/billing${path}`, body);

describe("the credits of an emulated account", () => {
  test.each<[string, unknown]>([
    [
      "/credit-balance",
      {
        balance: 0,
        has_default_payment_method: false,
        payment_method: null,
        topup_config: { amount: null, threshold: null },
      },
    ],
    [
      "/invoice-history?type=manual",
      { invoices: [], pagination: { page: 1, per_page: 20, total_count: 0, has_more: false } },
    ],
    ["/usage-history?value_grouping_window=day&start_time=0&end_time=1", { history: [] }],
    ["/topup/config", { amount: null, threshold: null }],
    [
      "/spending-limit",
      { enabled: false, config: { amount: null, duration: null, strategy: null } },
    ],
  ])("are none: GET %s says so", async (path, expected) => {
    const { status, json } = await call("GET", path);

    expect([status, json.result]).toEqual([200, expected]);
  });

  test.each<[string, string, unknown, number, number, string]>([
    ["POST", "/topup", { amount: 1_000 }, 400, 1000, "payment method"],
    ["POST", "/topup/status", { payment_intent_id: "in_1" }, 404, 7002, "Not Found"],
    ["POST", "/topup/config", { amount: 1_000, threshold: 500 }, 403, 10000, "Authentication"],
    ["DELETE", "/topup/config", undefined, 403, 10000, "Authentication"],
    ["POST", "/spending-limit", {}, 403, 1000, "spending limits are deprecated"],
    ["GET", "/invoice-preview", undefined, 501, 99501, "/ai-gateway/billing/invoice-preview"],
  ])("cannot be bought or limited: %s %s", async (method, path, body, status, code, words) => {
    const answer = await call(method, path, body);

    expect([answer.status, answer.json.errors[0].code]).toEqual([status, code]);
    expect(answer.json.errors[0].message).toContain(words);
  });

  test.each<[string, string, unknown]>([
    ["POST", "/topup", { amount: 999 }],
    ["POST", "/topup", { amount: 1_000, currency: "usd" }],
    ["POST", "/topup/status", {}],
    ["GET", "/invoice-history?type=some", undefined],
    ["GET", "/usage-history", undefined],
    ["GET", "/usage-history?value_grouping_window=week", undefined],
    ["GET", "/usage-history?value_grouping_window=day&start_time=now", undefined],
  ])("are not asked for with what the API does not take: %s %s %j", async (method, path, body) => {
    const { status, json } = await call(method, path, body);

    expect([status, json.errors[0].code]).toEqual([400, 7001]);
  });

  test("have no limit to remove, which is no failure", async () => {
    const { status, json } = await call("DELETE", "/spending-limit");

    expect([status, json.success, json.result]).toEqual([200, true, null]);
  });
});
