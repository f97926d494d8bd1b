import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ManualClock } from "../../emulator/clock.js";
import { commandEnvironment } from "../../emulator/environment.js";
import { type Emulator, startEmulator } from "../../emulator/index.js";
import { watchSecret } from "../secrets/canary.js";
import { removeFolder, temporaryFolder } from "../secrets/temporary-folder.js";
import { copyCheckout } from "./checkout.js";
import { browsePage, hasBrowser, pageSeen } from "./page-seen.js";
import { cleanEnvironment, run } from "./workbench.js";

if (!hasBrowser) console.warn("Skipped: the page in a browser. CHROMIUM_PATH names none.");
const browserTest = hasBrowser ? test : test.skip;

/** The app of this repository, deployed by the real `cdktf` and Terraform. */
describe("the app", () => {
  const clock = new ManualClock();
  let checkout: Awaited<ReturnType<typeof copyCheckout>>;
  let root: string;
  let directory: string;
  let emulator: Emulator;
  let env: Record<string, string | undefined>;

  const cdktf = (...args: string[]) =>
    run(
      process.execPath,
      [join(root, "node_modules/cdktf-cli/bundle/bin/cdktf.js"), ...args],
      root,
      env,
    );
  const outputs = async () => {
    const file = join(directory, "outputs.json");
    await cdktf("output", "--outputs-file", file, "--skip-synth");
    const stacks = JSON.parse(await readFile(file, "utf8"));
    return stacks["ai-gateway"] as { url: string; gatewayId: string };
  };
  const ask = async (url: string, prompt: string) => {
    const response = await fetch(`${url}/ai`, { method: "POST", body: JSON.stringify({ prompt }) });
    const body = await response.text();
    return { status: response.status, cache: response.headers.get("cf-aig-cache-status"), body };
  };

  beforeAll(async () => {
    checkout = await copyCheckout();
    root = checkout.directory;
    directory = temporaryFolder("ai-gateway-app-");
    emulator = await startEmulator({
      clock,
      latencyMs: 0,
      stateDirectory: join(directory, "state"),
    });
    watchSecret("the emulator's API token", emulator.apiToken);
    env = {
      ...commandEnvironment(cleanEnvironment(), emulator, "embedded"),
      TF_INPUT: "0",
      CI: "true",
    };
    const deployed = await cdktf("deploy", "--auto-approve");
    if (deployed.code !== 0) throw new Error(`${deployed.stdout}\n${deployed.stderr}`);
  }, 120_000);

  afterAll(async () => {
    await emulator?.close();
    await removeFolder(directory);
    await checkout?.remove();
  });

  test("prints its URL and the gateway's id", async () => {
    const { url, gatewayId } = await outputs();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+/);
    expect(gatewayId).toBe("ai-gateway-gateway");
  }, 60_000);

  test("answers the same prompt from the cache until the TTL is over", async () => {
    const { url } = await outputs();

    const first = await ask(url, "What is a gateway?");
    const second = await ask(url, "What is a gateway?");
    const other = await ask(url, "What is a Worker?");
    expect([first.status, first.cache]).toEqual([200, "MISS"]);
    expect([second.status, second.cache]).toEqual([200, "HIT"]);
    expect(second.body).toBe(first.body);
    expect([other.status, other.cache]).toEqual([200, "MISS"]);

    clock.advance(61_000);
    const later = await ask(url, "What is a gateway?");
    expect([later.status, later.cache]).toEqual([200, "MISS"]);
  }, 60_000);

  test("answers every other path and bad bodies as documented", async () => {
    const { url } = await outputs();
    expect((await fetch(`${url}/`)).headers.get("content-type")).toMatch(/text\/html/);
    expect((await fetch(`${url}/nothing`)).status).toBe(404);
    const bad = await fetch(`${url}/ai`, { method: "POST", body: "not json" });
    expect(bad.status).toBe(400);
    expect(await bad.text()).toMatch(/JSON/);
  });

  browserTest(
    "carries two people in a real browser through talk, answers, cuts, errors and a summary",
    async () => {
      const { url } = await outputs();
      expect(await browsePage(url)).toEqual(pageSeen);
    },
    120_000,
  );

  test("has nothing to change after a second deploy", async () => {
    const again = await cdktf("deploy", "--auto-approve");
    expect(again.code).toBe(0);
    expect(again.stdout).toMatch(
      /No changes|0 to add, 0 to change, 0 to destroy|0 added, 0 changed, 0 destroyed/,
    );
    const diff = await cdktf("diff");
    expect(diff.code).toBe(0);
    expect(diff.stdout).toMatch(/No changes/);
  }, 120_000);

  test("keeps the token out of everything it writes", async () => {
    const places = [
      join(root, "cdktf.out/stacks/ai-gateway/cdk.tf.json"),
      ...(await filesBelow(join(root, "terraform.ai-gateway.tfstate.d/emulator"))),
    ];
    expect(places.length).toBeGreaterThan(1);
    for (const place of places) {
      expect({ place, leaks: (await readFile(place, "utf8")).includes(emulator.apiToken) }).toEqual(
        {
          place,
          leaks: false,
        },
      );
    }
  });

  test("mentions nothing of the emulator when it is synthesized for Cloudflare", async () => {
    const { TF_WORKSPACE, CLOUDFLARE_BASE_URL, AI_GATEWAY_BASE_URL, ...plain } = env;
    const synthesized = await run(process.execPath, ["--import", "tsx", "app/main.ts"], root, {
      ...plain,
      CDKTF_OUTDIR: join(directory, "cloud"),
      CLOUDFLARE_ACCOUNT_ID: "0".repeat(32),
    });
    expect(synthesized.stderr).toBe("");
    const json = await readFile(join(directory, "cloud/stacks/ai-gateway/cdk.tf.json"), "utf8");
    expect(json).not.toMatch(/127\.0\.0\.1|localhost|emulator/);
    expect(json).toMatch(/https:\/\/api\.cloudflare\.com\/client\/v4/);
  }, 60_000);

  test("leaves nothing behind after destroy", async () => {
    const { url } = await outputs();
    const destroyed = await cdktf("destroy", "--auto-approve");
    expect(destroyed.code).toBe(0);

    const account = `${emulator.apiUrl}/accounts/${emulator.accountId}`;
    const headers = { authorization: `Bearer ${emulator.apiToken}` };
    for (const path of ["/ai-gateway/gateways", "/workers/scripts"]) {
      const body = (await (await fetch(account + path, { headers })).json()) as { result: unknown };
      expect(body.result).toEqual([]);
    }
    // The Worker's address is free again, or says that nothing is there.
    const gone = await fetch(url).then(
      (response) => response.status,
      () => "refused",
    );
    expect([404, "refused"]).toContain(gone);
  }, 120_000);
});

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
