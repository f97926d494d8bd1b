import { expect, test } from "@jest/globals";
import { canary } from "../../secrets/canary.js";
import { bench, providers, required, TOKEN } from "./bench.js";
import { gateway, plain } from "./gateway-resource.js";
import { ok } from "./rest-api.js";
import { describeWithTerraform } from "./terraform.js";

describeWithTerraform("restful_resource", () => {
  const here = bench();

  test("a gateway is created once, and the next plan is empty", async () => {
    // GIVEN
    here.folder.configure(gateway(here, `${plain}, rules = [{ limit = 0.1 }], nothing = null`));
    // WHEN
    const applied = await here.folder.apply();
    const planned = await here.folder.plan();
    // THEN
    expect(applied.output).toContain("1 added");
    expect(planned).toMatchObject({ code: 0 });
    expect(here.api.gateways.get("one")).toMatchObject({
      cache_ttl: 60,
      rules: [{ limit: 0.1 }],
      nothing: null,
    });
    expect(here.api.calls().slice(0, 2)).toEqual([
      "POST /accounts/a/gateways",
      "GET /accounts/a/gateways/one",
    ]);
    expect(here.api.requests.every(({ token }) => token === TOKEN)).toBe(true);
  });

  test("an object that is not listed at once is waited for", async () => {
    // GIVEN an API that shows a new gateway only when it is asked a second time
    let looks = 0;
    here.api.intercept = ({ method }) => (method === "GET" && looks++ === 0 ? ok([]) : undefined);
    const poll = `poll_create = {
      status_locator    = "body.[result.#(id==\\"$(body.id)\\").id]"
      status            = { success = "[\\"one\\"]", pending = ["[]"] }
      default_delay_sec = 0
    }`;
    const listed = gateway(here, plain, poll)
      .replace('"$(path)/$(body.id)"', '"$(path)"')
      .replace('"result.{', '"result.#(id==\\"$(body.id)\\").{');
    here.folder.configure(listed);
    // WHEN
    await here.folder.apply();
    // THEN
    expect(here.api.calls("GET")).toHaveLength(3);
    expect(await here.folder.plan()).toMatchObject({ code: 0 });
  });

  test("a list with one object is changed by what its update is to send", async () => {
    // GIVEN an object that is made by a list, as some APIs want it, and changed by itself
    const stored: Record<string, unknown>[] = [];
    here.api.intercept = ({ method, path, body }) => {
      if (path !== "/accounts/a/secrets" && path !== "/accounts/a/secrets/s1") return undefined;
      const given = body.length > 0 ? JSON.parse(body.toString()) : undefined;
      if (method === "POST") stored.push({ id: "s1", ...given[0] });
      if (method === "PATCH") Object.assign(stored[0] as object, given);
      const { value, ...shown } = stored[0] as Record<string, unknown>;
      return ok(method === "POST" ? [shown] : shown);
    };
    const secret = (scope: string) => `${providers(here)}
      resource "restful_resource" "secret" {
        path                 = "/accounts/a/secrets"
        create_selector      = "result.0"
        read_path            = "$(path)/$(body.id)"
        read_selector        = "[result.{name,scopes}]"
        update_method        = "PATCH"
        merge_patch_disabled = true
        update_body_patches  = [{ path = "", raw_json = jsonencode({ scopes = ["${scope}"] }) }]
        force_new_attrs      = ["0.name"]
        write_only_attrs     = ["0.text"]
        body                 = [{ name = "KEY", scopes = ["${scope}"], text = "later" }]
      }`;
    here.folder.configure(secret("workers"));
    await here.folder.apply();
    expect(await here.folder.plan()).toMatchObject({ code: 0 });
    // WHEN
    here.folder.configure(secret("ai_gateway"));
    const planned = await here.folder.plan();
    await here.folder.apply();
    // THEN
    expect(planned.output).toContain("will be updated in-place");
    expect(stored).toEqual([{ id: "s1", name: "KEY", scopes: ["ai_gateway"], text: "later" }]);
    expect(await here.folder.plan()).toMatchObject({ code: 0 });
    here.folder.configure(secret("ai_gateway").replace('"KEY"', '"OTHER"'));
    expect((await here.folder.plan()).output).toContain("must be replaced");
  });

  test("a changed setting is an update in place that shows this key only", async () => {
    // GIVEN
    here.folder.configure(gateway(here, plain));
    await here.folder.apply();
    here.folder.configure(gateway(here, plain.replace("60", "300")));
    // WHEN
    const planned = await here.folder.plan();
    await here.folder.apply();
    // THEN
    expect(planned.output).toContain("will be updated in-place");
    expect(planned.output).toMatch(/~ cache_ttl\s+= 60 -> 300/);
    expect(planned.output).not.toContain("collect_logs ");
    expect(here.api.gateways.get("one")?.cache_ttl).toBe(300);
    expect(await here.folder.plan()).toMatchObject({ code: 0 });
  });

  test("what somebody changed behind Terraform's back is seen and repaired", async () => {
    // GIVEN
    here.folder.configure(gateway(here, plain));
    await here.folder.apply();
    here.api.gateways.set("one", { ...here.api.gateways.get("one"), collect_logs: false });
    // WHEN
    const planned = await here.folder.plan();
    await here.folder.apply();
    // THEN
    expect(planned.code).toBe(2);
    expect(planned.output).toMatch(/~ collect_logs\s+= false -> true/);
    expect(planned.output).not.toMatch(/[~+-] cache_ttl/);
    expect(here.api.gateways.get("one")?.collect_logs).toBe(true);
  });

  test("a value of another type is drift of that key alone", async () => {
    // GIVEN
    here.folder.configure(gateway(here, plain));
    await here.folder.apply();
    here.api.gateways.set("one", { ...here.api.gateways.get("one"), cache_ttl: "soon" });
    // WHEN
    const planned = await here.folder.plan();
    // THEN
    expect(planned.output).toMatch(/~ cache_ttl\s+= "soon" -> 60/);
    expect(planned.output).not.toMatch(/[~+-] collect_logs/);
  });

  test("another id replaces the gateway", async () => {
    // GIVEN
    here.folder.configure(gateway(here, plain));
    await here.folder.apply();
    here.folder.configure(gateway(here, plain.replace("one", "two")));
    // WHEN
    const planned = await here.folder.plan();
    here.api.requests = [];
    await here.folder.apply();
    // THEN
    expect(planned.output).toContain("must be replaced");
    expect([...here.api.gateways.keys()]).toEqual(["two"]);
    expect(here.api.calls().filter((call) => !call.startsWith("GET"))).toEqual([
      "DELETE /accounts/a/gateways/one",
      "POST /accounts/a/gateways",
    ]);
  });

  test("destroy removes the gateway", async () => {
    // GIVEN
    here.folder.configure(gateway(here, plain));
    await here.folder.apply();
    // WHEN
    const destroyed = await here.folder.run("destroy", "-auto-approve");
    // THEN
    expect(destroyed).toMatchObject({ code: 0 });
    expect(here.api.gateways.size).toBe(0);
  });

  test("an imported gateway needs no call to fit its configuration", async () => {
    // GIVEN
    here.api.gateways.set("one", {
      id: "one",
      cache_ttl: 60,
      collect_logs: true,
      created_at: "then",
    });
    here.folder.configure(gateway(here, plain));
    const id = JSON.stringify({
      id: "/accounts/a/gateways/one",
      path: "/accounts/a/gateways",
      body: { id: null, cache_ttl: null, collect_logs: null },
      read_selector: "result.{id,cache_ttl,collect_logs,rules,nothing}",
    });
    // WHEN
    const imported = await here.folder.run("import", "restful_resource.gateway", id);
    const applied = await here.folder.apply();
    // THEN
    expect(imported).toMatchObject({ code: 0 });
    expect(applied.output).not.toContain("1 added");
    expect(here.api.calls("PUT")).toEqual([]);
    expect(here.api.calls("POST")).toEqual([]);
    expect(await here.folder.plan()).toMatchObject({ code: 0 });
  });

  test("a gateway deleted outside is planned anew", async () => {
    // GIVEN
    here.folder.configure(gateway(here, plain));
    await here.folder.apply();
    here.api.gateways.clear();
    // WHEN
    const planned = await here.folder.plan();
    const applied = await here.folder.apply();
    // THEN
    expect(planned.code).toBe(2);
    expect(planned.output).toContain("will be created");
    expect(applied).toMatchObject({ code: 0 });
    expect(here.api.gateways.has("one")).toBe(true);
  });

  test("two aliases keep their tokens apart", async () => {
    // GIVEN
    const tokenOf = (name: string) => canary(`the token of ${name}`);
    const alias = (name: string) => `
      provider "restful" {
        alias    = "${name}"
        base_url = "${here.api.url}"
        security = { http = { token = { token = "${tokenOf(name)}" } } }
      }
      resource "restful_resource" "${name}" {
        provider        = restful.${name}
        path            = "/accounts/a/gateways"
        create_selector = "result"
        read_path       = "$(path)/$(body.id)"
        read_selector   = "result.{id}"
        body            = { id = "${name}" }
      }`;
    here.folder.configure(`${required}${alias("one")}${alias("two")}`);
    // WHEN
    await here.folder.apply();
    // THEN
    const tokens = (name: string) =>
      here.api.requests
        .filter(({ path, body }) => `${path}${body}`.includes(name))
        .map(({ token }) => token);
    expect(new Set(tokens("one"))).toEqual(new Set([tokenOf("one")]));
    expect(new Set(tokens("two"))).toEqual(new Set([tokenOf("two")]));
  });
});
