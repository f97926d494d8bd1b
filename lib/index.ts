/**
 * Cloudflare AI Gateway as CDKTF constructs: {@link Cloudflare} once per stack, then {@link AiGateway} and
 * {@link Worker}.
 *
 * @module
 */
export {
  AI_BINDING_NAME,
  type AiGatewayBinding,
  aiGatewayBinding,
  type BindingDeclaration,
  type WorkerBindingsDeclaration,
  workerBindings,
} from "../protocol/binding.js";
export type { InstanceType } from "../protocol/container-instances.js";
export type { DlpAction, DlpCheck } from "../protocol/gateway-dlp.js";
export type { OtelContentType } from "../protocol/gateway-exports.js";
export type { GuardrailAction, GuardrailCategory } from "../protocol/gateway-guardrails.js";
export type {
  LogManagementStrategy,
  RateLimitingTechnique,
  RetryBackoff,
  WorkersAiBillingMode,
} from "../protocol/gateway-settings.js";
export type { SpendLimitTechnique } from "../protocol/gateway-spend-limits.js";
export { AiGateway } from "./ai-gateway/ai-gateway.js";
export type { IAiGateway } from "./ai-gateway/ai-gateway-interface.js";
export type { AiGatewayProps } from "./ai-gateway/ai-gateway-props.js";
export {
  type NativeGatewayConfig,
  NativeGatewayResource,
} from "./ai-gateway/native/native-gateway-resource.js";
export type { Dlp, DlpPolicies, DlpPolicy, DlpProfiles } from "./ai-gateway/settings/dlp.js";
export type { GuardrailRules, Guardrails } from "./ai-gateway/settings/guardrails.js";
export type { OtelExporter } from "./ai-gateway/settings/otel.js";
export type { SpendLimit } from "./ai-gateway/settings/spend-limits.js";
export type { StripeUsage, StripeUsageEvent } from "./ai-gateway/settings/stripe.js";
export {
  CLOUDFLARE_PROVIDER_VERSION,
  Cloudflare,
  NATIVE_GATEWAY_PROVIDER_VERSION,
} from "./cloudflare.js";
export type { CloudflareProps, GatewayProvider } from "./cloudflare-props.js";
export { Container } from "./containers/container.js";
export type { ContainerProps } from "./containers/container-props.js";
export { CustomDomain, type CustomDomainProps } from "./custom-domains/custom-domain.js";
export type { ICustomDomain } from "./custom-domains/custom-domain-interface.js";
export { CustomProvider, type ICustomProvider } from "./custom-providers/custom-provider.js";
export type { CustomProviderProps } from "./custom-providers/custom-provider-props.js";
export { Dataset, type DatasetProps, type IDataset } from "./datasets/dataset.js";
export type {
  DatasetFilter,
  DatasetFilterKey,
  DatasetFilterOperator,
} from "./datasets/dataset-filter.js";
export { Evaluation, type EvaluationProps, type IEvaluation } from "./datasets/evaluation.js";
export type { Duration } from "./duration.js";
export { DynamicRoute } from "./dynamic-routes/dynamic-route.js";
export type { DynamicRouteProps, IDynamicRoute } from "./dynamic-routes/dynamic-route-props.js";
export type {
  ConditionalElement,
  EndElement,
  ModelElement,
  PercentageElement,
  RateElement,
  RouteConditions,
  RouteEdge,
  RouteElement,
  RouteLimitType,
  StartElement,
} from "./dynamic-routes/route-element.js";
export {
  type RouteGraphBuilder,
  type RouteModel,
  type RouteNode,
  type RouteOutcome,
  type RouteRate,
  type RouteShares,
  routeGraph,
} from "./dynamic-routes/route-graph.js";
export { toMermaid } from "./dynamic-routes/route-mermaid.js";
export { UsageError } from "./errors.js";
export { GatewayPolicy } from "./gateway-policies/gateway-policy.js";
export type {
  GatewayPolicyProps,
  IGatewayPolicy,
  PolicyAction,
  PolicyPeriod,
  PolicyResource,
} from "./gateway-policies/gateway-policy-props.js";
export {
  AiGatewayPolicyPack,
  type AiGatewayPolicyPackProps,
} from "./policy-pack/ai-gateway-policy-pack.js";
export type { PolicyFinding, PolicyLevel, PolicyRule } from "./policy-pack/policy-rule.js";
export { ProviderKey } from "./provider-keys/provider-key.js";
export type {
  IProviderKey,
  ProviderKeyProps,
  StoredProviderSecret,
} from "./provider-keys/provider-key-props.js";
export { R2Backend, type R2BackendProps } from "./r2-backend.js";
export * from "./rest-api/index.js";
export type { SecretText } from "./secret-text.js";
export { SecretVariable, type SecretVariableProps } from "./secret-variable.js";
export { Stage, type StageFromEnvironmentOptions, type StageProps } from "./stages/stage.js";
export { StageStack, type StageStackProps } from "./stages/stage-stack.js";
export {
  D1Database,
  type D1DatabaseProps,
  type D1ReadReplication,
  type ID1Database,
} from "./storage/d1-database.js";
export { type IKvNamespace, KvNamespace, type KvNamespaceProps } from "./storage/kv-namespace.js";
export { type IQueue, Queue, type QueueProps } from "./storage/queue.js";
export { QueueConsumer, type QueueConsumerProps } from "./storage/queue-consumer.js";
export {
  type IR2Bucket,
  type Jurisdiction,
  type LocationHint,
  R2Bucket,
  type R2BucketProps,
  type R2StorageClass,
} from "./storage/r2-bucket.js";
export { synthApp } from "./synth-app.js";
export { AiGatewayToken } from "./tokens/ai-gateway-token.js";
export type { AiGatewayTokenProps, IAiGatewayToken } from "./tokens/ai-gateway-token-props.js";
export { type IUsesProviders, isUsingProviders, type UsedProvider } from "./uses-providers.js";
export type { BindingValue, BindingValues } from "./workers/binding-values.js";
export type { ClassMigration } from "./workers/class-history.js";
export type { IDeliveredSecret, WorkerSecretValue } from "./workers/delivered-secret.js";
export {
  DurableObjectNamespace,
  type DurableObjectNamespaceProps,
} from "./workers/durable-object-namespace.js";
export type { JsonValue } from "./workers/json-var.js";
export { Worker } from "./workers/worker.js";
export type { WorkerAssets } from "./workers/worker-assets.js";
export type {
  IWorkerBindable,
  WorkerBinding,
  WorkerBindingOf,
} from "./workers/worker-binding.js";
export { WorkerCron, type WorkerCronProps } from "./workers/worker-cron.js";
export {
  WorkerCustomDomain,
  type WorkerCustomDomainProps,
} from "./workers/worker-custom-domain.js";
export {
  DEFAULT_COMPATIBILITY_DATE,
  type DeclaredWorkerProps,
  type DurableObjectBinding,
  type WorkerObservability,
  type WorkerProps,
  type WorkflowBinding,
} from "./workers/worker-props.js";
export { WorkerRoute, type WorkerRouteProps } from "./workers/worker-route.js";
