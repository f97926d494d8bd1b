import type { Clock } from "../clock.js";
import { type CustomProviderLookup, CustomUpstreams, isCustomSlug } from "./custom-upstreams.js";
import { HttpUpstream } from "./http-upstream.js";
import { isProviderSlug, providers } from "./providers.js";
import { ScriptedModels, type ScriptedModelsProps } from "./scripted-models.js";
import { TranslatedModels } from "./translated-models.js";
import type { Upstream } from "./upstream.js";
import { WorkersAi } from "./workers-ai.js";

/** A server that speaks a provider's HTTP API. */
export interface ServerConfig {
  /** Such as `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  /** Sent when a request brings no credential of its own. */
  readonly apiKey?: string;
}

/** An OpenAI-compatible server that stands in for Workers AI, such as Ollama. */
export interface WorkersAiServerConfig extends ServerConfig {
  /**
   * The server's own model names by Workers AI's, such as
   * `{ "@cf/meta/llama-3.1-8b-instruct": "llama3.1" }`; `*` stands for all others.
   * @default names are sent as they are
   */
  readonly models?: Readonly<Record<string, string>>;
}

/**
 * What each provider's slug leads to. Without an entry `workers-ai` is scripted, a custom provider of the account is
 * asked at its own base URL, and every other provider is refused. `custom-{slug}` names a server that stands in for a
 * custom provider.
 *
 * @example
 * ```ts
 * const upstreams: UpstreamsConfig = {
 *   "workers-ai": { baseUrl: "http://127.0.0.1:11434/v1", models: { "*": "llama3.1" } },
 *   openai: { baseUrl: "https://api.openai.com/v1", apiKey: process.env.OPENAI_API_KEY ?? "" },
 * };
 * ```
 */
export type UpstreamsConfig = {
  readonly [slug: string]: ServerConfig | WorkersAiServerConfig | ScriptedModelsProps | undefined;
  readonly "workers-ai"?: WorkersAiServerConfig | ScriptedModelsProps;
};

export interface UpstreamsProps {
  readonly config: UpstreamsConfig;
  /** The account's API token: what Workers AI asks callers for. */
  readonly apiToken: string;
  readonly clock: Clock;
  /** @default none */
  readonly customProviders?: CustomProviderLookup;
}

/** The providers a gateway can reach. */
export interface Upstreams {
  get(slug: string): Upstream | undefined;
  close(): void;
}

/** @throws {TypeError} when a slug is none of Cloudflare's, or a base URL is not one. */
export function createUpstreams({
  config,
  apiToken,
  clock,
  customProviders = { get: () => undefined },
}: UpstreamsProps): Upstreams {
  const upstreams = new Map<string, Upstream>();
  const standIns: Record<string, ServerConfig> = {};
  for (const [slug, server] of Object.entries(config)) {
    if (isCustomSlug(slug) && server && "baseUrl" in server) {
      standIns[slug] = server;
      continue;
    }
    if (!isProviderSlug(slug)) {
      throw new TypeError(
        `There is no provider "${slug}"; the gateway knows ${Object.keys(providers).join(", ")}.`,
      );
    }
    if (slug === "workers-ai" || !server) continue;
    if (!("baseUrl" in server)) {
      throw new TypeError(
        `The upstream "${slug}" has no baseUrl; only workers-ai can be scripted.`,
      );
    }
    upstreams.set(slug, new HttpUpstream({ ...server, ...providers[slug] }));
  }
  const own = config["workers-ai"] ?? {};
  const models =
    "baseUrl" in own ? new TranslatedModels(own) : new ScriptedModels({ ...own, clock });
  upstreams.set("workers-ai", new WorkersAi({ apiToken, models }));
  const custom = new CustomUpstreams(customProviders, standIns);
  return {
    get: (slug) => upstreams.get(slug) ?? (isCustomSlug(slug) ? custom.get(slug) : undefined),
    close: () => {
      custom.close();
      for (const upstream of upstreams.values()) upstream.close();
    },
  };
}
