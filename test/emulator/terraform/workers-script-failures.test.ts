import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { bench, TOKEN } from "./bench.js";
import { code, DeclaredScript } from "./declared-script.js";
import { refused } from "./rest-api.js";
import { describeWithTerraform } from "./terraform.js";

describeWithTerraform("cloudflare_workers_script", () => {
  const here = bench({ CLOUDFLARE_API_TOKEN: TOKEN });
  const script = new DeclaredScript(here);

  test("a hash that is not the file's is refused while planning", async () => {
    // GIVEN
    script.bundle("other");
    here.folder.configure(script.configuration(code));
    // WHEN
    const planned = await here.folder.plan();
    // THEN
    expect(planned.code).toBe(1);
    expect(planned.output).toContain("content_sha256 does not match");
    expect(here.api.requests).toEqual([]);
  });

  test("a file that is not there is named with the places looked at", async () => {
    // GIVEN
    here.folder.configure(script.configuration(code));
    // WHEN
    const planned = await here.folder.plan();
    // THEN
    expect(planned.output).toContain("content_file cannot be read");
    expect(planned.output.replace(/\s/g, "")).toContain(join(here.folder.path, "bundle/worker.js"));
  });

  test("server errors are retried twice, then shown in the API's words without the token", async () => {
    // GIVEN
    here.api.intercept = ({ method, path }) =>
      method === "PUT" && path.endsWith("/chat")
        ? refused(500, 10013, `No luck, Bearer ${TOKEN}`)
        : undefined;
    // WHEN
    const applied = await script.deploy();
    // THEN
    expect(script.uploads()).toHaveLength(3);
    expect(applied.output).toContain("No luck, Bearer (secret) (code 10013)");
    expect(applied.output).toContain("PUT /accounts/a/workers/scripts/chat");
    expect(applied.output).not.toContain(TOKEN);
  });

  test.each([
    ["binding type", '{ type = "ai"', '{ type = "magic"', 'bindings[0].type: got "magic"'],
    ["token", "= var.api_token", '= "too-short"', "Invalid api_token"],
    ["no hash", "content_sha256 ", "// ", "content_file without content_sha256"],
  ])("what the real provider refuses is refused: %s", async (_, from, to, words) => {
    // GIVEN
    script.bundle(code);
    here.folder.configure(script.configuration(code).replaceAll(from, to));
    // WHEN
    const validated = await here.folder.run("validate");
    // THEN
    expect(validated.code).toBe(1);
    expect(validated.output.replace(/\s+/g, " ")).toContain(words);
  });
});
