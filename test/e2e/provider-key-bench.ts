import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "@jest/globals";
import { TerraformOutput } from "cdktf";
import { AiGateway, ProviderKey, type ProviderKeyProps, SecretVariable } from "../../lib/index.js";
import { canary } from "../secrets/canary.js";
import { expectNoCanaryIn } from "../secrets/scan-for-canaries.js";
import { type ResourceChange, Workbench } from "./workbench.js";

export const KEY = canary("a provider's key");

type Row = Record<string, unknown>;

export type KeySettings = Partial<Omit<ProviderKeyProps, "gateway" | "secret">> & {
  readonly gatewayId?: string;
  readonly importFrom?: readonly [configId: string, secretId: string];
};

/** A provider's key of the gateway "keys", whose secret is in a store that was there before. */
export class ProviderKeyBench {
  readonly bench: Workbench;
  readonly storeId: string;

  private constructor(bench: Workbench, storeId: string) {
    this.bench = bench;
    this.storeId = storeId;
  }

  static async start(): Promise<ProviderKeyBench> {
    const bench = await Workbench.start();
    const made = await bench.api("POST", "/secrets_store/stores", [{ name: "default" }]);
    bench.variables.TF_VAR_openai_api_key = KEY;
    return new ProviderKeyBench(bench, (made.body.result as { id: string }[])[0]?.id ?? "");
  }

  /** @param settings None: the gateway alone. */
  declare(settings?: KeySettings): void {
    this.bench.synth((stack) => {
      const { gatewayId = "keys", importFrom, ...props } = settings ?? {};
      const gateway = new AiGateway(stack, "gateway", { gatewayId, storeId: this.storeId });
      const secret = new SecretVariable(stack, "openai_api_key");
      if (settings === undefined) return;
      const key = new ProviderKey(stack, "key", {
        gateway,
        providerSlug: "openai",
        secret,
        ...props,
      });
      if (importFrom !== undefined) key.importFrom(...importFrom);
      new TerraformOutput(stack, "config_id", { value: key.providerConfigId });
    });
  }

  async deploy(): Promise<void> {
    const { stdout, stderr } = await this.bench.apply();
    expectNoCanaryIn("what apply printed", stdout + stderr);
    expectNoCanaryIn("the state", await this.bench.readState());
  }

  /** Deploys, and looks before and after at what is to be done. @returns what was done to the key */
  async apply(): Promise<Record<string, string>> {
    const planned = await this.bench.plan();
    const synthesized = await readFile(join(this.bench.stackDirectory, "cdk.tf.json"), "utf8");
    expectNoCanaryIn("a plan", planned.text);
    expectNoCanaryIn("what synth wrote", synthesized);
    await this.deploy();
    expect((await this.bench.plan()).changes).toEqual([]);
    return actionsOnKey(planned.changes);
  }

  async configs(gateway = "keys"): Promise<Row[]> {
    const path = `/ai-gateway/gateways/${gateway}/provider_configs`;
    return (await this.bench.api("GET", path)).body.result as Row[];
  }

  get secretsPath(): string {
    return `/secrets_store/stores/${this.storeId}/secrets`;
  }

  async secrets(): Promise<Row[]> {
    return (await this.bench.api("GET", this.secretsPath)).body.result as Row[];
  }

  /** What is in the store, which only a Worker that binds it can tell. */
  async storedValue(): Promise<string> {
    const [{ id, name } = {}] = await this.secrets();
    const secret = `${this.secretsPath}/${id}`;
    await this.bench.api("PATCH", secret, { scopes: ["ai_gateway", "workers"] });
    const store = { store_id: this.storeId, secret_name: name };
    const metadata = {
      main_module: "m.js",
      compatibility_date: "2026-01-01",
      bindings: [{ type: "secrets_store_secret", name: "KEY", ...store }],
    };
    const form = new FormData();
    form.set("metadata", JSON.stringify(metadata));
    const code = "export default { fetch: async (_, env) => new Response(await env.KEY.get()) };";
    form.set("m.js", new File([code], "m.js", { type: "application/javascript+module" }));
    const { apiUrl, accountId, apiToken } = this.bench.emulator;
    const uploaded = await fetch(`${apiUrl}/accounts/${accountId}/workers/scripts/peek`, {
      method: "PUT",
      headers: { authorization: `Bearer ${apiToken}` },
      body: form,
    });
    expect(uploaded.status).toBe(200);
    await this.bench.api("POST", "/workers/scripts/peek/subdomain", { enabled: true });
    const { body } = await this.bench.api("GET", "/emulator/workers/peek");
    const value = await (await fetch((body.result as { url: string }).url)).text();
    await this.bench.api("DELETE", "/workers/scripts/peek");
    await this.bench.api("PATCH", secret, { scopes: ["ai_gateway"] });
    return value;
  }
}

/** What a plan does to the parts of the key, by the kind of part. */
const actionsOnKey = (changes: readonly ResourceChange[]): Record<string, string> =>
  Object.fromEntries(
    changes
      .filter(({ address }) => /\.key_/.test(address))
      .map(({ address, change }) => [
        address.replace(
          /^.*\.key_([A-Za-z]+?)(?:-?(?:openai|anthropic).*?)?(Declared)?_.*$/,
          "$1$2",
        ),
        change.actions.join(" then "),
      ]),
  );
