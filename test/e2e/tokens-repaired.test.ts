import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { lacksIdentity } from "./lacks-identity.js";
import { TokenBench } from "./token-bench.js";
import type { Workbench } from "./workbench.js";

const lacks = lacksIdentity("to see that a token is gone");
const needsIdentity = lacks ? test.skip : test;

describe("a gateway's token under Terraform", () => {
  let token: TokenBench;
  let bench: Workbench;

  beforeAll(async () => {
    token = await TokenBench.start();
    bench = token.bench;
  }, 60_000);

  afterAll(() => token.close());

  test("has its settings put right", async () => {
    // GIVEN
    token.declare({});
    await token.deploy();
    const [shown] = (await token.tokens()) as unknown as [{ id: string; policies: unknown }];
    await bench.api("PUT", `/tokens/${shown.id}`, { name: "foreign", policies: shown.policies });
    // WHEN
    const repaired = await token.apply();
    // THEN
    expect(repaired).toEqual({ token: "update" });
    expect(await token.tokens()).toMatchObject([{ name: "test-token" }]);
  }, 180_000);

  needsIdentity(
    "comes back with its secret when somebody deletes them",
    async () => {
      // GIVEN
      token.declare({});
      await token.deploy();
      const [shown] = await token.tokens();
      // WHEN
      await bench.api("DELETE", `/tokens/${shown?.id}`);
      // THEN
      expect(await token.apply()).toMatchObject({
        token: "create",
        "token Delivery": "delete then create",
      });
      expect((await token.ask()).status).toBe(200);
      await bench.api("DELETE", "/workers/scripts/test-worker/secrets/AI_GATEWAY_TOKEN");
      expect(await token.apply()).toEqual({
        "worker Secret": "create",
        "token Delivery": "delete then create",
      });
      expect((await token.ask()).status).toBe(200);
    },
    300_000,
  );

  test("says what went wrong when it could not be delivered, and is delivered by the next deploy", async () => {
    // GIVEN a Worker that somebody deletes while the deploy runs
    token.declare({});
    await token.deploy();
    const [shown] = await token.tokens();
    const before = await token.ask();
    const delivery = async () =>
      (await bench.terraform("state", "list")).stdout
        .split("\n")
        .find((address) => /terraform_data\.token_Delivery_[0-9A-F]+$/.test(address)) ?? "";
    await bench.api("DELETE", `/tokens/${shown?.id}`);
    // WHEN only the delivery runs, for a token that is gone
    const address = await delivery();
    const failed = await bench.terraform(
      ...["apply", "-auto-approve", "-no-color", "-refresh=false", `-replace=${address}`],
    );
    // THEN
    const said = failed.stderr.replace(/\s+/g, " ");
    token.texts.push(failed.stdout, failed.stderr);
    expect(failed.code).toBe(1);
    expect(said).toContain("The token got no new value");
    expect(said).toContain("answered 404: API token not found");
    if (lacks) await token.forget();
    await token.apply();
    const after = await token.ask();
    expect(after.status).toBe(200);
    expect(after.value).not.toBe(before.value);
  }, 240_000);

  test("can be imported", async () => {
    // GIVEN a token that Terraform has forgotten
    token.declare({ workers: [] });
    await token.deploy();
    const [shown] = await token.tokens();
    await token.forget();
    // WHEN
    token.declare({ workers: [], importFrom: shown?.id ?? "" });
    const planned = await bench.plan();
    await token.apply();
    // THEN
    expect(planned.text).toContain("1 to import, 0 to add, 0 to change, 0 to destroy");
    expect(await token.tokens()).toEqual([shown]);
    expect((await bench.plan()).changes).toEqual([]);
    token.declare({ workers: [] });
    await token.apply();
    expect(await token.tokens()).toEqual([shown]);
  }, 240_000);
});
