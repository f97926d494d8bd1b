import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  AiGateway,
  AiGatewayToken,
  DynamicRoute,
  ProviderKey,
  routeGraph,
  SecretVariable,
} from "../../lib/index.js";
import { canary } from "../secrets/canary.js";
import { changedKeys } from "./changed-keys.js";
import { Workbench } from "./workbench.js";

type Row = Record<string, unknown>;

describe("a token, a route and a provider's key of a gateway", () => {
  let bench: Workbench;
  let storeId: string;

  beforeAll(async () => {
    bench = await Workbench.start();
    bench.variables.TF_VAR_openai_api_key = canary("a key that leaves");
    const made = await bench.api("POST", "/secrets_store/stores", [{ name: "default" }]);
    storeId = (made.body.result as { id: string }[])[0]?.id ?? "";
  }, 60_000);

  afterAll(() => bench.close());

  const declare = (withParts: boolean) =>
    bench.synth((stack) => {
      const gateway = new AiGateway(stack, "gateway", { storeId, authentication: true });
      const secret = new SecretVariable(stack, "openai_api_key");
      if (!withParts) return;
      new AiGatewayToken(stack, "token", {
        expiresOn: "2099-01-31T00:00:00Z",
        condition: { requestIp: { in: ["127.0.0.0/8"], notIn: ["192.0.2.1/32"] } },
      });
      new ProviderKey(stack, "key", { gateway, providerSlug: "openai", secret });
      new DynamicRoute(stack, "route", {
        gateway,
        graph: routeGraph((g) => g.model({ provider: "workers-ai", model: "@cf/one" })),
      });
    });
  const gateways = "/ai-gateway/gateways";
  /** What the account has of each. */
  const read = async () => {
    const list = async (path: string) => (await bench.api("GET", path)).body.result as Row[];
    const routes = await bench.api("GET", `${gateways}/test-gateway/routes`);
    const { data } = routes.body as unknown as { data?: { routes: Row[] } };
    return {
      gateways: await list(gateways),
      tokens: await list("/tokens"),
      keys: await list(`${gateways}/test-gateway/provider_configs`),
      secrets: await list(`/secrets_store/stores/${storeId}/secrets`),
      routes: data?.routes ?? [],
    };
  };

  test("have each of their settings repaired that somebody changed, and the plan names it", async () => {
    // GIVEN
    declare(true);
    await bench.apply();
    const before = await read();
    const [token] = before.tokens as [Row & { policies: Row[] }];
    const [group] = (await bench.api("GET", "/tokens/permission_groups")).body.result as Row[];

    // WHEN somebody changes all of the token
    const theirs = {
      name: "theirs",
      expires_on: "2098-01-31T00:00:00Z",
      condition: { request_ip: { in: ["10.0.0.0/8"] } },
      policies: token.policies.map(({ id, ...policy }) => ({
        ...policy,
        permission_groups: [{ id: group?.id }],
      })),
    };
    const put = await bench.api("PUT", `/tokens/${token.id}`, theirs);
    expect(put.body.errors).toEqual([]);
    const { changes } = await bench.plan();
    await bench.apply();

    // THEN
    expect(changes.map(({ change }) => change.actions.join())).toEqual(["update"]);
    expect(changedKeys(changes[0])).toEqual(Object.keys(theirs).sort());
    const [after] = (await read()).tokens;
    const [policy] = token.policies;
    expect({ ...after, modified_on: "" }).toEqual({
      ...token,
      modified_on: "",
      policies: [{ ...policy, id: expect.any(String) }],
    });
    expect((await bench.plan()).changes).toEqual([]);
  }, 120_000);

  test("go when they are removed from the code, and the plan says so; the gateway stays as it is", async () => {
    // GIVEN
    const before = await read();
    const { gateways, ...parts } = before;
    expect(Object.values(parts).map((rows) => rows.length)).toEqual([1, 1, 1, 1]);

    // WHEN
    declare(false);
    const { changes } = await bench.plan();
    await bench.apply();

    // THEN
    expect(changes.filter(({ change }) => change.actions.join() !== "delete")).toEqual([]);
    expect(changes.some(({ address }) => /\.gateway_/.test(address))).toBe(false);
    expect(await read()).toEqual({ gateways, tokens: [], keys: [], secrets: [], routes: [] });
    expect((await bench.plan()).changes).toEqual([]);
  }, 120_000);

  test("leave nothing in the account after a destroy", async () => {
    declare(true);
    await bench.apply();

    const destroyed = await bench.terraform("destroy", "-auto-approve", "-no-color");

    expect([destroyed.code, destroyed.stderr]).toEqual([0, ""]);
    const none = { gateways: [], tokens: [], secrets: [], routes: [], keys: [] };
    expect(await read()).toEqual(none);
  }, 120_000);
});
