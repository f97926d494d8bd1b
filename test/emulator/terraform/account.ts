import { afterAll, afterEach, beforeAll, beforeEach, jest } from "@jest/globals";
import {
  startTerraformProviders,
  type TerraformProviders,
} from "../../../emulator/terraform/serve.js";
import { type Api, startApi, upload } from "../control-plane/start-api.js";
import { type Run, TerraformFolder } from "./terraform.js";

/** `TEST_PROVIDERS=installed` runs these tests with the real provider, from a registry or a mirror. */
const installed = process.env.TEST_PROVIDERS === "installed";

/** An emulated account, and a folder whose configuration is applied to it. */
export class Account {
  api!: Api;
  folder!: TerraformFolder;
  /** Version constraint of the provider, where the real one is used. */
  providerVersion = "5.14.0";

  /** Writes the configuration below the provider's. */
  async configure(resources: string): Promise<void> {
    this.folder.configure(`
      terraform {
        required_providers {
          cloudflare = {
            source  = "cloudflare/cloudflare"
            version = "${this.providerVersion}"
          }
        }
      }
      variable "api_token" {
        type      = string
        sensitive = true
        ephemeral = true
      }
      provider "cloudflare" {
        base_url  = "${this.api.origin}/client/v4"
        api_token = var.api_token
      }
      ${resources.replaceAll("ACCOUNT", `"${this.api.state.accountId}"`)}`);
    if (installed) await this.succeed("init");
  }

  async apply(resources: string): Promise<Run> {
    await this.configure(resources);
    return this.succeed("apply", "-auto-approve");
  }

  /** What Terraform would do to each resource; nothing for one that stays. */
  async plan(): Promise<Record<string, string>> {
    await this.succeed("plan", "-out=plan");
    const shown = JSON.parse((await this.succeed("show", "-json", "plan")).output);
    const changes: { address: string; change: { actions: string[] } }[] = shown.resource_changes;
    return Object.fromEntries(
      (changes ?? [])
        .map(({ address, change }) => [address, change.actions.join("+")] as const)
        .filter(([, actions]) => actions !== "no-op"),
    );
  }

  /** Attributes of a resource in the state. */
  state(type: string): Record<string, unknown> {
    const found = this.folder.state().resources.find((resource) => resource.type === type);
    return found?.instances[0]?.attributes ?? {};
  }

  async succeed(...args: [string, ...string[]]): Promise<Run> {
    const run = await this.folder.run(...args);
    if (run.code !== 0) throw new Error(`terraform ${args.join(" ")}: ${run.output}`);
    return run;
  }

  /** Uploads a Worker that has nothing to do with Terraform. */
  async deployWorker(name: string): Promise<void> {
    const code = "export default { fetch: () => new Response('ok'), queue() {} };";
    const body = upload({ main_module: "main.js" }, { "main.js": code });
    await this.api.call("PUT", `/workers/scripts/${name}`, body);
  }
}

/** A new account and an empty folder for each test, both gone after it. */
export function account(): Account {
  jest.setTimeout(installed ? 180_000 : 60_000); // Terraform takes tenths of a second; a busy machine, more.
  const parts = new Account();
  let providers: TerraformProviders | undefined;
  beforeAll(async () => {
    if (!installed) {
      providers = await startTerraformProviders({ environment: {}, workingDirectories: [] });
    }
  });
  afterAll(() => providers?.close());
  beforeEach(async () => {
    parts.api = await startApi();
    parts.folder = new TerraformFolder(providers?.reattach, {
      TF_VAR_api_token: parts.api.state.apiToken,
    });
  });
  afterEach(async () => {
    await parts.api.close();
    await parts.folder.remove();
  });
  return parts;
}
