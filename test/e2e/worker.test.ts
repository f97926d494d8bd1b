import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { TerraformOutput, type TerraformStack } from "cdktf";
import { buildSync } from "esbuild";
import { AiGateway, SecretVariable, Worker, type WorkerProps } from "../../lib/index.js";
import { canary } from "../secrets/canary.js";
import { Workbench } from "./workbench.js";

const SECRET = canary("a Worker's secret");

/** A Worker with everything the construct offers, deployed by the real Terraform into real workerd. */
describe("a Worker under Terraform", () => {
  let bench: Workbench;
  let bundle: string;
  let assets: string;

  const writeBundle = async (version: string) => {
    await writeFile(
      join(bench.directory, "worker.ts"),
      `import { aiGateway } from ${JSON.stringify(join(__dirname, "../../worker/index.ts"))};
       export default {
         async fetch(request, env) {
           const path = new URL(request.url).pathname;
           if (path === "/facts") {
             return Response.json({
               version: ${JSON.stringify(version)},
               genuine: env.AI.constructor.name,
               bindings: Object.keys(env).sort(),
               GREETING: env.GREETING, LIMITS: env.LIMITS, secret: env.API_KEY,
               first: await aiGateway(env, "FIRST").getUrl("openai"),
               second: await aiGateway(env, "SECOND").getUrl("openai"),
             });
           }
           if (path === "/stream" || path === "/ask") {
             const query = { prompt: "Tell me about streams.", stream: path === "/stream" };
             return aiGateway(env, "FIRST").run(
               { provider: "workers-ai", endpoint: "@cf/meta/llama-3.1-8b-instruct", headers: {}, query },
               { signal: request.signal },
             );
           }
           return new Response("nothing here", { status: 404 });
         },
       };`,
    );
    buildSync({
      entryPoints: [join(bench.directory, "worker.ts")],
      outfile: bundle,
      bundle: true,
      format: "esm",
      logLevel: "error",
    });
  };

  const declare = (props: Partial<WorkerProps> = {}) =>
    bench.synth((stack: TerraformStack) => {
      const first = new AiGateway(stack, "first", { gatewayId: "first", cacheTtl: 60 });
      const second = new AiGateway(stack, "second", { gatewayId: "second" });
      const worker = new Worker(stack, "worker", {
        bundle,
        scriptName: "everything",
        assets: { directory: assets },
        vars: { GREETING: "hello" },
        jsonVars: { LIMITS: { rooms: 3, tags: ["a", "b"] } },
        secrets: { API_KEY: new SecretVariable(stack, "api_key").stringValue },
        ...props,
      });
      first.bind(worker, "FIRST");
      second.bind(worker, "SECOND");
      new TerraformOutput(stack, "url", { value: worker.url });
    });

  const facts = async () =>
    (await fetch(`${await bench.output("url")}/facts`)).json() as Promise<Record<string, unknown>>;

  beforeAll(async () => {
    bench = await Workbench.start({ latencyMs: 600 });
    bundle = join(bench.directory, "worker.js");
    assets = join(bench.directory, "assets");
    await mkdir(assets);
    await writeFile(join(assets, "index.html"), "<h1>page one</h1>");
    await writeFile(join(assets, "_headers"), "/*\n  x-from-headers-file: yes\n");
    await writeFile(join(assets, "_redirects"), "/old /index.html 302\n");
    await writeBundle("one");
    declare();
    bench.variables.TF_VAR_api_key = SECRET;
    await bench.apply();
  }, 120_000);

  afterAll(async () => {
    await bench?.close();
  });

  test("runs with every binding, the genuine AI client and one ai binding for two gateways", async () => {
    expect(await facts()).toEqual({
      version: "one",
      genuine: "Ai",
      bindings: expect.arrayContaining(["AI", "API_KEY", "FIRST", "GREETING", "LIMITS", "SECOND"]),
      GREETING: "hello",
      LIMITS: { rooms: 3, tags: ["a", "b"] },
      secret: SECRET,
      first: `${bench.emulator.aiGatewayUrl}/${bench.emulator.accountId}/first/openai`,
      second: `${bench.emulator.aiGatewayUrl}/${bench.emulator.accountId}/second/openai`,
    });
    const synthesized = await readFile(join(bench.stackDirectory, "cdk.tf.json"), "utf8");
    expect(synthesized.match(/"type": "ai"/g)).toHaveLength(1);
  });

  test("serves its assets with _headers and _redirects", async () => {
    const url = await bench.output("url");
    const page = await fetch(`${url}/`);
    expect(await page.text()).toBe("<h1>page one</h1>");
    expect(page.headers.get("x-from-headers-file")).toBe("yes");
    const old = await fetch(`${url}/old`, { redirect: "manual" });
    expect([old.status, old.headers.get("location")]).toEqual([302, "/index.html"]);
  });

  test("has an empty second plan", async () => {
    expect((await bench.plan()).changes).toEqual([]);
  }, 60_000);

  test("keeps the secret out of synth, plan, state and the emulator's files", async () => {
    // A change, so that the plan holds the Worker and its secret's resource as they are to be.
    declare({ vars: { GREETING: "changed" } });
    await bench.plan();
    const plan = await readPlan(join(bench.directory, "plan"));
    expect(plan).toContain("changed");
    expect(plan).not.toContain(SECRET);
    declare();
    const files = (await readdir(bench.directory, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const leaks: string[] = [];
    for (const file of files) {
      const content = await readFile(file, "latin1");
      if (content.includes(SECRET)) leaks.push(file);
    }
    expect(files.length).toBeGreaterThan(5);
    expect(leaks).toEqual([]);
  }, 60_000);

  test("streams: the first byte comes long before the last", async () => {
    const started = performance.now();
    const response = await fetch(`${await bench.output("url")}/stream`);
    const times: number[] = [];
    for await (const _ of response.body ?? []) times.push(performance.now() - started);
    expect(response.headers.get("content-type")).toMatch(/text\/event-stream/);
    expect(times.length).toBeGreaterThan(3);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(200);
  }, 60_000);

  test("updates code in place, keeps the URL and the secret, and goes on serving", async () => {
    const url = await bench.output("url");
    await writeBundle("two");
    declare();
    const planned = await bench.plan();
    expect(planned.changes.map(({ type, change }) => [type, change.actions])).toEqual([
      ["cloudflare_workers_script", ["update"]],
    ]);
    await bench.apply();
    expect(await bench.output("url")).toBe(url);
    expect(await facts()).toMatchObject({ version: "two", secret: SECRET });
    expect((await bench.plan()).changes).toEqual([]);
  }, 60_000);

  test("applies a change of assets alone", async () => {
    await writeFile(join(assets, "index.html"), "<h1>page two</h1>");
    declare();
    await bench.apply();
    expect(await (await fetch(await bench.output("url"))).text()).toBe("<h1>page two</h1>");
    expect((await bench.plan()).changes).toEqual([]);
  }, 60_000);

  test("refuses a script that throws at start with the reason, and the old one goes on", async () => {
    await writeFile(bundle, `throw new Error("no luck at start"); export default {};`);
    declare();
    await bench.terraform("init");
    const applied = await bench.terraform("apply", "-auto-approve", "-no-color");
    expect(applied.code).toBe(1);
    expect(applied.stderr).toMatch(/no luck at start/);
    expect(await facts()).toMatchObject({ version: "two" });
    await writeBundle("two");
    declare();
    await bench.apply();
  }, 60_000);

  test("sends a rotated secret, and nothing else changes", async () => {
    const rotated = canary("a Worker's secret, rotated");
    bench.variables.TF_VAR_api_key = rotated;
    const planned = await bench.plan();
    expect(planned.changes.map(({ type }) => type)).toEqual(["restful_resource"]);
    await bench.apply();
    expect(await facts()).toMatchObject({ secret: rotated });
    bench.variables.TF_VAR_api_key = SECRET;
    await bench.apply();
    expect(await facts()).toMatchObject({ secret: SECRET });
  }, 60_000);

  test("survives a restart of the emulator", async () => {
    expect((await bench.plan()).changes).toEqual([]);
    const url = await bench.output("url");
    await bench.restart();
    expect(await bench.output("url")).toBe(url);
    expect(await facts()).toMatchObject({ version: "two", secret: SECRET });
  }, 60_000);
});

/** Everything in a saved plan: it is a zip, in which no search finds a text. */
async function readPlan(file: string): Promise<string> {
  const zip = await readFile(file);
  let text = "";
  for (
    let at = zip.indexOf("PK\u0001\u0002");
    at >= 0;
    at = zip.indexOf("PK\u0001\u0002", at + 4)
  ) {
    const start = zip.readUInt32LE(at + 42);
    const data = start + 30 + zip.readUInt16LE(start + 26) + zip.readUInt16LE(start + 28);
    const packed = zip.subarray(data, data + zip.readUInt32LE(at + 20));
    text += (zip.readUInt16LE(at + 10) === 8 ? inflateRawSync(packed) : packed).toString("latin1");
  }
  return text;
}
