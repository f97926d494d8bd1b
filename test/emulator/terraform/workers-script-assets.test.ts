import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { canary } from "../../secrets/canary.js";
import { bench, TOKEN } from "./bench.js";
import { code, DeclaredScript } from "./declared-script.js";
import { describeWithTerraform } from "./terraform.js";

describeWithTerraform("cloudflare_workers_script", () => {
  const JWT = canary("the token of an upload");
  const here = bench({ CLOUDFLARE_API_TOKEN: TOKEN });
  const script = new DeclaredScript(here);

  test("assets are uploaded once, by content, and take a change of folder", async () => {
    // GIVEN
    const assets = (folder: string) => `
      assets = {
        directory = "${folder}"
        config    = { headers = "/*\\n  X-A: 1", not_found_handling = "404-page", run_worker_first = ["/api/*"] }
      }`;
    const site = (folder: string, page: string) => {
      mkdirSync(join(here.folder.path, folder, "deep"), { recursive: true });
      here.folder.write(`${folder}/index.html`, page);
      here.folder.write(`${folder}/deep/style.css`, "body{}");
    };
    site("one", "<h1>one</h1>");
    site("two", "<h1>two</h1>");
    // WHEN
    const first = await script.deploy(assets("one"));
    const second = await here.folder.plan();
    here.folder.configure(script.configuration(code, assets("two")));
    const changed = await here.folder.apply();
    // THEN
    expect(first).toMatchObject({ code: 0 });
    expect(second).toMatchObject({ code: 0 });
    expect(changed).toMatchObject({ code: 0 });
    expect([...here.api.workers.assets.values()].sort()).toEqual([
      "<h1>one</h1>",
      "<h1>two</h1>",
      "body{}",
    ]);
    expect(here.api.calls("POST").filter((call) => call.includes("assets/upload"))).toHaveLength(3);
    expect(script.metadata(0).assets).toEqual({
      jwt: JWT,
      config: {
        _headers: "/*\n  X-A: 1",
        not_found_handling: "404-page",
        run_worker_first: ["/api/*"],
      },
    });
    expect(here.folder.file("terraform.tfstate")).not.toContain(JWT);
  });

  test("files changed under the same path are uploaded, with a warning", async () => {
    // GIVEN
    const assets = 'assets = { directory = "site" }';
    mkdirSync(join(here.folder.path, "site"));
    here.folder.write("site/index.html", "one");
    await script.deploy(assets);
    here.folder.write("site/index.html", "two");
    // WHEN
    const applied = await here.folder.apply();
    // THEN
    expect(applied.code).toBe(0);
    expect(applied.output).toContain("Assets changed in place");
    expect([...here.api.workers.assets.values()]).toContain("two");
    expect(await here.folder.plan()).toMatchObject({ code: 0 });
  });
});
