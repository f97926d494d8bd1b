import { expect, test } from "@jest/globals";
import { canary } from "../../secrets/canary.js";
import { bench, providers, required, TOKEN } from "./bench.js";
import { ok, refused } from "./rest-api.js";
import { describeWithTerraform } from "./terraform.js";

describeWithTerraform("restful_resource", () => {
  const here = bench();

  const gateway = (settings: string, more = "") =>
    providers(here) + resource("gateway", settings, more);
  const resource = (name: string, settings: string, more = "") => `
    resource "restful_resource" "${name}" {
      path            = "/accounts/a/gateways"
      create_selector = "result"
      read_path       = "$(path)/$(body.id)"
      read_selector   = "result.{id,cache_ttl,collect_logs,rules,nothing}"
      force_new_attrs = ["id"]
      output_attrs    = ["id"]
      body            = { ${settings} }
      ${more}
    }`;
  const patch = (what: string) => `update_body_patches = [{ path = "x", ${what} }]`;
  const plain = 'id = "one", cache_ttl = 60, collect_logs = true';

  test("a gateway is created once, and the next plan is empty", async () => {
    // GIVEN
    here.folder.configure(gateway(`${plain}, rules = [{ limit = 0.1 }], nothing = null`));
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
    const listed = gateway(plain, poll)
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
    here.folder.configure(gateway(plain));
    await here.folder.apply();
    here.folder.configure(gateway(plain.replace("60", "300")));
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
    here.folder.configure(gateway(plain));
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
    here.folder.configure(gateway(plain));
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
    here.folder.configure(gateway(plain));
    await here.folder.apply();
    here.folder.configure(gateway(plain.replace("one", "two")));
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
    here.folder.configure(gateway(plain));
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
    here.folder.configure(gateway(plain));
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
    here.folder.configure(gateway(plain));
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

  test("two refusals for too many requests are waited out", async () => {
    // GIVEN
    let busy = 2;
    here.api.intercept = ({ method }) =>
      method === "POST" && busy-- > 0 ? refused(429, 971, "Slow down") : undefined;
    here.folder.configure(gateway(plain));
    // WHEN
    const applied = await here.folder.apply();
    // THEN
    expect(applied).toMatchObject({ code: 0 });
    expect(here.api.calls("POST")).toHaveLength(3);
  });

  test("a gateway somebody else made is refused with the API's words, never taken over", async () => {
    // GIVEN
    here.api.gateways.set("one", { id: "one", cache_ttl: 1 });
    here.folder.configure(gateway(plain));
    // WHEN
    const applied = await here.folder.apply();
    // THEN
    expect(applied.code).toBe(1);
    expect(applied.output).toContain("Gateway one exists already (code 7409)");
    expect(applied.output).toContain("409");
    expect(applied.output).toContain("POST /accounts/a/gateways");
    expect(applied.output).not.toContain(TOKEN);
    expect(here.api.gateways.get("one")?.cache_ttl).toBe(1);
  });

  test("a gateway that was made but could not be read is kept in the state", async () => {
    // GIVEN
    here.api.intercept = ({ method }) => (method === "GET" ? refused(500, 1, "Broken") : undefined);
    here.folder.configure(gateway(plain));
    // WHEN
    const applied = await here.folder.apply();
    here.api.intercept = () => undefined;
    const destroyed = await here.folder.run("destroy", "-auto-approve");
    // THEN
    expect(applied.output).toContain("Broken (code 1)");
    expect(destroyed).toMatchObject({ code: 0 });
    expect(here.api.gateways.size).toBe(0);
  });

  test("an API that is not there is named, with the reason", async () => {
    // GIVEN
    here.folder.configure(gateway(plain));
    const { host } = new URL(here.api.url);
    await here.api.stop();
    // WHEN
    const applied = await here.folder.apply();
    // THEN
    expect(applied.code).toBe(1);
    expect(applied.output).toContain(`ECONNREFUSED ${host}`);
  });

  test.each([
    ["precheck_create", 'precheck_create = [{ mutex = "m" }]', "precheck_create is not emulated"],
    ["a wildcard", 'delete_path = "$(path)/$nope(body.id)"', '"nope" in $nope(body.id) is no'],
    ["two bodies", 'delete_body = {}\n delete_body_raw = "x"', "Two delete bodies"],
    ["a method", 'update_method = "put"', 'got "put", allowed are PUT, POST, PATCH'],
    ["a patch that sets nothing", patch(""), 'The patch of "x" needs one of raw_json and removed'],
    ["a patch of false", patch("removed = false"), "needs one of raw_json and removed = true"],
    ["a patch of both", patch('raw_json = "1", removed = true'), "needs one of raw_json and"],
    ["write-only", 'write_only_attrs = ["gone"]', '"gone" is not in the body'],
  ])(
    "what the embedded provider cannot do is refused, never ignored: %s",
    async (_, more, words) => {
      // GIVEN
      here.folder.configure(gateway(plain, more));
      // WHEN
      const validated = await here.folder.run("validate");
      // THEN
      expect(validated.code).toBe(1);
      expect(validated.output).toContain(words);
    },
  );

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

  test("Ctrl-C keeps what was made and ends at once what only waits", async () => {
    // GIVEN
    const arrived = new Promise<void>((resolve) => {
      here.api.intercept = async ({ method, body }) => {
        if (method !== "POST") return undefined;
        if (body.includes("waiting")) return refused(429, 971, "Slow down");
        resolve();
        await new Promise((done) => setTimeout(done, 700));
        return undefined;
      };
    });
    here.folder.configure(
      providers(here).replace("wait_in_sec = 0", "wait_in_sec = 60") +
        resource("slow", plain) +
        resource("waiting", plain.replace("one", "waiting")),
    );
    // WHEN
    const child = here.folder.start("apply", "-auto-approve");
    const finished = here.folder.finish(child);
    await Promise.race([arrived, finished]);
    const begun = Date.now();
    child.kill("SIGINT");
    const run = await finished;
    // THEN
    expect(run.code).toBe(1);
    expect(Date.now() - begun).toBeLessThan(20_000); // The wait alone is a minute.
    expect(
      here.folder.state().resources.map(({ instances }) => instances[0]?.attributes.id),
    ).toEqual(["/accounts/a/gateways/one"]);
    expect([...here.api.gateways.keys()]).toEqual(["one"]);
  });
});
