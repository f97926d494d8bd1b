import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../clock.js";
import type { LogStore } from "../logs/log-entry.js";
import type { GatewayLookup } from "../state/gateway.js";
import { createUpstreams, type UpstreamsConfig } from "../upstreams/create-upstreams.js";
import type { CustomProviderLookup } from "../upstreams/custom-upstreams.js";
import { BindingServer } from "./binding-server.js";
import { CacheStore } from "./cache-store.js";
import { GatewayServer } from "./gateway-server.js";
import type { MayRun } from "./steps/authenticate.js";
import { cachePrefix } from "./steps/cache.js";
import { type BesideSettings, Enforcement, type UnenforcedMode } from "./steps/enforce.js";
import { RateLimiter } from "./steps/rate-limit.js";

export interface DataPlaneProps {
  readonly gateways: GatewayLookup;
  readonly logs: LogStore;
  readonly clock: Clock;
  /** Makes the ids of requests and log rows, lower-case UUIDv7. */
  readonly ids: () => string;
  /** What authenticated gateways and Workers AI ask callers for. */
  readonly apiToken: string;
  /** What other tokens authenticated gateways take. @default none */
  readonly mayRun?: MayRun;
  /** What workerd proves itself with; made anew at each start. */
  readonly bindingToken: string;
  /** Where `/v1` is served, for `getUrl`: such as `http://127.0.0.1:8790/v1`. */
  readonly gatewayUrl: () => string;
  /** @default `workers-ai` scripted, no other provider */
  readonly upstreams?: UpstreamsConfig;
  /** The account's custom providers. @default none */
  readonly customProviders?: CustomProviderLookup;
  /** What a gateway has beside its settings that is not emulated, either. @default nothing */
  readonly beside?: BesideSettings;
  /**
   * What happens to a request at a gateway with guardrails, DLP, spend limits, `byok_only` or policies, or that
   * needs a key the gateway has: none of that is emulated.
   * @default "refuse"
   */
  readonly unenforced?: UnenforcedMode;
  /** Told what a person at the emulator should know, one line each. @default nobody */
  readonly log?: (message: string) => void;
}

/** Everything prompts go through. Both handlers take requests straight from `node:http`. */
export interface DataPlane {
  /** `/v1/{account}/{gateway}/…`: provider URLs, `compat` and the universal endpoint. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** What the `AI` binding of a Worker calls; only workerd may. */
  handleBinding(request: IncomingMessage, response: ServerResponse): void;
  /** Drops every cached answer: of a custom provider that changed, and here of all others, too. */
  dropAnswers(): void;
  close(): void;
}

/**
 * Makes the data plane of the emulator.
 *
 * @throws {TypeError} when an upstream's configuration makes no sense.
 * @example
 * ```ts
 * const dataPlane = createDataPlane({ gateways, logs, clock, ids, apiToken, bindingToken, gatewayUrl });
 * const server = http.createServer((request, response) => dataPlane.handle(request, response));
 * ```
 */
export function createDataPlane(props: DataPlaneProps): DataPlane {
  const { gateways, logs, clock, ids, apiToken, log: warn = () => {} } = props;
  const { mayRun = () => false } = props;
  const upstreams = createUpstreams({
    config: props.upstreams ?? {},
    apiToken,
    clock,
    ...(props.customProviders ? { customProviders: props.customProviders } : {}),
  });
  const cache = new CacheStore();
  const limiter = new RateLimiter();
  const enforcement = new Enforcement(props.unenforced ?? "refuse", warn, props.beside);
  const parts = {
    gateways,
    logs,
    clock,
    ids,
    apiToken,
    mayRun,
    upstreams,
    cache,
    limiter,
    enforcement,
    warn,
  };
  const unsubscribe = gateways.subscribe(({ type, accountId, gateway }) => {
    const key = cachePrefix(accountId, gateway.id);
    if (type === "deleted" || gateway.cache_invalidate_on_update) cache.drop(key);
    if (type === "updated") return;
    limiter.drop(key);
    logs.delete(accountId, gateway.id, {});
  });
  const gatewayServer = new GatewayServer(parts);
  const bindingServer = new BindingServer({
    ...parts,
    bindingToken: props.bindingToken,
    gatewayUrl: props.gatewayUrl,
  });
  return {
    handle: (request, response) => gatewayServer.handle(request, response),
    handleBinding: (request, response) => bindingServer.handle(request, response),
    dropAnswers: () => cache.drop(""),
    close: () => {
      unsubscribe();
      upstreams.close();
    },
  };
}
