import { expect, test } from "@jest/globals";
import { DEFAULT_RULE_ID } from "../../../emulator/terraform/cloudflare/ai-gateway-resource-schema.js";
import { account } from "./account.js";
import { describeWithTerraform } from "./terraform.js";

const address = "cloudflare_ai_gateway.one";

/** All that the API answers for a gateway nobody configured; what is not written is a change in every plan. */
const defaults = `
  cache_invalidate_on_update = false
  cache_ttl                  = 0
  collect_logs               = true
  rate_limiting_interval     = 0
  rate_limiting_limit        = 0
  rate_limiting_technique    = "fixed"
  authentication             = false
  log_management             = 100000
  log_management_strategy    = "STOP_INSERTING"
  logpush                    = false
  store_id                   = ""
  dlp                        = { enabled = false, action = "FLAG", profiles = [] }
  zdr                        = false`;

describeWithTerraform("cloudflare_ai_gateway", () => {
  const here = account();
  here.providerVersion = "5.22.0";
  const gateway = (more = "") => `
    resource "cloudflare_ai_gateway" "one" {
      account_id = ACCOUNT
      id         = "native"
      ${Object.values(merged(more)).join("\n")}
    }`;

  test("is made, changed in place and removed, and every next plan is empty", async () => {
    await here.apply(gateway());
    const first = await here.plan();
    const { created_at } = await shown("native");

    await here.configure(gateway("cache_ttl = 60"));
    const change = await here.plan();
    await here.apply(gateway("cache_ttl = 60"));

    expect(first).toEqual({});
    expect(change).toEqual({ [address]: "update" });
    expect(await shown("native")).toMatchObject({ cache_ttl: 60, created_at });
    expect(await here.plan()).toEqual({});
    await here.succeed("destroy", "-auto-approve");
    expect((await here.api.call("GET", "/ai-gateway/gateways/native")).status).toBe(404);
  });

  test("is imported by account and id without a change", async () => {
    await here.api.call("POST", "/ai-gateway/gateways", {
      id: "native",
      cache_invalidate_on_update: false,
      cache_ttl: 0,
      collect_logs: true,
      rate_limiting_interval: 0,
      rate_limiting_limit: 0,
    });
    await here.configure(gateway());

    await here.succeed("import", address, `${here.api.state.accountId}/native`);

    expect(await here.plan()).toEqual({});
  });

  test("is changed by every plan where a setting the API answers is not written, as on Cloudflare", async () => {
    await here.apply(gateway("zdr = null"));

    expect(await here.plan()).toEqual({ [address]: "update" });
  });

  test("is made again when it was deleted behind Terraform's back", async () => {
    await here.apply(gateway());
    await here.api.call("DELETE", "/ai-gateway/gateways/native");

    expect(await here.plan()).toEqual({ [address]: "create" });
  });

  test("takes a retry delay to 5 seconds only, as the real one of 5.22", async () => {
    await here.configure(gateway("retry_max_attempts = 2\nretry_delay = 5001"));

    const { code, output } = await here.folder.run("plan");

    expect(code).toBe(1);
    expect(output).toMatch(/retry_delay/);
    expect(output).toMatch(/5000/);
  });

  test("gives every spend rule without an id the same one, so that two of them are refused", async () => {
    const rule = '{ limit = 1, limit_type = "cost", window = 60 }';
    const limits = (...rules: string[]) =>
      gateway(`spend_limits = { enabled = true, rules = [${rules.join(", ")}] }`);

    await here.apply(limits(rule));
    const planned = await here.plan();
    const { spend_limits } = await shown("native");
    await here.configure(limits(rule, rule));
    const refused = await here.folder.run("apply", "-auto-approve");

    expect(planned).toEqual({});
    expect(spend_limits).toMatchObject({ rules: [{ id: DEFAULT_RULE_ID, technique: "sliding" }] });
    expect(refused.code).toBe(1);
    expect(refused.output).toContain(`two spend limit rules with the id "${DEFAULT_RULE_ID}"`);
  });

  async function shown(id: string): Promise<Record<string, unknown>> {
    return (await here.api.call("GET", `/ai-gateway/gateways/${id}`)).json.result;
  }
});

/** Lines of arguments by name, the later ones first. */
function merged(more: string): Record<string, string> {
  const lines = `${defaults}\n${more}`.split("\n").filter((line) => line.includes("="));
  return Object.fromEntries(lines.map((line) => [line.trim().split(/\s/)[0], line]));
}
