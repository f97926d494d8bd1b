/**
 * The slugs a gateway knows, with the header each provider reads its key from.
 * @see https://developers.cloudflare.com/ai-gateway/usage/providers/
 */
export const providers = {
  "adobe-firefly": { keyHeader: "authorization" },
  anthropic: { keyHeader: "x-api-key" },
  "aws-bedrock": { keyHeader: "authorization" },
  "azure-openai": { keyHeader: "api-key" },
  baseten: { keyHeader: "authorization" },
  cartesia: { keyHeader: "x-api-key" },
  cerebras: { keyHeader: "authorization" },
  cohere: { keyHeader: "authorization" },
  deepgram: { keyHeader: "authorization" },
  deepseek: { keyHeader: "authorization" },
  elevenlabs: { keyHeader: "xi-api-key" },
  fal: { keyHeader: "authorization" },
  fireworks: { keyHeader: "authorization" },
  "google-ai-studio": { keyHeader: "x-goog-api-key" },
  "google-vertex-ai": { keyHeader: "authorization" },
  grok: { keyHeader: "authorization" },
  groq: { keyHeader: "authorization" },
  huggingface: { keyHeader: "authorization" },
  ideogram: { keyHeader: "authorization" },
  mistral: { keyHeader: "authorization" },
  openai: { keyHeader: "authorization" },
  openrouter: { keyHeader: "authorization" },
  parallel: { keyHeader: "x-api-key" },
  "perplexity-ai": { keyHeader: "authorization" },
  replicate: { keyHeader: "authorization" },
  "workers-ai": { keyHeader: "authorization" },
} as const satisfies Record<string, { readonly keyHeader: string }>;

export type ProviderSlug = keyof typeof providers;

export const isProviderSlug = (slug: string): slug is ProviderSlug =>
  Object.hasOwn(providers, slug);

/** Every header a provider may read a credential from: part of what a cached answer belongs to. */
export const credentialHeaders = [
  ...new Set(Object.values(providers).map(({ keyHeader }) => keyHeader)),
] as readonly string[];
