import { expect, test } from "@jest/globals";
import { bench, required, TOKEN } from "./bench.js";
import { code, DeclaredScript } from "./declared-script.js";
import type { RecordedRequest } from "./rest-api.js";
import { describeWithTerraform } from "./terraform.js";
import { readParts } from "./workers-api.js";

describeWithTerraform("cloudflare_workers_script", () => {
  const here = bench({ CLOUDFLARE_API_TOKEN: TOKEN });
  const script = new DeclaredScript(here);

  test("uploads the bundle beside Terraform's own folder, and the next plan is empty", async () => {
    // WHEN
    const applied = await script.deploy();
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
    await script.deploy('keep_bindings = ["secret_text"]');
    // THEN
    const parts = readParts(script.uploads()[0] as RecordedRequest);
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
    expect(script.metadata(0)).toEqual({
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
    await script.deploy();
    script.bundle(`${code}//`);
    here.folder.configure(script.configuration(`${code}//`));
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
    await script.deploy();
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

  test("a Worker deleted outside is planned anew", async () => {
    // GIVEN
    await script.deploy();
    here.api.workers.scripts.clear();
    // WHEN
    const planned = await here.folder.plan();
    // THEN
    expect(planned.code).toBe(2);
    expect(planned.output).toContain("2 to add");
  });

  test("another name replaces the Worker, and destroy leaves none", async () => {
    // GIVEN
    await script.deploy();
    here.folder.configure(script.configuration(code).replace('"chat"', '"other"'));
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
    await script.deploy();
    here.folder.forgetState();
    // WHEN
    const imported = await here.folder.run("import", "cloudflare_workers_script.worker", "a/chat");
    const url = await here.folder.run(
      "import",
      "cloudflare_workers_script_subdomain.url",
      "a/chat",
    );
    const applied = await here.folder.apply();
    // THEN
    expect([imported.code, url.code]).toEqual([0, 0]);
    expect(applied.output).toContain("0 added, 1 changed, 0 destroyed");
    expect(await here.folder.plan()).toMatchObject({ code: 0 });
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
    expect(script.metadata(0).body_part).toBe("script");
    expect(await here.folder.plan()).toMatchObject({ code: 0 });
  });
});
