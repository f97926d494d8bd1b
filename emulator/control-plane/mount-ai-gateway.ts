import type { Hono } from "hono";
import type { Clock } from "../clock.js";
import type { LogStore } from "../logs/log-entry.js";
import type { State } from "../state/state.js";
import { logRoutes } from "./ai-gateway/log-routes.js";
import { type GatewayRoutesOptions, gatewayRoutes } from "./ai-gateway/routes.js";
import { billingRoutes } from "./billing/routes.js";
import { gatewayDomainRoutes } from "./custom-domains/routes.js";
import { customProviderRoutes } from "./custom-providers/routes.js";
import { datasetRoutes } from "./datasets/routes.js";
import { dynamicRouteRoutes } from "./dynamic-routes/routes.js";
import { evaluationTypeRoutes } from "./evaluations/evaluation-types.js";
import { evaluationRoutes } from "./evaluations/routes.js";
import { policyRoutes } from "./policies/routes.js";
import { providerConfigRoutes } from "./provider-configs/routes.js";
import type { Deployments } from "./workers/deployments.js";

export interface AiGatewayMountOptions
  extends Pick<GatewayRoutesOptions, "gatewayUrl" | "ignoredSettings"> {
  readonly state: State;
  readonly logs: LogStore;
  readonly deployments: Deployments;
  readonly clock: Clock;
  /** Told when a custom provider has changed or gone. */
  readonly onCustomProviders: () => void;
  readonly log: (line: string) => void;
}

/** Everything of AI Gateway below its path in the account. */
export function mountAiGateway(
  app: Hono,
  path: string,
  { logs, deployments, onCustomProviders, ...options }: AiGatewayMountOptions,
): void {
  const { state, clock, log } = options;
  const { gateways, products, workers: scripts, secretBox } = state;
  const ofGateway = { gateways, products, clock, log };
  const gateway = `${path}/gateways/:gateway`;
  app.route(`${path}/gateways`, gatewayRoutes({ ...options, gateways }));
  app.route(`${gateway}/logs`, logRoutes({ gateways, logs }));
  app.route(`${gateway}/routes`, dynamicRouteRoutes(ofGateway));
  const withSecrets = { gateways, products, scripts, deployments, clock };
  app.route(`${gateway}/provider_configs`, providerConfigRoutes(withSecrets));
  app.route(`${gateway}/custom-domains`, gatewayDomainRoutes(ofGateway));
  app.route(`${gateway}/datasets`, datasetRoutes(ofGateway));
  app.route(`${gateway}/evaluations`, evaluationRoutes(ofGateway));
  app.route(`${gateway}/policies`, policyRoutes(ofGateway));
  app.route(`${path}/evaluation-types`, evaluationTypeRoutes());
  app.route(
    `${path}/custom-providers`,
    customProviderRoutes({ products, secretBox, clock, onChange: onCustomProviders }),
  );
  app.route(`${path}/billing`, billingRoutes());
}
