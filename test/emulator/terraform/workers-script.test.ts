import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { canary } from "../../secrets/canary.js";
import { bench, providers, required, TOKEN } from "./bench.js";
import { digest, refused } from "./rest-api.js";
import { describeWithTerraform } from "./terraform.js";
import { readParts } from "./workers-api.js";

describeWithTerraform("cloudflare_workers_script", () => {
  const JWT = canary("the token of an upload");
  const here = bench({ CLOUDFLARE_API_TOKEN: TOKEN });

  const code = 'export default { fetch: () => new Response("hi") };';
  const script = (source: string, more = "") => `${providers(here)}
    resource "cloudflare_workers_script" "worker" {
      account_id         = "a"
      script_name        = "chat"
      content_file       = "bundle/worker.js"
      content_sha256 = "${digest(source)}"
      main_module        = "worker.js"
      compatibility_date = "2026-01-01"
      bindings = [
        { type = "ai", name = "AI" },
        { type = "plain_text", name = "GATEWAY", text = "one" },
        { type = "json", name = "FLAGS", json = jsonencode({ beta = true }) },
      ]
      observability = {
        enabled = true, head_sampling_rate = 0.1
        logs = { enabled = true, invocation_logs = true, head_sampling_rate = 1 }
      }
      ${more}
    }
    resource "cloudflare_workers_script_subdomain" "url" {
      account_id       = "a"
      script_name      = cloudflare_workers_script.worker.script_name
      enabled          = true
      previews_enabled = false
    }`;
  const bundle = (source: string) => {
    mkdirSync(join(here.folder.path, "bundle"), { recursive: true });
    here.folder.write("bundle/worker.js", source);
  };
  const deploy = async (more = "") => {
    bundle(code);
    here.folder.configure(script(code, more));
    return here.folder.apply();
  };
  const uploads = () =>
    here.api.requests.filter(({ method, path }) => method === "PUT" && path.endsWith("/chat"));
  const metadata = (index: number) =>
    JSON.parse(
      readParts(uploads()[index] as never)
        .get("metadata")
        ?.content.toString("utf8") ?? "",
    );

  test("uploads the bundle beside Terraform's own folder, and the next plan is empty", async () => {
    // WHEN
    const applied = await deploy();
    const planned = await here.folder.plan();
    // THEN
    expect(applied.output).toContain("2 added");
    expect(planned).toMatchObject({ code: 0 });
    expect(here.api.workers.scripts.get("chat")?.code?.toString()).toBe(code);
    expect(here.api.workers.scripts.get("chat")?.subdomain).toEqual({
      enabled: true,
      previews_enabled: false,
    });
    expect(here.api.requests.every(({ token }) => token === TOKEN)).toBe(true);
  });

  test("sends the parts and the metadata the real provider sends", async () => {
    // WHEN
    await deploy('keep_bindings = ["secret_text"]');
    // THEN
    const parts = readParts(uploads()[0] as never);
    expect([...parts].map(([name, { head }]) => [name, head])).toEqual([
      [
        "worker.js",
        'Content-Disposition: form-data; name="worker.js"; filename="worker.js"\r\n' +
          "Content-Type: application/javascript+module",
      ],
      [
        "metadata",
        'Content-Disposition: form-data; name="metadata"\r\nContent-Type: application/json',
      ],
    ]);
    expect(metadata(0)).toEqual({
      main_module: "worker.js",
      compatibility_date: "2026-01-01",
      keep_bindings: ["secret_text"],
      logpush: false,
      usage_model: "standard",
      bindings: [
        { type: "ai", name: "AI" },
        { type: "plain_text", name: "GATEWAY", text: "one" },
        // A string, not an object: the fault of 5.14.0 that its users have to live with.
        { type: "json", name: "FLAGS", json: '{"beta":true}' },
      ],
      observability: {
        enabled: true,
        head_sampling_rate: 0.1,
        logs: { enabled: true, invocation_logs: true, head_sampling_rate: 1, persist: true },
      },
    });
  });

  test("new code is an update in place", async () => {
    // GIVEN
    await deploy();
    bundle(`${code}//`);
    here.folder.configure(script(`${code}//`));
    // WHEN
    const planned = await here.folder.plan();
    await here.folder.apply();
    // THEN
    expect(planned.output).toContain("worker will be updated in-place");
    expect(planned.output).toMatch(/~ content_sha256/);
    expect(planned.output).not.toMatch(/[~+-] created_on|[~+-] bindings/);
    expect(here.api.workers.scripts.get("chat")?.code?.toString()).toBe(`${code}//`);
    expect(await here.folder.plan()).toMatchObject({ code: 0 });
  });

  test("code edited in the dashboard is seen and repaired", async () => {
    // GIVEN
    await deploy();
    const live = here.api.workers.scripts.get("chat");
    if (live) live.code = Buffer.from("export default { hacked: true }");
    // WHEN
    const planned = await here.folder.plan();
    await here.folder.apply();
    // THEN
    expect(planned.code).toBe(2);
    expect(planned.output).toMatch(/~ content_sha256/);
    expect(here.api.workers.scripts.get("chat")?.code?.toString()).toBe(code);
  });

  test("a hash that is not the file's is refused while planning", async () => {
    // GIVEN
    bundle("other");
    here.folder.configure(script(code));
    // WHEN
    const planned = await here.folder.plan();
    // THEN
    expect(planned.code).toBe(1);
    expect(planned.output).toContain("content_sha256 does not match");
    expect(here.api.requests).toEqual([]);
  });

  test("a file that is not there is named with the places looked at", async () => {
    // GIVEN
    here.folder.configure(script(code));
    // WHEN
    const planned = await here.folder.plan();
    // THEN
    expect(planned.output).toContain("content_file cannot be read");
    expect(planned.output.replace(/\s/g, "")).toContain(join(here.folder.path, "bundle/worker.js"));
  });

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
    const first = await deploy(assets("one"));
    const second = await here.folder.plan();
    here.folder.configure(script(code, assets("two")));
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
    expect(metadata(0).assets).toEqual({
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
    await deploy(assets);
    here.folder.write("site/index.html", "two");
    // WHEN
    const applied = await here.folder.apply();
    // THEN
    expect(applied.code).toBe(0);
    expect(applied.output).toContain("Assets changed in place");
    expect([...here.api.workers.assets.values()]).toContain("two");
    expect(await here.folder.plan()).toMatchObject({ code: 0 });
  });

  test("a Worker deleted outside is planned anew", async () => {
    // GIVEN
    await deploy();
    here.api.workers.scripts.clear();
    // WHEN
    const planned = await here.folder.plan();
    // THEN
    expect(planned.code).toBe(2);
    expect(planned.output).toContain("2 to add");
  });

  test("another name replaces the Worker, and destroy leaves none", async () => {
    // GIVEN
    await deploy();
    here.folder.configure(script(code).replace('"chat"', '"other"'));
    // WHEN
    const planned = await here.folder.plan();
    await here.folder.apply();
    const names = [...here.api.workers.scripts.keys()];
    await here.folder.run("destroy", "-auto-approve");
    // THEN
    expect(planned.output).toMatch(/script_name\s+= "chat" -> "other" # forces replacement/);
    expect(names).toEqual(["other"]);
    expect(here.api.workers.scripts.size).toBe(0);
  });

  test("an imported Worker is updated in place, not made again", async () => {
    // GIVEN
    await deploy();
    here.folder.forgetState();
    // WHEN
    const script = await here.folder.run("import", "cloudflare_workers_script.worker", "a/chat");
    const url = await here.folder.run(
      "import",
      "cloudflare_workers_script_subdomain.url",
      "a/chat",
    );
    const applied = await here.folder.apply();
    // THEN
    expect([script.code, url.code]).toEqual([0, 0]);
    expect(applied.output).toContain("0 added, 1 changed, 0 destroyed");
    expect(await here.folder.plan()).toMatchObject({ code: 0 });
  });

  test("server errors are retried twice, then shown in the API's words without the token", async () => {
    // GIVEN
    here.api.intercept = ({ method, path }) =>
      method === "PUT" && path.endsWith("/chat")
        ? refused(500, 10013, `No luck, Bearer ${TOKEN}`)
        : undefined;
    // WHEN
    const applied = await deploy();
    // THEN
    expect(uploads()).toHaveLength(3);
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
    bundle(code);
    here.folder.configure(script(code).replaceAll(from, to));
    // WHEN
    const validated = await here.folder.run("validate");
    // THEN
    expect(validated.code).toBe(1);
    expect(validated.output.replace(/\s+/g, " ")).toContain(words);
  });

  test("the environment gives what the provider block leaves out", async () => {
    // GIVEN
    here.folder.configure(`${required}
      provider "cloudflare" { base_url = "${here.api.url}" }
      resource "cloudflare_workers_script" "worker" {
        account_id  = "a"
        script_name = "chat"
        content     = "addEventListener('fetch', () => {})"
      }`);
    // WHEN
    const applied = await here.folder.apply();
    // THEN
    expect(applied).toMatchObject({ code: 0 });
    expect(here.api.requests[0]?.token).toBe(TOKEN);
    expect(metadata(0).body_part).toBe("script");
    expect(await here.folder.plan()).toMatchObject({ code: 0 });
  });
});
