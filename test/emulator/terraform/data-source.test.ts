import { expect, test } from "@jest/globals";
import { bench, providers } from "./bench.js";
import { describeWithTerraform } from "./terraform.js";

describeWithTerraform("data.restful_resource", () => {
  const here = bench();

  const read = (more: string) => `${providers(here)}
    data "restful_resource" "found" {
      id = "/accounts/a/gateways"
      ${more}
    }
    output "found" { value = data.restful_resource.found.output }`;
  const found = async () =>
    JSON.parse((await here.folder.run("output", "-json", "found")).output.trim());

  test("picks one object of a list and the attributes asked for", async () => {
    // GIVEN
    here.api.gateways.set("one", { id: "one", cache_ttl: 1, more: true });
    here.api.gateways.set("two", { id: "two", cache_ttl: 2, more: true });
    here.folder.configure(
      read('selector = "result.#(id==\\"two\\")"\n output_attrs = ["id", "cache_ttl"]'),
    );
    // WHEN
    await here.folder.apply();
    // THEN
    expect(await found()).toEqual({ id: "two", cache_ttl: 2 });
  });

  test("what is not there is an error, unless the configuration allows it", async () => {
    // GIVEN
    here.folder.configure(read("").replace("gateways", "gateways/none"));
    // WHEN
    const refused = await here.folder.plan();
    here.folder.configure(read("allow_not_exist = true").replace("gateways", "gateways/none"));
    const allowed = await here.folder.apply();
    // THEN
    expect(refused.output).toContain("Gateway not found (code 7002)");
    expect(refused.output).toContain("GET /accounts/a/gateways/none");
    expect(allowed).toMatchObject({ code: 0 });
  });

  test("a selector outside of the subset is refused before anything is read", async () => {
    // GIVEN
    here.folder.configure(read('selector = "result.*.id"'));
    // WHEN
    const planned = await here.folder.plan();
    // THEN
    expect(planned.code).toBe(1);
    expect(planned.output).toContain('"*" is not supported');
    expect(here.api.requests).toEqual([]);
  });
});
