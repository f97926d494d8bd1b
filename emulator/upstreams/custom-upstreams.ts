import type { ServerConfig } from "./create-upstreams.js";
import { HttpUpstream } from "./http-upstream.js";
import type { Upstream, UpstreamAnswer, UpstreamRequest } from "./upstream.js";

/** A custom provider of the account. */
export interface CustomProvider {
  /** Such as `https://api.example.com`. */
  readonly baseUrl: string;
  /** What the gateway adds to each request. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The account's custom providers that may be used, as the data plane sees them: read on every request. */
export interface CustomProviderLookup {
  /**
   * @param slug without `custom-`
   * @returns the same object until the provider changes
   */
  get(slug: string): CustomProvider | undefined;
}

const PREFIX = "custom-";

export const isCustomSlug = (slug: string): boolean => slug.startsWith(PREFIX);

/** What `custom-{slug}` leads to: the base URL of the account's provider, or a server that stands in for it. */
export class CustomUpstreams {
  readonly #providers: CustomProviderLookup;
  readonly #standIns: Readonly<Record<string, ServerConfig>>;
  readonly #latest = new Map<string, { provider: CustomProvider; upstream: CustomUpstream }>();
  // Those of before a change, too: requests may be under way.
  readonly #all = new Set<CustomUpstream>();

  constructor(providers: CustomProviderLookup, standIns: Readonly<Record<string, ServerConfig>>) {
    this.#providers = providers;
    this.#standIns = standIns;
  }

  get(slug: string): Upstream | undefined {
    const provider = this.#providers.get(slug.slice(PREFIX.length));
    if (!provider) return undefined;
    const known = this.#latest.get(slug);
    if (known?.provider === provider) return known.upstream;
    const upstream = new CustomUpstream(provider, this.#standIns[slug]);
    this.#latest.set(slug, { provider, upstream });
    this.#all.add(upstream);
    return upstream;
  }

  close(): void {
    for (const upstream of this.#all) upstream.close();
  }
}

/** Headers that a request brings win over the provider's, as a key of its own does: no source says it. */
class CustomUpstream implements Upstream {
  readonly #http: HttpUpstream;
  readonly #headers: Readonly<Record<string, string>>;

  constructor({ baseUrl, headers }: CustomProvider, standIn: ServerConfig | undefined) {
    // Paths are appended as they are: a `/v1` that is in both is there twice.
    this.#http = new HttpUpstream({ baseUrl, ...standIn, pathsAsWritten: true });
    this.#headers = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
  }

  /** A provider's own headers may be one. */
  get hasCredential(): boolean {
    return this.#http.hasCredential || Object.keys(this.#headers).length > 0;
  }

  send(request: UpstreamRequest): Promise<UpstreamAnswer> {
    return this.#http.send({ ...request, headers: { ...this.#headers, ...request.headers } });
  }

  close(): void {
    this.#http.close();
  }
}
