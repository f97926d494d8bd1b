import { Hono } from "hono";
import {
  emulatedCallsPath,
  emulatedContainerImagesPath,
  emulatedFaultsPath,
  emulatedScheduledPath,
  emulatedWorkerUrlPath,
} from "../../protocol/urls.js";
import type { Clock } from "../clock.js";
import type { ContainerEngine } from "../containers/container-engine.js";
import type { CronSchedule } from "../crons/cron-schedule.js";
import { EmulatorError } from "../emulator-error.js";
import type { LogStore } from "../logs/log-entry.js";
import type { State } from "../state/state.js";
import type { StoredProduct, WorkerHost } from "../workerd/uploaded-script.js";
import { AccountTokens } from "./account-tokens/account-tokens.js";
import { accountTokenRoutes } from "./account-tokens/routes.js";
import type { IgnoredSettings } from "./ai-gateway/routes.js";
import { alreadyThere } from "./already-there.js";
import { ApiError, notEmulated, TakenError } from "./api-error.js";
import { authenticate, checkAccount } from "./authenticate.js";
import { containerImageRoutes } from "./containers/image-routes.js";
import { containerRoutes } from "./containers/routes.js";
import { ContainerStore } from "./containers/store.js";
import { d1Routes } from "./d1/routes.js";
import { failure, success } from "./envelope.js";
import type { Faults } from "./faults/faults.js";
import { callRoutes, faultRoutes } from "./faults/routes.js";
import { kvRoutes } from "./kv/routes.js";
import { mountAiGateway } from "./mount-ai-gateway.js";
import { queueRoutes } from "./queues/routes.js";
import { r2Routes } from "./r2/routes.js";
import { secretsStoreRoutes } from "./secrets-store/routes.js";
import { AssetUploads } from "./workers/asset-uploads.js";
import { betaWorkerRoutes } from "./workers/beta-routes.js";
import { Deployments } from "./workers/deployments.js";
import { assetUploadPath, workerRoutes } from "./workers/routes.js";
import { scheduledRoutes } from "./workers/scheduled-routes.js";
import { parseScriptName } from "./workers/schema.js";
import { workflowRoutes } from "./workflows/routes.js";
import { domainRoutes } from "./zones/domain-routes.js";
import { routeRoutes } from "./zones/routes.js";
import { zoneRoutes } from "./zones/zone-routes.js";

/** Where the API is mounted. */
export const CONTROL_PLANE_PATH = "/client/v4";

export interface ControlPlaneOptions {
  readonly state: State;
  readonly logs: LogStore;
  readonly workers: WorkerHost;
  readonly clock: Clock;
  /** Runs containers. @default nothing runs them */
  readonly engine?: Pick<ContainerEngine, "check" | "rollOut">;
  /** Runs `scheduled` handlers; told when schedules have changed. */
  readonly crons: Pick<CronSchedule, "restart" | "run">;
  /** Told when a custom provider has changed or gone. @default nobody */
  readonly onCustomProviders?: () => void;
  /** @default the state's */
  readonly accountId?: string;
  /** @default the state's */
  readonly apiToken?: string;
  /** Where a gateway's provider answers on the data plane. */
  readonly gatewayUrl: (accountId: string, gatewayId: string, provider: string) => string;
  /** Steers the faults of whoever calls {@link ControlPlane.fetch}. @default nobody's: the paths are not there */
  readonly faults?: Faults;
  /** Gateway settings that are taken and dropped: a test aid. @default none */
  readonly ignoredSettings?: IgnoredSettings;
  /** Takes what a person should know. @default nobody */
  readonly log?: (line: string) => void;
  /**
   * Told of failures that are a defect of the emulator; the caller gets a 500.
   * @default printed on stderr
   */
  readonly onDefect?: (error: unknown) => void;
}

export interface ControlPlane {
  /** Whether a path is the API's: also one that lacks {@link CONTROL_PLANE_PATH}, which is told so. */
  serves(path: string): boolean;
  fetch(request: Request): Promise<Response> | Response;
  /** What is emulated, such as "GET /accounts/:account/ai-gateway/gateways". */
  readonly endpoints: readonly string[];
}

/**
 * Cloudflare's REST API for one emulated account, below {@link CONTROL_PLANE_PATH}. What it does not
 * emulate it answers with 501, naming method and path.
 *
 * @example
 * ```ts
 * const { fetch } = createControlPlane({ state, logs, workers, clock: systemClock, gatewayUrl });
 * serve({ fetch, hostname: "127.0.0.1", port: 8787 });
 * ```
 */
