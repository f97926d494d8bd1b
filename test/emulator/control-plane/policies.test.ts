import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Api, startApi } from "./start-api.js";
import { startGateway } from "./start-gateway.js";

let api: Api;
let path: string;
beforeEach(async () => {
  api = await startApi();
  path = `${await startGateway(api)}/policies`;
});
afterEach(() => api.close());

const policy = {
  name: "everyone",
  actor: "company:all",
  resource: "*",
  condition: "true",
  action: { type: "no-limit" },
};
const make = async (body: object = {}, query = "?commit=true") =>
  (await api.call("POST", `${path}${query}`, { ...policy, ...body })).json.result.id as string;
const simulated = (model = "openai/gpt-5", identity: object = {}) =>
  api.call("POST", `${path}/simulate`, { identity, model, provider: model.split("/")[0] });

describe("a policy", () => {
  test("is committed at once where that is asked for", async () => {
    const { json } = await api.call("POST", `${path}?commit=true`, policy);

    expect(json).toMatchObject({ success: true, committed: true });
    const now = Date.parse("2026-01-01T00:00:00Z") / 1000;
    expect(json.result).toEqual({
      id: expect.any(String),
      ...policy,
      created_at: now,
      updated_at: now,
    });
    expect((await api.call("GET", path)).json.result).toEqual([json.result]);
    expect(api.lines.at(-1)).toContain("not enforced here");
  });

  test("is a draft otherwise, which only a look at the stage shows", async () => {
    const made = await api.call("POST", path, policy);
    const { id } = made.json.result;

    expect(made.json.committed).toBe(false);
    expect((await api.call("GET", path)).json.result).toEqual([]);
    expect((await api.call("GET", `${path}/${id}`)).status).toBe(404);
    const staged = await api.call("GET", `${path}/${id}?includeStaging=true`);
    expect(staged.json).toMatchObject({ uncommitted: true, result: policy });
    const list = await api.call("GET", `${path}?includeStaging=true`);
    expect(list.json.result).toMatchObject([{ id, staging: true }]);
    const changed = await api.call("PUT", `${path}/${id}`, { name: "x" });
    expect([changed.status, changed.json.errors[0].code]).toEqual([400, 7001]);
  });

  test("changes in what a PUT names, as a draft or at once", async () => {
    // GIVEN
    const id = await make();
    const name = async (query = "") =>
      (await api.call("GET", `${path}/${id}${query}`)).json.result.name;
    // WHEN
    const drafted = await api.call("PUT", `${path}/${id}`, { name: "later" });
    // THEN
    expect(drafted.json).toEqual({ success: true, errors: [], messages: [], committed: false });
    expect([await name(), await name("?includeStaging=true")]).toEqual(["everyone", "later"]);

    await api.call("PUT", `${path}/${id}?commit=true`, { actor: "team:a" });
    const { json } = await api.call("GET", `${path}/${id}?includeStaging=true`);
    expect(json.result).toMatchObject({ ...policy, actor: "team:a" });
    expect(json.uncommitted).toBeUndefined();
  });

  test("is committed with all other drafts of its gateway", async () => {
    await make({}, "");
    const id = await make({ name: "second" });
    await api.call("PUT", `${path}/${id}`, { name: "changed" });

    const { json } = await api.call("POST", `${path}/commit`);

    expect(json.result).toEqual({ committed: 2, failed: 0, policies: [] });
    const names = (await api.call("GET", path)).json.result.map(
      ({ name }: { name: string }) => name,
    );
    expect(names).toEqual(["everyone", "changed"]);
    expect((await api.call("POST", `${path}/commit`)).json.result.committed).toBe(0);
  });

  test("takes its draft along when it is deleted", async () => {
    const id = await make();
    await api.call("PUT", `${path}/${id}`, { name: "later" });

    expect((await api.call("DELETE", `${path}/${id}`)).status).toBe(200);
    const list = await api.call("GET", `${path}?includeStaging=true`);
    expect(list.json.result).toEqual([]);
  });

  test("is refused with what no policy can say", async () => {
    const limit = { type: "limit", period: "monthly", technique: "named-interval" };
    for (const body of [
      { action: { type: "allow" } },
      { action: { ...limit, amount: 0 } },
      { action: { ...limit, amount: 1, technique: "sliding" } },
      { action: { type: "block", except: false } },
      { resource: {} },
      { resource: "openai/gpt-5" },
      { condition: "" },
      { enabled: true },
    ]) {
      const { status, json } = await api.call("POST", path, { ...policy, ...body });
      expect([body, status, json.errors[0].code]).toEqual([body, 400, 7001]);
    }
  });
});

describe("a simulation", () => {
  const result = async (...asked: Parameters<typeof simulated>) =>
    (await simulated(...asked)).json.result;

  test("blocks what no policy covers", async () => {
    await make({ resource: { model: "openai/gpt-*" } });

    expect(await result("openai/gpt-5")).toEqual({
      evaluation: { decision: "no-limit", buckets: [] },
      enforcement: { allowed: true },
      policiesEvaluated: 1,
    });
    expect(await result("openai/gpt-5/mini")).toMatchObject({
      evaluation: { decision: "block" },
      enforcement: { allowed: false, reason: "blocked" },
    });
  });

  test("lets a block win, and sees drafts", async () => {
    await make();
    await make({ resource: { provider: ["openai", "groq"] }, action: { type: "block" } }, "");

    expect((await result("openai/gpt-5")).enforcement.allowed).toBe(false);
    expect((await result("anthropic/claude")).enforcement.allowed).toBe(true);
  });

  test("turns a block with an exception round", async () => {
    await make();
    await make({
      resource: { model: "openai/gpt-5" },
      action: { type: "block", except: true },
    });

    expect((await result("openai/gpt-5")).enforcement.allowed).toBe(true);
    expect((await result("openai/gpt-4")).enforcement.allowed).toBe(false);
  });

  test("leaves out a policy whose actor the request does not have", async () => {
    await make({ actor: "user:{cf.user.id}" });

    expect((await result("openai/gpt-5")).enforcement.allowed).toBe(false);
    const identity = { cf: { user: { id: "a" } } };
    expect((await result("openai/gpt-5", identity)).enforcement.allowed).toBe(true);
  });

  test("is not emulated for another condition or a budget, and says so", async () => {
    const id = await make({ condition: 'cf.country == "US"' });
    const condition = await simulated();
    await api.call("DELETE", `${path}/${id}`);
    const action = { type: "limit", amount: 1, period: "daily", technique: "named-interval" };
    await make({ action });
    const budget = await simulated();

    expect([condition.status, condition.json.errors[0].message]).toEqual([
      501,
      expect.stringContaining('condition of the policy "everyone"'),
    ]);
    expect([budget.status, budget.json.errors[0].message]).toEqual([
      501,
      expect.stringContaining('budget of the policy "everyone"'),
    ]);
  });
});
