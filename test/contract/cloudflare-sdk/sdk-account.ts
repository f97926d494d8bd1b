import Cloudflare from "cloudflare";
import { ManualClock } from "../../../emulator/clock.js";
import type { Emulator } from "../../../emulator/emulator-options.js";
import { startTestEmulator } from "../../emulator/start-test-emulator.js";
import { expectNoCanaryIn } from "../../secrets/scan-for-canaries.js";

/** The settings every new gateway must be sent with. */
export const gatewaySettings = {
  cache_invalidate_on_update: false,
  cache_ttl: 0,
  collect_logs: true,
  rate_limiting_interval: 0,
  rate_limiting_limit: 0,
} as const;

/** Where the SDK finds what belongs to a gateway. */
export interface Place {
  readonly account_id: string;
  readonly gateway_id: string;
}

/** An emulated account as a user of Cloudflare's own SDK has it: over HTTP, with a token. */
export class SdkAccount {
  readonly #emulator: Emulator;
  readonly clock: ManualClock;
  readonly client: Cloudflare;
  /** What the client has sent since the last look, such as "GET /ai-gateway/gateways?page=2". */
  readonly #sent: string[] = [];
  #names = 0;

  private constructor(emulator: Emulator, clock: ManualClock) {
    this.#emulator = emulator;
    this.clock = clock;
    this.client = this.clientWith(emulator.apiToken);
  }

  static async start(): Promise<SdkAccount> {
    const clock = new ManualClock();
    const emulator = await startTestEmulator({ clock, latencyMs: 0, announce: false });
    return new SdkAccount(emulator, clock);
  }

  /** The SDK's first argument of every call. */
  get account_id(): string {
    return this.#emulator.accountId;
  }

  get aiGatewayUrl(): string {
    return this.#emulator.aiGatewayUrl;
  }

  clientWith(apiToken: string): Cloudflare {
    return new Cloudflare({
      apiToken,
      baseURL: this.#emulator.apiUrl,
      maxRetries: 0,
      fetch: async (url, init) => {
        const { pathname, search } = new URL(String(url));
        const path = pathname.replace(/^.*\/accounts\/[^/]+/, "");
        this.#sent.push(`${init?.method?.toUpperCase()} ${path}${search}`);
        const answer = await fetch(url as string, init);
        if (!answer.ok) expectNoCanaryIn("an error of the API", await answer.clone().text());
        return answer;
      },
    });
  }

  /** What was sent since this was asked last. */
  takeSent(): readonly string[] {
    return this.#sent.splice(0);
  }

  /** A name nothing has yet. */
  name(prefix = "case"): string {
    this.#names += 1;
    return `${prefix}-${this.#names}`;
  }

  /** A gateway for one case alone. */
  async gateway(settings: object = {}): Promise<string> {
    const { account_id } = this;
    const id = this.name("gateway");
    await this.client.aiGateway.create({ account_id, id, ...gatewaySettings, ...settings });
    return id;
  }

  /** A gateway for one case alone, and the account. */
  async place(): Promise<Place> {
    return { account_id: this.account_id, gateway_id: await this.gateway() };
  }

  /** The account's Secrets Store, of which there can be one. */
  async store(): Promise<string> {
    const { account_id } = this;
    const { stores } = this.client.secretsStore;
    const [there] = (await stores.list({ account_id })).result;
    return (there ?? (await stores.create({ account_id, name: "keys" }))).id;
  }

  /** Sends one prompt through a gateway. @returns the id of its log. */
  async prompt(gatewayId: string, text = "Hello"): Promise<string> {
    const { aiGatewayUrl, account_id } = this;
    const response = await fetch(
      `${aiGatewayUrl}/${account_id}/${gatewayId}/workers-ai/@cf/meta/llama-3.1-8b-instruct`,
      {
        method: "POST",
        headers: {
          authorization: `Bearer ${this.#emulator.apiToken}`,
          "content-type": "application/json",
        },
        body: JSON.stringify({ prompt: text }),
      },
    );
    const answer = await response.text();
    const id = response.headers.get("cf-aig-log-id");
    if (!response.ok || id === null) throw new Error(`The prompt failed: ${answer}`);
    return id;
  }

  close(): Promise<void> {
    return this.#emulator.close();
  }
}
