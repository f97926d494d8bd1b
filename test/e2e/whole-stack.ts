import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { TerraformOutput } from "cdktf";
import {
  AiGateway,
  AiGatewayToken,
  CustomDomain,
  CustomProvider,
  Dataset,
  DynamicRoute,
  Evaluation,
  GatewayPolicy,
  ProviderKey,
  routeGraph,
  SecretVariable,
  Worker,
} from "../../lib/index.js";
import { canary } from "../secrets/canary.js";
import { Workbench } from "./workbench.js";

/** What is declared: nothing of it is the same in both that can be another. */
export type Variant = "first" | "changed";

export const FOREIGN = "somebody-elses";

/** Tells what it was given. */
const code = `export default {
  fetch: (_request, env) => Response.json({ token: env.AI_GATEWAY_TOKEN, stage: env.STAGE }),
};\n`;

export const secretsOf = (variant: Variant) => ({
  openai_api_key: canary(`a provider's key, ${variant}`),
  otel_token: canary(`otel authorization, ${variant}`),
  header: canary(`a custom provider's header, ${variant}`),
});

/** A workbench whose account has something of somebody else's beside everything that the stack makes. */
export async function startWholeBench(): Promise<Workbench> {
  const bench = await Workbench.start();
  const make = async (path: string, body: unknown) => {
    const { body: answer } = await bench.api("POST", path, body);
    if (!answer.success) throw new Error(`${path}: ${JSON.stringify(answer.errors)}`);
    return answer.result;
  };
  await make("/secrets_store/stores", [{ name: "default" }]);
  await make("/ai-gateway/gateways", {
    id: FOREIGN,
    cache_ttl: 7,
    collect_logs: true,
    cache_invalidate_on_update: false,
    rate_limiting_interval: 0,
    rate_limiting_limit: 0,
  });
  await make("/ai-gateway/custom-providers", {
    name: FOREIGN,
    slug: FOREIGN,
    base_url: "https://foreign.example.com",
  });
  const gateway = `/ai-gateway/gateways/${FOREIGN}`;
  await make(`${gateway}/custom-domains`, { domain: "ai.example.org", zone_id: "f".repeat(32) });
  await make(`${gateway}/datasets`, { name: "test-good", enable: true, filters: [] });
  await make(`${gateway}/policies?commit=true`, {
    name: "test-everyone",
    actor: "company:all",
    resource: "*",
    condition: "true",
    action: { type: "no-limit" },
  });
  await writeFile(join(bench.directory, "worker.js"), code);
  return bench;
}

/** Every resource that this library declares around a gateway, with a secret wherever there can be one. */
export async function declareWhole(bench: Workbench, variant: Variant): Promise<void> {
  for (const [name, value] of Object.entries(secretsOf(variant))) {
    bench.variables[`TF_VAR_${name}`] = value;
  }
  const stores = (await bench.api("GET", "/secrets_store/stores")).body.result as { id: string }[];
  const storeId = stores[0]?.id ?? "";
  const changed = variant === "changed";
  bench.synth((stack) => {
    const gateway = new AiGateway(stack, "gateway", {
      gatewayId: "mine",
      cacheTtl: changed ? 300 : 60,
      storeId,
      otel: [
        {
          url: `https://otel.example.com/${variant}`,
          authorization: new SecretVariable(stack, "otel_token"),
        },
      ],
    });
    new DynamicRoute(stack, "route", {
      gateway,
      name: "support",
      graph: routeGraph((g) => g.model({ provider: "workers-ai", model: `@cf/${variant}` })),
    });
    new ProviderKey(stack, "key", {
      gateway,
      providerSlug: "openai",
      secret: new SecretVariable(stack, "openai_api_key"),
      ...(changed ? { rateLimit: 100 } : {}),
    });
    new CustomProvider(stack, "provider", {
      slug: "internal",
      baseUrl: `https://${variant}.example.com`,
      headers: { "x-api-key": new SecretVariable(stack, "header") },
    });
    new CustomDomain(stack, "domain", {
      gateway,
      hostname: "ai.example.com",
      zoneId: (changed ? "1" : "0").repeat(32),
    });
    const good = new Dataset(stack, "good", { gateway, enable: !changed });
    const all = new Dataset(stack, "all", { gateway });
    new Evaluation(stack, "baseline", { gateway, datasets: changed ? [good, all] : [good] });
    new GatewayPolicy(stack, "everyone", {
      gateway,
      action: { type: "limit", amount: changed ? 20 : 10, period: "daily" },
    });
    const worker = new Worker(stack, "worker", {
      scriptName: "chat",
      bundle: join(bench.directory, "worker.js"),
      vars: { STAGE: variant },
    });
    gateway.bind(worker, "GATEWAY");
    const token = new AiGatewayToken(stack, "token", {
      rotation: variant,
      expiresOn: changed ? "2099-01-31T00:00:00Z" : "2098-01-31T00:00:00Z",
    });
    token.deliverTo(worker, "AI_GATEWAY_TOKEN");
    new TerraformOutput(stack, "url", { value: worker.url });
  });
}
