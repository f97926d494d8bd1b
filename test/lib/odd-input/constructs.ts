import type { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { gatewayRules } from "../../../lib/ai-gateway/ai-gateway-validation.js";
import { containerRules } from "../../../lib/containers/container-validation.js";
import { customDomainRules } from "../../../lib/custom-domains/custom-domain.js";
import { customProviderRules } from "../../../lib/custom-providers/custom-provider-validation.js";
import { datasetRules } from "../../../lib/datasets/dataset.js";
import { evaluationRules } from "../../../lib/datasets/evaluation.js";
import { dynamicRouteRules } from "../../../lib/dynamic-routes/dynamic-route-validation.js";
import { gatewayPolicyRules } from "../../../lib/gateway-policies/gateway-policy-validation.js";
import * as lib from "../../../lib/index.js";
import { providerKeyRules } from "../../../lib/provider-keys/provider-key-validation.js";
import { queueConsumerRules } from "../../../lib/storage/queue-consumer.js";
import { d1Rules, kvRules, queueRules, r2Rules } from "../../../lib/storage/storage-validation.js";
import { aiGatewayTokenRules } from "../../../lib/tokens/ai-gateway-token-validation.js";
import { durableObjectNamespaceRules } from "../../../lib/workers/durable-object-namespace.js";
import { workerCronRules } from "../../../lib/workers/worker-cron.js";
import { workerCustomDomainRules } from "../../../lib/workers/worker-custom-domain.js";
import { workerRouteRules } from "../../../lib/workers/worker-route.js";
import { workerRules } from "../../../lib/workers/worker-validation.js";
import { newBundle } from "../new-stack.js";

export type AnyProps = Readonly<Record<string, unknown>>;

/** A construct as plain JavaScript sees it: its props may be anything. */
export interface Subject {
  readonly type: new (scope: Construct, id: string, props?: never) => Construct;
  readonly props: readonly string[];
  readonly good: (stack: TerraformStack) => AnyProps;
}

const id = "0123456789abcdef0123456789abcdef";
const bundle = newBundle();
const roomBundle = newBundle("export class Room {}\nexport default {};\n");

const subject = (type: unknown, rules: object, good: Subject["good"] = () => ({})): Subject => ({
  type: type as Subject["type"],
  props: Object.keys(rules),
  good,
});

const gatewayOf = (stack: TerraformStack): lib.AiGateway =>
  new lib.AiGateway(stack, "gateway", { storeId: id });

const workerOf = (stack: TerraformStack): lib.Worker =>
  new lib.Worker(stack, "other-worker", {
    bundle: roomBundle,
    migrations: [{ newSqliteClasses: ["Room"] }],
  });

/** Every construct of the library that takes props, with props that are right. */
export const subjects: Readonly<Record<string, Subject>> = {
  AiGateway: subject(lib.AiGateway, gatewayRules),
  "AiGateway over the provider's own resource": subject(lib.AiGateway, gatewayRules, () => ({
    gatewayProvider: "cloudflare",
  })),
  DynamicRoute: subject(lib.DynamicRoute, dynamicRouteRules, (stack) => ({
    gateway: gatewayOf(stack),
    graph: lib.routeGraph((g) => g.model({ provider: "openai", model: "m" })),
  })),
  ProviderKey: subject(lib.ProviderKey, providerKeyRules, (stack) => ({
    gateway: gatewayOf(stack),
    providerSlug: "openai",
    secret: new lib.SecretVariable(stack, "openai_api_key"),
  })),
  CustomProvider: subject(lib.CustomProvider, customProviderRules, () => ({
    baseUrl: "https://models.example.com",
  })),
  CustomDomain: subject(lib.CustomDomain, customDomainRules, (stack) => ({
    gateway: gatewayOf(stack),
    hostname: "ai.example.com",
    zoneId: id,
  })),
  Dataset: subject(lib.Dataset, datasetRules, (stack) => ({ gateway: gatewayOf(stack) })),
  Evaluation: subject(lib.Evaluation, evaluationRules, (stack) => {
    const gateway = gatewayOf(stack);
    return { gateway, datasets: [new lib.Dataset(stack, "dataset", { gateway })] };
  }),
  GatewayPolicy: subject(lib.GatewayPolicy, gatewayPolicyRules, (stack) => ({
    gateway: gatewayOf(stack),
    action: { type: "block" },
  })),
  AiGatewayToken: subject(lib.AiGatewayToken, aiGatewayTokenRules),
  Worker: subject(lib.Worker, workerRules, () => ({ bundle })),
  Container: subject(lib.Container, containerRules, () => ({
    bundle: roomBundle,
    className: "Room",
    image: "registry.cloudflare.com/account/room:1",
  })),
  DurableObjectNamespace: subject(
    lib.DurableObjectNamespace,
    durableObjectNamespaceRules,
    (stack) => ({ worker: workerOf(stack), className: "Room" }),
  ),
  KvNamespace: subject(lib.KvNamespace, kvRules),
  R2Bucket: subject(lib.R2Bucket, r2Rules),
  D1Database: subject(lib.D1Database, d1Rules),
  Queue: subject(lib.Queue, queueRules),
  QueueConsumer: subject(lib.QueueConsumer, queueConsumerRules, (stack) => ({
    queue: new lib.Queue(stack, "queue"),
    worker: workerOf(stack),
  })),
  WorkerRoute: subject(lib.WorkerRoute, workerRouteRules, (stack) => ({
    zoneId: id,
    pattern: "example.com/*",
    worker: workerOf(stack),
  })),
  WorkerCustomDomain: subject(lib.WorkerCustomDomain, workerCustomDomainRules, (stack) => ({
    zoneId: id,
    hostname: "chat.example.com",
    worker: workerOf(stack),
  })),
  WorkerCron: subject(lib.WorkerCron, workerCronRules, (stack) => ({
    worker: workerOf(stack),
    crons: ["0 3 * * *"],
  })),
  SecretVariable: subject(lib.SecretVariable, { description: [] }),
};
