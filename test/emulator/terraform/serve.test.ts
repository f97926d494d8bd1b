import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { build } from "esbuild";
import { startTerraformProviders } from "../../../emulator/terraform/serve.js";
import { removeFolder, temporaryFolder } from "../../secrets/temporary-folder.js";
import { required } from "./bench.js";
import { describeWithTerraform, TerraformFolder } from "./terraform.js";

const unixTest = process.platform === "win32" ? test.skip : test;

describe("startTerraformProviders", () => {
  unixTest("listens where only its owner gets in, and leaves nothing behind", async () => {
    // GIVEN
    const providers = await startTerraformProviders({ environment: {} });
    const addresses = Object.values<{ Addr: { String: string } }>(JSON.parse(providers.reattach));
    const sockets = addresses.map(({ Addr }) => Addr.String);
    // WHEN
    const modes = sockets.map((socket) => statSync(dirname(socket)).mode & 0o777);
    const longest = Math.max(...sockets.map((socket) => socket.length));
    await providers.close();
    // THEN
    expect(modes).toEqual([0o700, 0o700]);
    expect(longest).toBeLessThan(100);
    expect(sockets.map((socket) => existsSync(dirname(socket)))).toEqual([false, false]);
  });
});

describeWithTerraform("the providers as one bundled file", () => {
  test("serve a validation without any other file", async () => {
    // GIVEN
    const folder = temporaryFolder("bundle-");
    const outfile = join(folder, "serve.cjs");
    await build({
      entryPoints: [join(__dirname, "../../../emulator/terraform/serve.ts")],
      bundle: true,
      platform: "node",
      format: "cjs",
      outfile,
      logLevel: "silent",
    });
    const bundled = require(outfile) as { startTerraformProviders: typeof startTerraformProviders };
    const providers = await bundled.startTerraformProviders({ environment: {} });
    const terraform = new TerraformFolder(providers.reattach);
    terraform.configure(`${required}
      provider "restful" { base_url = "http://127.0.0.1:1" }
      resource "restful_resource" "one" {
        path = "/one"
        body = {}
        poll_create = { status_locator = "code", status = { success = "200" } }
      }`);
    // WHEN
    const validated = await terraform.run("validate");
    // THEN
    expect(validated.output).toContain("poll_create.status_locator is not emulated");
    await providers.close();
    await terraform.remove();
    await removeFolder(folder);
  }, 30_000);
});
