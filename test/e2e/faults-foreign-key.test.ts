import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { AiGateway, ProviderKey } from "../../lib/index.js";
import { canary } from "../secrets/canary.js";
import { Workbench } from "./workbench.js";

type Row = Record<string, unknown>;
const keys = "/ai-gateway/gateways/mine/provider_configs";

let bench: Workbench;
let key: Row;

/** What somebody else has made: a gateway, and the default key of a provider there. */
beforeEach(async () => {
  bench = await Workbench.start();
  const make = async (path: string, body: unknown) => {
    const answer = await bench.api("POST", path, body);
    expect([path, answer.status]).toEqual([path, 200]);
    return answer.body.result;
  };
  const [store] = (await make("/secrets_store/stores", [{ name: "default" }])) as Row[];
  await make("/ai-gateway/gateways", {
    id: "mine",
    cache_ttl: 0,
    cache_invalidate_on_update: false,
    collect_logs: true,
    rate_limiting_interval: 0,
    rate_limiting_limit: 0,
    store_id: store?.id,
  });
  const secret = canary("somebody else's key");
  const config = { provider_slug: "openai", alias: "default", default_config: true, secret };
  key = (await make(keys, config)) as Row;
}, 60_000);
afterEach(() => bench.close());

/** As the API tells it after an edit: an id that stays, and another time. */
const editByHand = () =>
  bench.restart(async () => {
    const file = join(bench.directory, "emulator", "state.json");
    const state = JSON.parse(await readFile(file, "utf8")) as { products: Record<string, Row[]> };
    for (const row of state.products.provider_configs ?? []) {
      row.modified_at = new Date().toISOString();
    }
    await writeFile(file, JSON.stringify(state));
  });

test("A key that existed before is not taken for ours when somebody changes it later", async () => {
  // GIVEN a deploy that is refused, because there is a key of that name
  bench.synth((stack) => {
    const gateway = AiGateway.fromGatewayId(stack, "gateway", "mine");
    const secret = { secretId: String(key.secret_id) };
    new ProviderKey(stack, "key", { gateway, providerSlug: "openai", secret });
  });
  await bench.terraform("init", "-no-color");
  const refused = await bench.terraform("apply", "-auto-approve", "-no-color");
  expect(refused.stderr.replaceAll(/[\s│]+/g, " ")).toContain("already exists");

  // WHEN that key is changed, and the stack planned again
  await editByHand();
  const { text } = await bench.plan();

  // THEN nothing is adopted
  expect((await bench.api("GET", keys)).body.result).toMatchObject([{ id: key.id }]);
  expect(text).toContain("Plan: 1 to add, 0 to change, 0 to destroy.");
}, 120_000);
