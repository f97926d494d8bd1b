import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { TokenBench } from "./token-bench.js";
import type { Workbench } from "./workbench.js";

describe("a gateway's token under Terraform", () => {
  let token: TokenBench;
  let bench: Workbench;

  beforeAll(async () => {
    token = await TokenBench.start();
    bench = token.bench;
  }, 60_000);

  afterAll(() => token.close());

  test("lets a Worker through that gets it, and nobody without it", async () => {
    // GIVEN
    token.declare();
    await token.deploy();
    const without = await token.ask();
    // WHEN
    token.declare({});
    await token.apply();
    const asked = await token.ask();
    // THEN
    expect(without).toEqual({ status: 401, internalCode: 2009 });
    expect(asked.status).toBe(200);
    expect(asked.value).toMatch(/^[\w-]{40}$/);
    expect(await token.ask("second")).toEqual({ status: 401, internalCode: 2009 });
    expect(await token.tokens()).toMatchObject([
      {
        id: await bench.output("token_id"),
        name: "test-token",
        policies: [{ permission_groups: [{ name: "AI Gateway Run" }] }],
      },
    ]);
    // May do nothing else.
    const listed = await fetch(
      `${bench.emulator.apiUrl}/accounts/${bench.emulator.accountId}/ai-gateway/gateways`,
      { headers: { authorization: `Bearer ${asked.value}` } },
    );
    expect(listed.status).toBe(403);
  }, 180_000);

  test("stays as it is through a deploy of the Worker", async () => {
    // GIVEN
    token.declare({});
    await token.deploy();
    const before = await token.ask();
    // WHEN
    token.declare({ changedCode: true });
    const changed = await token.apply();
    // THEN
    expect(changed).toEqual({ worker: "update", second: "update" });
    expect(await token.ask()).toEqual(before);
  }, 180_000);

  test("is renamed and limited in place, and keeps its value", async () => {
    // GIVEN
    token.declare({});
    await token.deploy();
    const before = await token.ask();
    // WHEN
    token.declare({
      name: "of the chat",
      expiresOn: "2099-01-31T00:00:00Z",
      condition: { requestIp: { in: ["127.0.0.0/8", "::1/128"], notIn: ["192.0.2.1/32"] } },
    });
    const changed = await token.apply();
    // THEN
    expect(changed).toEqual({ token: "update" });
    expect(await token.tokens()).toMatchObject([
      { name: "of the chat", expires_on: "2099-01-31T00:00:00Z" },
    ]);
    expect(await token.ask()).toEqual(before);
    token.declare({});
    expect(await token.apply()).toEqual({ token: "update" });
    expect((await token.tokens())[0]).not.toHaveProperty("condition");
  }, 180_000);

  test("gets a new value at a rotation, everywhere at once", async () => {
    // GIVEN
    token.declare({ workers: ["worker", "second"] });
    await token.deploy();
    const before = await token.ask();
    expect(await token.ask("second")).toEqual(before);
    // WHEN
    token.declare({ workers: ["worker", "second"], rotation: "2026-12" });
    bench.emulator.faults.record();
    const changed = await token.apply();
    // THEN
    expect(changed).toEqual({ "token Delivery": "delete then create" });
    const writes = bench.emulator.faults.calls.filter(({ method }) => method !== "GET");
    expect(writes.map(({ path }) => path.replace(/^.*\/(?=\w+$)/, ""))).toEqual([
      "value",
      "secrets",
      "secrets",
    ]);
    const after = await token.ask();
    expect(after.status).toBe(200);
    expect(after.value).not.toBe(before.value);
    expect(await token.ask("second")).toEqual(after);
    // AND the old one is worth nothing
    const refused = await fetch(
      `${bench.emulator.aiGatewayUrl}/${bench.emulator.accountId}/test-gateway/openai/models`,
      { headers: { "cf-aig-authorization": `Bearer ${before.value}` } },
    );
    expect(refused.status).toBe(401);
  }, 240_000);

  test("is taken from a Worker that is no longer to have it", async () => {
    token.declare({ workers: ["worker", "second"] });
    await token.apply();

    token.declare({ workers: ["second"] });
    await token.apply();

    expect(await token.ask()).toEqual({ status: 401, internalCode: 2009 });
    expect((await token.ask("second")).status).toBe(200);
  }, 240_000);

  test("leaves nothing behind, and its value was never to be seen", async () => {
    // GIVEN
    token.declare({ workers: ["worker", "second"] });
    await token.deploy();
    expect((await token.ask()).status).toBe(200);
    // WHEN
    const destroyed = await bench.terraform("destroy", "-auto-approve", "-no-color");
    // THEN
    expect([destroyed.code, destroyed.stderr]).toEqual([0, ""]);
    expect(await token.tokens()).toEqual([]);
    token.texts.push(destroyed.stdout);
    expect(token.values.size).toBeGreaterThan(3);
    token.expectUnseen();
  }, 240_000);
});
