import {
  type AiGatewayEnv,
  aiGateway,
  aiGatewayBinding,
  ensureOk,
  gatewayFacts,
  toAiGatewayError,
} from "../../../worker/index.js";
import type { ProbeCall } from "../probe-call.js";
import { describeError } from "./describe-error.js";

const GATEWAY = aiGatewayBinding("GATEWAY");
const OTHER = aiGatewayBinding("OTHER");
type Env = AiGatewayEnv<typeof GATEWAY | typeof OTHER, Ai>;

const request = { provider: "openai", endpoint: "chat/completions", query: { n: 1 } } as const;
const seen = new Set<unknown>();

type Route = (env: Env, incoming: Request) => Promise<unknown>;

const routes: Readonly<Record<string, Route>> = {
  "/call": async (env, incoming) => call(env, (await incoming.json()) as ProbeCall),

  "/through": (env) => aiGateway(env, GATEWAY).run(request),

  "/clients": async (env) => {
    const client = aiGateway(env, GATEWAY);
    const other = aiGateway(env, OTHER);
    seen
      .add(client)
      .add(aiGateway(env, "GATEWAY"))
      .add(aiGateway({ ...env }, GATEWAY));
    return {
      clients: seen.size,
      otherIsItsOwn: other !== client,
      otherIsKept: aiGateway(env, OTHER) === other,
      binding: env.AI.constructor.name,
      raw: client.raw.constructor.name,
    };
  },

  "/same-object": async (env) => {
    let platform: unknown;
    const ai = {
      gateway: (id: string) => {
        const raw = env.AI.gateway(id);
        const run: AiGateway["run"] = async (...args) => {
          const response = await raw.run(...args);
          platform = response;
          return response;
        };
        return Object.assign(Object.create(raw) as AiGateway, { run });
      },
    };
    const response = await aiGateway({ ...env, AI: ai }, GATEWAY).run(request);
    return { same: response === platform, bodyUsed: response.bodyUsed };
  },

  "/arguments": async (env) => {
    const item = { ...request, headers: { a: 1, b: { c: 2 } } };
    const options = { cacheTtl: 0, extraHeaders: { d: "e" }, metadata: { f: 1 } };
    const before = JSON.stringify([item, options]);
    await aiGateway(env, GATEWAY).run([item], options);
    return { before, after: JSON.stringify([item, options]) };
  },

  "/helpers": async (env) => {
    const response = await aiGateway(env, GATEWAY).run(request);
    const facts = gatewayFacts(response);
    if (response.ok) return { facts, same: (await ensureOk(response)) === response };
    const error = describeError(await toAiGatewayError(response));
    const thrown = await ensureOk(response).catch(describeError);
    const body = await response.text();
    return { facts, error, thrown, body, late: describeError(await toAiGatewayError(response)) };
  },

  "/missing": async (env) => {
    const errors = [];
    const missing: object[] = [{ GATEWAY: "demo" }, { AI: env.AI }, {}];
    for (const broken of missing)
      try {
        aiGateway(broken as Env, GATEWAY);
      } catch (error) {
        errors.push(describeError(error));
      }
    return errors;
  },
};

export default {
  async fetch(incoming, env) {
    const route = routes[new URL(incoming.url).pathname];
    if (!route) return new Response("No such probe", { status: 404 });
    const result = await route(env, incoming);
    return result instanceof Response ? result : Response.json(result);
  },
} satisfies ExportedHandler<Env>;

async function call(env: Env, { method, args, special }: ProbeCall): Promise<unknown> {
  const [first, second] = args;
  try {
    // The one place where arguments come from outside, so that no type can be kept.
    const client = aiGateway(env, GATEWAY) as unknown as Record<
      string,
      (...args: unknown[]) => Promise<unknown>
    >;
    const options = special ? { ...Object(second), ...specialOption(special) } : second;
    const result = await client[method]?.(first, options);
    if (result instanceof Response) return result;
    return { result: result ?? null, date: Object(result).created_at instanceof Date };
  } catch (error) {
    return { error: describeError(error) };
  }
}

function specialOption(special: NonNullable<ProbeCall["special"]>): object {
  if (special === "bigint") return { metadata: { n: 1n } };
  if (special === "timeout") return { signal: AbortSignal.timeout(50) };
  if (special === "pre-aborted") return { signal: AbortSignal.abort() };
  const controller = new AbortController();
  setTimeout(() => controller.abort(special === "abort" ? undefined : "enough"), 50);
  return { signal: controller.signal };
}
