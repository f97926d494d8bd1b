import { expect, test } from "@jest/globals";
import { canary } from "../../secrets/canary.js";
import { bench, providers } from "./bench.js";
import { refused } from "./rest-api.js";
import { describeWithTerraform } from "./terraform.js";

const ROTATED = canary("an ephemeral value, rotated");
const SECRET = canary("an ephemeral value");

describeWithTerraform("ephemeral_body", () => {
  const here = bench();

  const variables = `
    variable "key" {
      type      = string
      ephemeral = true
    }`;
  const script = `
    resource "cloudflare_workers_script" "worker" {
      account_id    = "a"
      script_name   = "chat"
      content       = "export default {}"
      main_module   = "worker.js"
      keep_bindings = ["secret_text"]
    }`;
  const secretResource = `
    resource "restful_resource" "secret" {
      path            = "/accounts/a/workers/scripts/\${cloudflare_workers_script.worker.script_name}/secrets"
      create_method   = "PUT"
      update_path     = "$(path)"
      create_selector = "result"
      read_selector   = "result"
      read_path       = "$(path)/$(body.name)"
      delete_path     = "$(path)/$(body.name)"
      body            = { name = "API_KEY", type = "secret_text" }
      ephemeral_body  = { text = var.key }
    }`;
  const configure = () => {
    here.folder.configure(providers(here) + variables + script + secretResource);
    here.folder.variables = { key: SECRET };
  };
  const stored = () => here.api.workers.scripts.get("chat")?.secrets.get("API_KEY");

  test("a secret reaches the API and is in neither plan nor state", async () => {
    // GIVEN
    configure();
    // WHEN
    await here.folder.run("plan", "-out", "saved.plan");
    const shown = await here.folder.run("show", "-json", "saved.plan");
    await here.folder.apply("saved.plan");
    // THEN
    expect(stored()).toBe(SECRET);
    expect(shown.output).toContain("API_KEY");
    expect(shown.output).not.toContain(SECRET);
    expect(here.folder.file("terraform.tfstate")).not.toContain(SECRET);
    expect(await here.folder.plan()).toMatchObject({ code: 0 });
  });

  test("another secret is noticed and sent, and the plan after that is empty", async () => {
    // GIVEN
    configure();
    await here.folder.apply();
    here.folder.variables = { key: ROTATED };
    // WHEN
    const planned = await here.folder.plan();
    await here.folder.apply();
    // THEN
    expect(planned.code).toBe(2);
    expect(planned.output).toContain("restful_resource.secret will be updated in-place");
    expect(stored()).toBe(ROTATED);
    expect(await here.folder.plan()).toMatchObject({ code: 0 });
  });

  test("a secret removed outside is set again", async () => {
    // GIVEN
    configure();
    await here.folder.apply();
    here.api.workers.scripts.get("chat")?.secrets.clear();
    // WHEN
    const planned = await here.folder.plan();
    await here.folder.apply();
    // THEN
    expect(planned.output).toContain("restful_resource.secret will be created");
    expect(stored()).toBe(SECRET);
  });

  test("a new version of the code keeps the secret", async () => {
    // GIVEN
    configure();
    await here.folder.apply();
    here.folder.configure(
      providers(here) +
        variables +
        script.replace("default {}", "default { a: 1 }") +
        secretResource,
    );
    // WHEN
    await here.folder.apply();
    // THEN
    expect(stored()).toBe(SECRET);
    expect(await here.folder.plan()).toMatchObject({ code: 0 });
  });

  test("an error that echoes the secret is shown without it", async () => {
    // GIVEN
    configure();
    here.api.intercept = ({ path, body }) =>
      path.endsWith("/secrets")
        ? refused(400, 10021, `Not good: ${JSON.parse(body.toString("utf8")).text}`)
        : undefined;
    // WHEN
    const applied = await here.folder.apply();
    // THEN
    expect(applied.output).toContain("Not good: (secret) (code 10021)");
    expect(applied.output).not.toContain(SECRET);
  });

  test("a key in body and ephemeral_body is refused", async () => {
    // GIVEN
    configure();
    here.folder.configure(
      providers(here) +
        variables +
        script +
        secretResource.replace("{ text =", "{ name = 1, text ="),
    );
    // WHEN
    const planned = await here.folder.plan();
    // THEN
    expect(planned.code).toBe(1);
    expect(planned.output).toContain("body and ephemeral_body overlap");
  });

  test("an operation sends the whole document with the secret, and again when it rotates", async () => {
    // GIVEN
    const operation = `
      resource "restful_operation" "settings" {
        path           = "/accounts/a/gateways/one"
        method         = "PUT"
        body           = { id = "one", cache_ttl = 5 }
        ephemeral_body = { logpush = { key = var.key } }
        output_attrs   = ["success"]
      }`;
    here.api.gateways.set("one", { id: "one" });
    here.folder.configure(providers(here) + variables + operation);
    here.folder.variables = { key: SECRET };
    // WHEN
    await here.folder.apply();
    const second = await here.folder.plan();
    here.folder.variables = { key: ROTATED };
    await here.folder.apply();
    // THEN
    expect(second).toMatchObject({ code: 0 });
    expect(here.folder.file("terraform.tfstate")).not.toMatch(/sk-/);
    const bodies = here.api.requests.map(({ body }) => JSON.parse(body.toString("utf8")));
    expect(bodies).toEqual([
      { id: "one", cache_ttl: 5, logpush: { key: SECRET } },
      { id: "one", cache_ttl: 5, logpush: { key: ROTATED } },
    ]);
    expect(await here.folder.plan()).toMatchObject({ code: 0 });
  });
});
