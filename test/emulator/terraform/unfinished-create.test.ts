import { expect, test } from "@jest/globals";
import { bench, providers } from "./bench.js";
import { type Document, ok, refused } from "./rest-api.js";
import { describeWithTerraform } from "./terraform.js";

describeWithTerraform("what follows the request that makes an object", () => {
  const here = bench();

  const poll = (more = "") => `poll_create = {
      status_locator    = "body.[result.#(id==\\"$(body.id)\\").id]"
      status            = { success = "[\\"one\\"]", pending = ["[]"] }
      default_delay_sec = 0
      ${more}
    }`;
  const listed = (more = "") => `${providers(here)}
    resource "restful_resource" "gateway" {
      path            = "/accounts/a/gateways"
      create_query    = { made = ["now"] }
      create_selector = "result"
      read_path       = "$(path)?per_page=50"
      read_selector   = "result.#(id==\\"one\\").{id}"
      body            = { id = "one" }
      ${more}
    }`;
  const resources = (): unknown[] => here.folder.state().resources;

  test("a poll has the query of the request, not the one of the object's path", async () => {
    // GIVEN
    here.api.intercept = ({ method, path, body }) => {
      if (method === "GET") return undefined;
      if (path !== "/accounts/a/gateways?made=now") return undefined;
      here.api.gateways.set("one", JSON.parse(body.toString()) as Document);
      return ok({ id: "one" });
    };
    here.folder.configure(listed(poll()));
    // WHEN
    const applied = await here.folder.apply();
    // THEN
    expect(applied).toMatchObject({ code: 0 });
    expect(here.api.calls("GET")).toEqual([
      "GET /accounts/a/gateways?made=now",
      "GET /accounts/a/gateways?per_page=50",
    ]);
  });

  test("a poll with a path of its own is sent there, with the query of that path alone", async () => {
    // GIVEN
    here.folder.configure(listed(poll('url_locator = "exact./accounts/a/gateways?per_page=7"')));
    // WHEN
    const applied = await here.folder.apply();
    // THEN
    expect(applied).toMatchObject({ code: 0 });
    expect(here.api.calls("GET")).toEqual([
      "GET /accounts/a/gateways?per_page=7",
      "GET /accounts/a/gateways?per_page=50",
    ]);
  });

  test("an object whose poll fails is not in the state, as with the real provider", async () => {
    // GIVEN
    here.api.intercept = ({ method }) => (method === "GET" ? refused(500, 1, "Broken") : undefined);
    here.folder.configure(listed(poll()));
    // WHEN
    const applied = await here.folder.apply();
    here.api.intercept = () => undefined;
    const again = await here.folder.apply();
    // THEN
    expect(applied.output).toContain("Broken (code 1)");
    expect(resources()).toEqual([]);
    expect(again.output).toContain("Gateway one exists already");
  });

  test("an object that is not there right after it was made is not in the state", async () => {
    // GIVEN
    here.api.intercept = ({ method }) => (method === "GET" ? refused(404, 1, "Gone") : undefined);
    here.folder.configure(listed());
    // WHEN
    const applied = await here.folder.apply();
    // THEN
    expect(applied.code).toBe(1);
    expect(applied.output).toContain("Created, yet not there");
    expect(resources()).toEqual([]);
  });

  test("an object that cannot be read right after it was made is replaced", async () => {
    // GIVEN
    here.api.intercept = ({ method }) => (method === "GET" ? refused(500, 1, "Broken") : undefined);
    here.folder.configure(listed());
    // WHEN
    await here.folder.apply();
    here.api.intercept = () => undefined;
    const planned = await here.folder.plan();
    // THEN
    expect(planned.output).toContain("is tainted, so must be replaced");
  });
});
