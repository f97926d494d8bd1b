import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { removeFolder, temporaryFolder } from "../secrets/temporary-folder.js";
import { consumerSources } from "./consumer-sources.js";

const root = resolve(__dirname, "../..");
const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  devDependencies: Record<string, string>;
};

/** The packed library in an empty project, as another team would have it. */
describe("the packed library", () => {
  let directory: string;
  let tarball: string;

  const sh = (command: string, ...args: string[]) =>
    execFileSync(command, args, {
      cwd: directory,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32",
      env: {
        ...process.env,
        CHECKPOINT_DISABLE: "1",
        CLOUDFLARE_ACCOUNT_ID: "a".repeat(32),
        NODE_OPTIONS: "",
      },
    });
  const write = (name: string, text: string) => writeFileSync(join(directory, name), text);

  beforeAll(() => {
    directory = temporaryFolder("ai-gateway-consumer-");
    execFileSync("npm", ["pack", "--silent", "--pack-destination", directory], {
      cwd: root,
      stdio: "pipe",
    });
    tarball = readdirSync(directory).find((name) => name.endsWith(".tgz")) as string;
    write("package.json", JSON.stringify({ name: "consumer", private: true }));
    const versions = [
      "cdktf",
      "constructs",
      "@cdktf/provider-cloudflare",
      "jest",
      "@swc/jest",
      "@swc/core",
      "typescript",
      "@cloudflare/workers-types",
      // Optional peers, and what bundles the Workers.
      "@cloudflare/containers",
      "effect",
      "esbuild",
    ];
    sh(
      "npm",
      "install",
      "--prefer-offline",
      "--no-audit",
      "--no-fund",
      "--ignore-scripts",
      `./${tarball}`,
      ...versions.map((name) => `${name}@${devDependencies[name]}`),
    );
  }, 300_000);

  afterAll(() => removeFolder(directory));

  test("brings none of the emulator's libraries", () => {
    const installed = readdirSync(join(directory, "node_modules"));
    for (const name of ["hono", "miniflare", "workerd", "zod", "@grpc", "@msgpack"]) {
      expect(installed).not.toContain(name);
    }
  });

  test("is synthesized by the consumer's own jest", () => {
    write(
      "jest.config.js",
      `module.exports = { transform: { "^.+\\\\.ts$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" } }, module: { type: "commonjs" } }] } };`,
    );
    mkdirSync(join(directory, "src"), { recursive: true });
    write("src/worker.js", "export default {};");
    write(
      "src/stack.test.ts",
      `import { App, TerraformStack, Testing } from "cdktf";
       import { AiGateway, Cloudflare, Worker } from "cdktf-cloudflare-ai-gateway";
       test("synthesizes", () => {
         const stack = new TerraformStack(Testing.app(), "s");
         new Cloudflare(stack, "cloudflare");
         const gateway = new AiGateway(stack, "gateway", { cacheTtl: 60 });
         gateway.bind(new Worker(stack, "worker", { bundle: __dirname + "/worker.js" }), "GATEWAY");
         expect(JSON.parse(Testing.synth(stack, true)).resource.restful_resource).toBeDefined();
         expect(App).toBeDefined();
       });`,
    );
    expect(() => sh("npx", "jest")).not.toThrow();
  }, 120_000);

  test("type checks in a stack and in a Worker, and catches a binding of another name", () => {
    write(
      "src/stack.ts",
      `import { AiGateway, aiGatewayBinding } from "cdktf-cloudflare-ai-gateway"; export const GATEWAY = aiGatewayBinding("GATEWAY"); export type G = AiGateway;`,
    );
    write(
      "src/worker.ts",
      `import { aiGateway, type AiGatewayEnv, aiGatewayBinding } from "cdktf-cloudflare-ai-gateway/worker";
       const GATEWAY = aiGatewayBinding("GATEWAY");
       type Env = AiGatewayEnv<typeof GATEWAY>;
       export default { async fetch(_: Request, env: Env): Promise<Response> {
         // @ts-expect-error "OTHER" is not declared in Env
         aiGateway(env, "OTHER");
         return aiGateway(env, GATEWAY).run({ provider: "openai", endpoint: "chat/completions", headers: {}, query: {} }) as Promise<Response>;
       } };`,
    );
    const compile = (file: string, ...options: string[]) =>
      sh(
        "npx",
        "tsc",
        "--noEmit",
        "--strict",
        "--skipLibCheck",
        "--target",
        "es2022",
        ...options,
        file,
      );
    expect(() => compile("src/stack.ts", "--module", "node20", "--types", "")).not.toThrow();
    expect(() =>
      compile(
        "src/worker.ts",
        "--module",
        "esnext",
        "--moduleResolution",
        "bundler",
        "--types",
        "@cloudflare/workers-types",
      ),
    ).not.toThrow();
  }, 120_000);

  test("type checks as a client without the runtime's types, its own declarations included", () => {
    write(
      "src/client.ts",
      `import { aiGateway, aiGatewayBinding, type AiGatewayEnv } from "cdktf-cloudflare-ai-gateway/worker";
       const GATEWAY = aiGatewayBinding("GATEWAY");
       export const url = (env: AiGatewayEnv<typeof GATEWAY>): Promise<string> => aiGateway(env, GATEWAY).getUrl("openai");`,
    );
    for (const lib of ["es2022", "es2022,dom"]) {
      const options = ["--module", "esnext", "--moduleResolution", "bundler", "--types", ""];
      sh("npx", "tsc", "--noEmit", "--strict", "--lib", lib, ...options, "src/client.ts");
    }
  }, 60_000);

  test("has every construct, type-checked against Workers that use them", () => {
    for (const [name, text] of Object.entries(consumerSources)) write(name, text);
    const compile = (files: readonly string[], ...options: string[]) =>
      sh(
        "npx",
        "tsc",
        "--noEmit",
        "--strict",
        "--skipLibCheck",
        "--target",
        "es2022",
        ...options,
        ...files,
      );
    compile(
      ["src/stack.ts"],
      "--module",
      "node16",
      "--moduleResolution",
      "node16",
      "--types",
      "node",
    );
    compile(
      ["src/worker.ts", "src/effect-worker.ts", "src/pdf.ts"],
      "--module",
      "esnext",
      "--moduleResolution",
      "bundler",
      "--types",
      "@cloudflare/workers-types",
    );

    // Bundled as a consumer would, then synthesized with what the bundles export.
    for (const name of ["worker", "pdf", "other", "effect-worker"])
      sh(
        "npx",
        "esbuild",
        `src/${name}.ts`,
        "--bundle",
        "--format=esm",
        "--external:cloudflare:*",
        `--outfile=dist/${name}.js`,
      );
    sh("npx", "jest", "src/stack.test.ts");
  }, 180_000);

  test("starts the emulator without miniflare, as long as there is no Worker", () => {
    write(
      "use-emulator.cjs",
      `require("cdktf-cloudflare-ai-gateway/emulator").startEmulator({ port: 0 }).then(async (e) => { console.log(e.apiUrl); await e.close(); }, (e) => { console.error(e.message); process.exit(3); });`,
    );
    // Without a Worker nothing of it is needed, so the emulator of a gateway alone starts.
    expect(sh("node", "use-emulator.cjs")).toMatch(/^http:\/\/127\.0\.0\.1/);
  }, 60_000);

  test("has the import command, which no synth loads", () => {
    expect(sh("npx", "ai-gateway-import", "--help")).toContain("npx ai-gateway-import <gatewayId>");
    write(
      "loaded.cjs",
      `require("cdktf-cloudflare-ai-gateway"); console.log(Object.keys(require.cache).filter((file) => /ai-gateway.dist.lib.import/.test(file)).length);`,
    );
    expect(sh("node", "loaded.cjs")).toBe("0\n");
  }, 60_000);

  test("writes the code of a gateway that somebody made by the API", () => {
    write(
      "import-gateway.cjs",
      `const { startEmulator } = require("cdktf-cloudflare-ai-gateway/emulator");
const { execFile } = require("node:child_process");
startEmulator({ port: 0 }).then(async ({ apiUrl, apiToken, accountId, close }) => {
  const made = await fetch(apiUrl + "/accounts/" + accountId + "/ai-gateway/gateways", {
    method: "POST",
    headers: { authorization: "Bearer " + apiToken, "content-type": "application/json" },
    body: JSON.stringify({ id: "chat", cache_ttl: 300, cache_invalidate_on_update: false, collect_logs: true, rate_limiting_interval: 0, rate_limiting_limit: 0 }),
  });
  const env = { ...process.env, CLOUDFLARE_BASE_URL: apiUrl, CLOUDFLARE_API_TOKEN: apiToken, CLOUDFLARE_ACCOUNT_ID: accountId };
  execFile("npx", ["ai-gateway-import", "chat"], { env }, async (error, stdout, stderr) => {
    console.log(JSON.stringify([made.status, error, stdout, stderr]));
    await close();
  });
});`,
    );

    const [status, error, code, said] = JSON.parse(sh("node", "import-gateway.cjs"));

    expect([status, error]).toEqual([200, null]);
    expect(code).toContain(
      'const gateway = new AiGateway(stack, "gateway", { gatewayId: "chat", cacheTtl: 300 });\n  gateway.importFrom();',
    );
    expect(said).toContain("The deploy's plan: 1 to import, 0 to add, 0 to change, 0 to destroy.");
  }, 60_000);

  test("passes publint and are-the-types-wrong", () => {
    const bin = (name: string) => join(root, "node_modules/.bin", name);
    expect(() =>
      execFileSync(bin("publint"), ["--strict", join(directory, tarball)], {
        cwd: root,
        stdio: "pipe",
      }),
    ).not.toThrow();
    expect(() =>
      execFileSync(
        bin("attw"),
        [join(directory, tarball), "--profile", "node16", "--ignore-rules", "cjs-resolves-to-esm"],
        { cwd: root, stdio: "pipe" },
      ),
    ).not.toThrow();
  }, 120_000);
});