export function createControlPlane({
  state,
  logs,
  workers,
  clock,
  accountId = state.accountId,
  apiToken = state.apiToken,
  gatewayUrl,
  crons,
  engine = { check: async () => {}, rollOut: async () => {} },
  faults,
  ignoredSettings = {},
  onCustomProviders = () => {},
  log = () => {},
  onDefect = console.error,
}: ControlPlaneOptions): ControlPlane {
  const { workers: store } = state;
  const dropStorage = (product: StoredProduct, key: string) =>
    state.storageDrops.carryOut(workers, product, key);
  const assets = new AssetUploads(store, clock);
  const deployments = new Deployments({
    accountId,
    store,
    workers,
    dropStorage,
    assets,
    clock,
    onSchedules: () => crons.restart(),
    log,
  });
  const tokens = new AccountTokens(state.products, clock);
  const accountPath = `${CONTROL_PLANE_PATH}/accounts/${accountId}`;
  const app = new Hono();

  app.use("*", async (c, next) => {
    if (!assetUploadPath.test(c.req.path)) {
      const { method, path } = c.req;
      const below = path.startsWith(accountPath) ? path.slice(accountPath.length) : "";
      authenticate(c.req.raw, apiToken, (token) => tokens.mayCall(token, method, below));
    }
    await next();
  });
  const account = `${CONTROL_PLANE_PATH}/accounts/:account`;
  app.use(`${account}/*`, async (c, next) => {
    checkAccount(c.req.param("account"), accountId);
    await next();
  });
  const { products } = state;
  mountAiGateway(app, `${account}/ai-gateway`, {
    state,
    logs,
    deployments,
    clock,
    gatewayUrl,
    ignoredSettings,
    onCustomProviders,
    log,
  });
  app.route(`${account}/tokens`, accountTokenRoutes({ accountId, products, tokens, clock }));
  const product = { products, scripts: store, deployments, workers, dropStorage, clock, log };
  app.route(`${account}/storage/kv/namespaces`, kvRoutes(product));
  app.route(`${account}/r2/buckets`, r2Routes(product));
  app.route(`${account}/d1/database`, d1Routes(product));
  app.route(`${account}/queues`, queueRoutes(product));
  app.route(`${account}/workflows`, workflowRoutes(product));
  app.route(`${account}/secrets_store/stores`, secretsStoreRoutes(product));
  app.route(`${account}/workers/domains`, domainRoutes(product));
  const containers = new ContainerStore(products);
  app.route(
    `${account}/containers/applications`,
    containerRoutes({ accountId, containers, scripts: store, engine, clock }),
  );
  app.route(
    `${CONTROL_PLANE_PATH}${emulatedContainerImagesPath(":account")}`,
    containerImageRoutes({ products, containers, engine }),
  );
  app.route(
    `${account}/workers/workers`,
    betaWorkerRoutes({ products, store, deployments, clock }),
  );
  app.route(`${CONTROL_PLANE_PATH}/zones`, zoneRoutes({ accountId, products }));
  app.route(`${CONTROL_PLANE_PATH}/zones/:zone/workers/routes`, routeRoutes(product));
  app.route(`${account}/workers`, workerRoutes({ accountId, store, workers, deployments, assets }));
  app.get(`${CONTROL_PLANE_PATH}${emulatedWorkerUrlPath(":account", ":script")}`, async (c) => {
    // Also before the script is there: its address is known before it is served.
    const name = parseScriptName(c.req.param("script"));
    return success({ url: await workers.url(accountId, name) });
  });

  app.route(
    `${CONTROL_PLANE_PATH}${emulatedScheduledPath(":account", ":script")}`,
    scheduledRoutes({ store, crons, clock }),
  );
  if (faults !== undefined) {
    app.route(`${CONTROL_PLANE_PATH}${emulatedFaultsPath(":account")}`, faultRoutes(faults));
    app.route(`${CONTROL_PLANE_PATH}${emulatedCallsPath(":account")}`, callRoutes(faults));
  }

  const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];
  const exists = (path: string) =>
    methods.some((method) =>
      // What is there for all methods only looks at a request on its way.
      app.router.match(method, path)[0].some(([[, route]]) => route.method !== "ALL"),
    );
  const isMounted = (path: string) => path.startsWith(`${CONTROL_PLANE_PATH}/`);

  app.notFound((c) => failure(notEmulated(`${c.req.method} ${c.req.path}`)));
  app.onError((error) => {
    if (error instanceof TakenError) return failure(alreadyThere(error, state.directory));
    if (error instanceof ApiError) return failure(error);
    if (!(error instanceof EmulatorError)) onDefect(error);
    return failure(ApiError.of(500, "emulatorFailed", `The emulator failed: ${error.message}`));
  });
  const endpoints = app.routes
    .filter(({ method }) => method !== "ALL")
    .map(({ method, path }) => `${method} ${path.slice(CONTROL_PLANE_PATH.length)}`);
  return {
    endpoints,
    serves: (path) => isMounted(path) || exists(`${CONTROL_PLANE_PATH}${path}`),
    fetch: (request) => {
      const { pathname, search } = new URL(request.url);
      if (isMounted(pathname)) return app.fetch(request);
      const meant = `${request.method} ${CONTROL_PLANE_PATH}${pathname}${search}`;
      return failure(notEmulated(`${request.method} ${pathname}; did you mean ${meant}?`));
    },
  };
}
