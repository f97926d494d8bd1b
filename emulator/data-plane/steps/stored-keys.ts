import { credentialHeaders } from "../../upstreams/providers.js";
import type { Upstream } from "../../upstreams/upstream.js";
import type { GatewayItem } from "../gateway-request.js";

interface KeyQuestion {
  readonly provider: string;
  /** The keys the gateway has, such as "openai/default". */
  readonly stored: readonly string[];
  /** Of the key the request asks for. */
  readonly alias: string | undefined;
  readonly item: Pick<GatewayItem, "headers" | "path">;
  readonly upstream: Pick<Upstream, "hasCredential">;
}

/**
 * What is missing of a request that brings no credential and would get one of the gateway's keys on Cloudflare: none
 * is sent here. The emulator's own upstream may have one instead.
 * @returns a sentence that goes on with what else can be done, or nothing when nothing is missing.
 */
export function missingKey({
  provider,
  stored,
  alias,
  item,
  upstream,
}: KeyQuestion): string | undefined {
  if (bringsCredential(item)) return undefined;
  const keys = stored.filter((key) => key.startsWith(`${provider}/`));
  if (alias !== undefined && !keys.includes(`${provider}/${alias}`)) {
    const there = keys.length === 0 ? "none of that provider" : keys.join(", ");
    return (
      `the request asks for the key "${provider}/${alias}" (cf-aig-byok-alias), and the gateway has ${there}. ` +
      "Ask for one that it has"
    );
  }
  if (keys.length === 0 || upstream.hasCredential) return undefined;
  return (
    `the gateway has keys of the provider (${keys.join(", ")}), one of which Cloudflare would send with this ` +
    "request, which brings none; here they are kept and not sent. Send a key of your own with the request, give the " +
    `emulator's upstream one (upstreams: { "${provider}": { baseUrl, apiKey } })`
  );
}

/** In a header, or in the query as Google's APIs take it. */
const bringsCredential = ({ headers, path }: KeyQuestion["item"]): boolean =>
  credentialHeaders.some((name) => headers[name] !== undefined) || /[?&]key=/.test(path);
