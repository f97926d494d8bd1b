/** Which Terraform providers a command uses. */
export const providerModes = ["embedded", "installed"] as const;
export type ProviderMode = (typeof providerModes)[number];

/** What a command needs to know of a running emulator. */
export interface EmulatorFacts {
  /** Base URL of the REST API, `…/client/v4`. */
  readonly apiUrl: string;
  /** Base URL of the gateways, `…/v1`, before account and gateway. */
  readonly aiGatewayUrl: string;
  readonly accountId: string;
  readonly apiToken: string;
  /** Value of `TF_REATTACH_PROVIDERS`. */
  readonly reattach: string;
}

/** The workspace a run against the emulator works in, unless the caller names one. */
export const EMULATOR_WORKSPACE = "emulator";

/**
 * Variables of the caller that must not reach a command run against the emulator: the real
 * provider refuses two kinds of credentials at once, and a key of a real account has no business here.
 */
const foreignCredentials = [
  "CLOUDFLARE_API_KEY",
  "CLOUDFLARE_EMAIL",
  "CLOUDFLARE_API_USER_SERVICE_KEY",
] as const;

/** What a command of this mode must not inherit. */
export const foreignVariables = (providers: ProviderMode): readonly string[] =>
  providers === "installed" ? [...foreignCredentials, "TF_REATTACH_PROVIDERS"] : foreignCredentials;

/**
 * The environment in which any command talks to the emulator instead of Cloudflare.
 *
 * A workspace of its own keeps the emulator's resources out of the state of the real ones, whatever
 * the backend: without it, one run here would overwrite what Terraform knows of the cloud.
 */
export function renderEnvironment(
  facts: EmulatorFacts,
  providers: ProviderMode,
  workspace: string = EMULATOR_WORKSPACE,
): Record<string, string> {
  return {
    CLOUDFLARE_BASE_URL: facts.apiUrl,
    CLOUDFLARE_API_TOKEN: facts.apiToken,
    CLOUDFLARE_ACCOUNT_ID: facts.accountId,
    TF_VAR_cloudflare_api_token: facts.apiToken,
    AI_GATEWAY_BASE_URL: facts.aiGatewayUrl,
    TF_WORKSPACE: workspace,
    // cdktf asks the registry for hashes of other platforms after each init; nothing here needs them.
    CDKTF_SKIP_PROVIDER_LOCK: "true",
    CHECKPOINT_DISABLE: "1",
    ...(providers === "embedded" ? { TF_REATTACH_PROVIDERS: facts.reattach } : {}),
  };
}

/** The caller's environment, turned towards the emulator: what a command is started with. */
export function commandEnvironment(
  own: Readonly<Record<string, string | undefined>>,
  facts: EmulatorFacts,
  providers: ProviderMode,
): Record<string, string | undefined> {
  const env: Record<string, string | undefined> = {
    ...own,
    ...renderEnvironment(facts, providers, own.TF_WORKSPACE),
  };
  for (const name of foreignVariables(providers)) delete env[name];
  return env;
}
