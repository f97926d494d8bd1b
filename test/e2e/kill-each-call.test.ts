import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import {
  AiGateway,
  CustomProvider,
  DynamicRoute,
  ProviderKey,
  routeGraph,
  SecretVariable,
  Worker,
} from "../../lib/index.js";
import { canary } from "../secrets/canary.js";
import { applyKilledAt, type Moment } from "./killed-apply.js";
import { Workbench } from "./workbench.js";

/**
 * How many kills are tried, spread over all calls: `KILL_POINTS=all` tries each call, before and after it is
 * carried out, which takes a quarter of an hour.
 */
const points = process.env.KILL_POINTS === "all" ? Infinity : Number(process.env.KILL_POINTS ?? 10);

const FOREIGN = "somebody-elses";

async function newBench(): Promise<{ bench: Workbench; storeId: string }> {
  const bench = await Workbench.start();
  Object.assign(bench.variables, {
    TF_VAR_openai_api_key: canary("a provider's key"),
    TF_VAR_otel_token: canary("otel authorization"),
    TF_VAR_header: canary("a custom provider's header"),
  });
  const stores = await bench.api("POST", "/secrets_store/stores", [{ name: "default" }]);
  await bench.api("POST", "/ai-gateway/gateways", {
    id: FOREIGN,
    cache_ttl: 7,
    collect_logs: true,
    cache_invalidate_on_update: false,
    rate_limiting_interval: 0,
    rate_limiting_limit: 0,
  });
  const foreign = await bench.api("POST", "/ai-gateway/custom-providers", {
    name: FOREIGN,
    slug: FOREIGN,
    base_url: "https://foreign.example.com",
  });
  expect(foreign.body.errors).toEqual([]);
  const storeId = (stores.body.result as { id: string }[])[0]?.id ?? "";
  const bundle = join(bench.directory, "worker.js");
  await writeFile(bundle, "export default { fetch: () => new Response('up') };");
  bench.synth((stack) => {
    const gateway = new AiGateway(stack, "gateway", {
      gatewayId: "mine",
      cacheTtl: 60,
      storeId,
      otel: [
        {
          url: "https://otel.example.com/v1/traces",
          authorization: new SecretVariable(stack, "otel_token"),
        },
      ],
    });
    new DynamicRoute(stack, "route", {
      gateway,
      name: "support",
      graph: routeGraph((g) => g.model({ provider: "workers-ai", model: "@cf/one" })),
    });
    new ProviderKey(stack, "key", {
      gateway,
      providerSlug: "openai",
      secret: new SecretVariable(stack, "openai_api_key"),
    });
    new CustomProvider(stack, "provider", {
      slug: "internal",
      baseUrl: "https://models.example.com",
      headers: { "x-api-key": new SecretVariable(stack, "header") },
    });
    gateway.bind(new Worker(stack, "worker", { scriptName: "chat", bundle }), "GATEWAY");
  });
  const initialized = await bench.terraform("init", "-no-color");
  if (initialized.code !== 0) throw new Error(initialized.stderr);
  return { bench, storeId };
}

/** Every object of the account by its name, the foreign ones too. */
async function account(bench: Workbench, storeId: string) {
  const list = async (path: string) => {
    const { body } = await bench.api("GET", path);
    return (body.result ?? []) as Record<string, unknown>[];
  };
  const routes = await bench.api("GET", "/ai-gateway/gateways/mine/routes");
  const { data } = routes.body as unknown as { data?: { routes: { name: string }[] } };
  return {
    gateways: (await list("/ai-gateway/gateways")).map(({ id, cache_ttl }) => [id, cache_ttl]),
    routes: data?.routes.map(({ name }) => name) ?? [],
    keys: (await list("/ai-gateway/gateways/mine/provider_configs")).map(
      ({ provider_slug, alias }) => [provider_slug, alias],
    ),
    secrets: (await list(`/secrets_store/stores/${storeId}/secrets`)).map(({ name }) => name),
    providers: (await list("/ai-gateway/custom-providers?order_by=created_at")).map(
      ({ slug }) => slug,
    ),
    scripts: (await list("/workers/scripts")).map(({ id }) => id),
  };
}

const complete = {
  gateways: [
    [FOREIGN, 7],
    ["mine", 60],
  ],
  routes: ["support"],
  keys: [["openai", "default"]],
  secrets: ["mine_openai_default"],
  providers: [FOREIGN, "internal"],
  scripts: ["chat"],
};

async function callsOfDeploy(): Promise<number> {
  const { bench, storeId } = await newBench();
  try {
    bench.emulator.faults.record();
    await bench.apply();
    const { length } = bench.emulator.faults.calls;
    expect(await account(bench, storeId)).toEqual(complete);
    expect((await bench.plan()).changes).toEqual([]);
    return length;
  } finally {
    await bench.close();
  }
}

/** Each call twice, or as many of these as asked for, evenly spread. */
function pointsToTry(calls: number): readonly (readonly [number, Moment])[] {
  const all = Array.from({ length: calls }, (_, index) => index + 1).flatMap((nth) => [
    [nth, "after"] as const,
    [nth, "before"] as const,
  ]);
  const step = Math.max(1, all.length / points);
  const chosen = Array.from({ length: Math.ceil(all.length / step) }, (_, index) =>
    // Odd steps in turn, so that both moments are among few points.
    all.at(Math.floor(index * step)),
  );
  return chosen.filter((point) => point !== undefined);
}

const where = points === Infinity ? "any of its calls" : `${points} of its calls`;

test(`A deploy that is killed at ${where}, before or after it, is completed by the next one`, async () => {
  // GIVEN how many calls a deploy of everything makes
  const calls = await callsOfDeploy();
  const tried = pointsToTry(calls);
  console.info(
    `Killing ${tried.length} deploys at ${calls} calls, before or after they are carried out` +
      `${tried.length < 2 * calls ? `; KILL_POINTS=all tries all ${2 * calls}` : ""}.`,
  );
  const failures: string[] = [];
  for (const [nth, moment] of tried) {
    const { bench, storeId } = await newBench();
    let at: string | undefined;
    try {
      // WHEN one is killed, and deployed again
      at = await applyKilledAt(bench, nth, moment);
      expect(at).toBeDefined();
      await bench.apply();

      // THEN everything is there once, and nothing is left to do
      expect(await account(bench, storeId)).toEqual(complete);
      expect((await bench.plan()).changes).toEqual([]);
    } catch (error) {
      failures.push(`${moment} call ${nth}, ${at}: ${(error as Error).message}`);
    } finally {
      await bench.close();
    }
  }
  expect(failures).toEqual([]);
}, 3_600_000);
