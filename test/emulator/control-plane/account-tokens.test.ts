import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { AccountTokens } from "../../../emulator/control-plane/account-tokens/account-tokens.js";
import { type Api, startApi } from "./start-api.js";

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const groupId = async (name: string): Promise<string> => {
  const path = `/tokens/permission_groups?name=${encodeURIComponent(name)}`;
  const { json } = await api.call("GET", path);
  expect(json.result).toHaveLength(1);
  return json.result[0].id;
};

const body = async (name = "run", group = "AI Gateway Run", more: object = {}) => ({
  name,
  policies: [
    {
      effect: "allow",
      resources: { [`com.cloudflare.api.account.${api.state.accountId}`]: "*" },
      permission_groups: [{ id: await groupId(group) }],
    },
  ],
  ...more,
});

const make = async (...facts: Parameters<typeof body>) =>
  (await api.call("POST", "/tokens", await body(...facts))).json.result;

const mayRun = (value: string, address?: string) =>
  new AccountTokens(api.state.products, api.clock).mayRun(value, address);

const asToken = (value: string, method: string, path: string) =>
  api.call(method, path, undefined, { headers: { authorization: `Bearer ${value}` } });

describe("an account token", () => {
  test("tells its value once, and keeps only a hash of it", async () => {
    // WHEN
    const { value, ...made } = await make();
    const read = await api.call("GET", `/tokens/${made.id}`);
    const listed = await api.call("GET", "/tokens");
    // THEN
    expect(value).toMatch(/^[\w-]{40}$/);
    expect(made).toMatchObject({ name: "run", status: "active" });
    expect(read.json.result).toEqual(made);
    expect(listed.json.result).toEqual([made]);
    expect(made.policies[0].permission_groups[0]).toMatchObject({ name: "AI Gateway Run" });
    const file = readFileSync(join(api.state.directory, "state.json"), "utf8");
    for (const text of [read.text, listed.text, file]) expect(text).not.toContain(value);
  });

  test("that is rolled is worth nothing by its old value", async () => {
    // GIVEN
    const { id, value } = await make();
    // WHEN
    const rolled = (await api.call("PUT", `/tokens/${id}/value`, {})).json.result;
    // THEN
    expect(rolled).toMatch(/^[\w-]{40}$/);
    expect([mayRun(value), mayRun(rolled)]).toEqual([false, true]);
  });

  test("may run no more once it is disabled, expired or deleted, and not before it begins", async () => {
    const tokens = {
      active: await make(),
      disabled: await make("disabled"),
      deleted: await make("deleted"),
      reading: await make("reading", "AI Gateway Read"),
      expiring: await make("expiring", "AI Gateway Run", {
        expires_on: new Date(api.clock.now() + 60_000).toISOString(),
      }),
      early: await make("early", "AI Gateway Run", {
        not_before: new Date(api.clock.now() + 60_000).toISOString(),
      }),
    };
    const disabling = await body("disabled", "AI Gateway Run", { status: "disabled" });
    await api.call("PUT", `/tokens/${tokens.disabled.id}`, disabling);
    await api.call("DELETE", `/tokens/${tokens.deleted.id}`);
    const may = () =>
      Object.entries(tokens).flatMap(([name, { value }]) => (mayRun(value) ? [name] : []));

    expect(may()).toEqual(["active", "expiring"]);
    api.clock.advance(60_000);
    expect(may()).toEqual(["active", "early"]);
    const expired = await api.call("GET", `/tokens/${tokens.expiring.id}`);
    expect(expired.json.result.status).toBe("expired");
    expect((await api.call("GET", "/tokens")).text).not.toContain("expiring");
    for (const query of ["direction=up", "include_expired=yes", "name=x"]) {
      expect([query, (await api.call("GET", `/tokens?${query}`)).status]).toEqual([query, 400]);
    }
    expect((await api.call("GET", "/tokens?include_expired=true")).text).toContain("expiring");
  });

  test("is bound to the addresses of its condition", async () => {
    const request_ip = { in: ["127.0.0.0/8", "2001:db8::/32"], not_in: ["127.0.0.9/32"] };
    const { value } = await make("near", "AI Gateway Run", { condition: { request_ip } });

    const from = ["127.0.0.1", "::ffff:127.0.0.1", "2001:db8::7", "127.0.0.9", "192.0.2.1"];
    expect(from.map((address) => mayRun(value, address))).toEqual([true, true, true, false, false]);
    expect(mayRun(value)).toBe(false);
  });

  test("may call the REST API as far as its permission goes, and ask what it is", async () => {
    // GIVEN
    const { id, value: run } = await make();
    const { value: read } = await make("read", "AI Gateway Read");
    const { value: write } = await make("write", "AI Gateway Write");
    const gateways = "/ai-gateway/gateways";
    // WHEN
    const answers = [
      await asToken(run, "GET", gateways),
      await asToken(run, "GET", "/tokens"),
      await asToken(read, "GET", gateways),
      await asToken(read, "DELETE", `${gateways}/none`),
      await asToken(write, "DELETE", `${gateways}/none`),
      await asToken(write, "GET", "/workers/scripts"),
    ];
    const verified = await asToken(run, "GET", "/tokens/verify");
    // THEN
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 200, 403, 404, 403]);
    expect(answers[0]?.json.errors[0].code).toBe(10000);
    expect(verified.json.result).toMatchObject({ id, status: "active" });
    expect((await api.call("GET", "/tokens/verify")).json.result.status).toBe("active");
  });

  test("is refused with what is not emulated, and with what is no token", async () => {
    const good = await body();
    const [policy] = good.policies;
    const unknown = { ...policy, permission_groups: [{ id: "0".repeat(32) }] };
    const refused = [
      await api.call("POST", "/tokens", { ...good, policies: [{ ...policy, effect: "deny" }] }),
      await api.call("POST", "/tokens", { ...good, policies: [unknown] }),
      await api.call("POST", "/tokens", { ...good, status: "disabled" }),
      await api.call("POST", "/tokens", { ...good, policies: [] }),
      await api.call("PUT", "/tokens/none", good),
      await api.call("PUT", "/tokens/none/value", {}),
      await api.call("DELETE", "/tokens/none"),
    ];

    expect(refused.map(({ status }) => status)).toEqual([501, 501, 400, 400, 404, 404, 404]);
    expect(refused[1]?.json.errors[0].message).toContain("AI Gateway Run");
    expect((await api.call("GET", "/tokens")).json.result).toEqual([]);
  });
});
