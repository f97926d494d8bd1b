import { expect, test } from "@jest/globals";
import { programName } from "../../../emulator/program-name.js";
import { bench, providers, TOKEN } from "./bench.js";
import { gateway, plain, resource } from "./gateway-resource.js";
import { refused } from "./rest-api.js";
import { describeWithTerraform } from "./terraform.js";

describeWithTerraform("restful_resource", () => {
  const here = bench();
  const patch = (what: string) => `update_body_patches = [{ path = "x", ${what} }]`;

  test("two refusals for too many requests are waited out", async () => {
    // GIVEN
    let busy = 2;
    here.api.intercept = ({ method }) =>
      method === "POST" && busy-- > 0 ? refused(429, 971, "Slow down") : undefined;
    here.folder.configure(gateway(here, plain));
    // WHEN
    const applied = await here.folder.apply();
    // THEN
    expect(applied).toMatchObject({ code: 0 });
    expect(here.api.calls("POST")).toHaveLength(3);
  });

  test("a gateway somebody else made is refused with the API's words, never taken over", async () => {
    // GIVEN
    here.api.gateways.set("one", { id: "one", cache_ttl: 1 });
    here.folder.configure(gateway(here, plain));
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
    here.folder.configure(gateway(here, plain));
    // WHEN
    const applied = await here.folder.apply();
    here.api.intercept = () => undefined;
    const destroyed = await here.folder.run("destroy", "-auto-approve");
    // THEN
    expect(applied.output).toContain("Broken (code 1)");
    expect(destroyed).toMatchObject({ code: 0 });
    expect(here.api.gateways.size).toBe(0);
  });

  test("an API that is not there is named at once, with the reason and the way out", async () => {
    // GIVEN three retries that would take half a minute
    const patient = gateway(here, plain).replace("wait_in_sec = 0", "wait_in_sec = 8");
    here.folder.configure(patient);
    const { host } = new URL(here.api.url);
    await here.api.stop();
    // WHEN
    const begun = Date.now();
    const applied = await here.folder.apply();
    // THEN
    expect(patient).toContain("wait_in_sec = 8");
    expect(applied.code).toBe(1);
    expect(applied.output.replace(/[\s│]+/g, " ")).toContain(
      `ECONNREFUSED ${host}. Nothing is there: the stack may have been synthesized while the emulator was at another port. Run ${programName("cdktf synth")}, and this again.`,
    );
    expect(Date.now() - begun).toBeLessThan(20_000);
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
      here.folder.configure(gateway(here, plain, more));
      // WHEN
      const validated = await here.folder.run("validate");
      // THEN
      expect(validated.code).toBe(1);
      expect(validated.output).toContain(words);
    },
  );

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
