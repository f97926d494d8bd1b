/**
 * What must and must not compile against the client. Nothing here runs: `tsc -p worker` is the test,
 * and an expected error that does not come is its failure.
 */
import {
  type AiGatewayEnv,
  type AiGatewayProvider,
  aiGateway,
  aiGatewayBinding,
  type PlatformResponse,
} from "../../../worker/index.js";

const GATEWAY = aiGatewayBinding("GATEWAY");
const ELSEWHERE = aiGatewayBinding("ELSEWHERE", { ai: "MODELS" });

/** What `wrangler types` writes. */
interface WranglerEnv {
  readonly AI: Ai;
  readonly GATEWAY: "demo";
  readonly KV: KVNamespace;
}

/** Fails to compile unless both types are the same. */
type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const isTrue = <T extends true>(): T | undefined => undefined;

export async function compiles(env: AiGatewayEnv<typeof GATEWAY>, wrangler: WranglerEnv) {
  // Our own Env and wrangler's both do, with the declaration or its name.
  const client = aiGateway(env, GATEWAY);
  aiGateway(env, "GATEWAY");
  aiGateway(wrangler, "GATEWAY");

  // The platform's types come through.
  const response = await client.run({ provider: "openai", endpoint: "x", query: {} });
  isTrue<Same<typeof response, Response>>();
  isTrue<Same<PlatformResponse, Response>>();
  const native = aiGateway(wrangler, GATEWAY);
  isTrue<Same<typeof native.raw, AiGateway>>();
  isTrue<Same<Awaited<ReturnType<typeof native.getLog>>, AiGatewayLog>>();

  // Any provider's slug, a fallback array, every option.
  client.run([{ provider: "custom-acme", endpoint: "x", query: {} }] as const, {
    cacheTtl: 0,
    skipCache: true,
    cacheKey: "key",
    metadata: { user: "ann", n: 1, b: true },
    collectLog: false,
    eventId: "event",
    requestTimeoutMs: 1000,
    retries: { maxAttempts: 2, retryDelayMs: 100, backoff: "linear" },
    extraHeaders: { "cf-aig-byok-alias": "b" },
    signal: AbortSignal.timeout(1000),
  });

  // Our list of providers is the runtime's.
  type Listed<P> = P extends string
    ? string extends P
      ? never
      : P extends AIGatewayProviders
        ? P
        : never
    : never;
  isTrue<Same<Listed<AiGatewayProvider>, AIGatewayProviders>>();
}

export function doesNotCompile(env: AiGatewayEnv<typeof GATEWAY>, wrangler: WranglerEnv) {
  // @ts-expect-error a name that the Env does not have
  aiGateway(env, "GATEWY");
  // @ts-expect-error a declaration that the Env was not made from
  aiGateway(env, aiGatewayBinding("OTHER"));
  // @ts-expect-error an ai binding that the Env does not have
  aiGateway(env, ELSEWHERE);
  // @ts-expect-error a binding that is no text
  aiGateway(wrangler, "KV");
  // @ts-expect-error an Env without an ai binding
  aiGateway({ GATEWAY: "demo" }, "GATEWAY");

  const client = aiGateway(env, GATEWAY);
  // @ts-expect-error a request without a body for the provider
  client.run({ provider: "openai", endpoint: "x" });
  const request = { provider: "openai", endpoint: "x", query: {} };
  // @ts-expect-error Headers, which would be sent as none
  client.run({ ...request, headers: new Headers() });
  // @ts-expect-error more attempts than the gateway makes
  client.run(request, { retries: { maxAttempts: 6 } });
  // @ts-expect-error a null in the metadata, for which the gateway drops all of it
  client.run(request, { metadata: { user: null } });
  // @ts-expect-error an option that does not exist
  client.run(request, { cacheTTL: 1 });
  // @ts-expect-error a thumb that points sideways
  client.patchLog("log", { feedback: 0 });
}
