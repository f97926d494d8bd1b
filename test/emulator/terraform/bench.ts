import { afterAll, afterEach, beforeAll, beforeEach, jest } from "@jest/globals";
import {
  startTerraformProviders,
  type TerraformProviders,
} from "../../../emulator/terraform/serve.js";
import { canary } from "../../secrets/canary.js";
import { RestApi } from "./rest-api.js";
import { TerraformFolder } from "./terraform.js";

/** At least 40 characters, as the real provider asks for. */
export const TOKEN = canary("the API token");

export interface Bench {
  api: RestApi;
  folder: TerraformFolder;
}

/** An API and an empty folder for each test, both gone after it; one set of providers for all. */
export function bench(environment: Record<string, string> = {}): Bench {
  jest.setTimeout(60_000); // Terraform takes tenths of a second; a busy machine, more.
  const parts = {} as Bench;
  let providers: TerraformProviders;
  beforeAll(async () => {
    providers = await startTerraformProviders({ environment, workingDirectories: [] });
  });
  afterAll(() => providers.close());
  beforeEach(async () => {
    parts.api = new RestApi();
    await parts.api.start();
    parts.folder = new TerraformFolder(providers.reattach, { TF_VAR_api_token: TOKEN });
  });
  afterEach(async () => {
    await parts.api.stop();
    await parts.folder.remove();
  });
  return parts;
}

export const required = `
terraform {
  required_providers {
    restful    = { source = "magodo/restful", version = "0.25.2" }
    cloudflare = { source = "cloudflare/cloudflare", version = "5.14.0" }
  }
}
`;

/** Both providers, pointed at the API of the test. */
export const providers = ({ api }: Bench): string => `${required}
variable "api_token" {
  type      = string
  sensitive = true
  ephemeral = true
}
provider "restful" {
  base_url = "${api.url}"
  security = { http = { token = { token = var.api_token } } }
  client   = { retry = { status_codes = [429], count = 3, wait_in_sec = 0 } }
}
provider "cloudflare" {
  base_url  = "${api.url}"
  api_token = var.api_token
}
`;
