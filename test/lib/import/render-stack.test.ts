import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import type { ExistingGateway } from "../../../lib/import/read-gateway.js";
import { renderStack } from "../../../lib/import/render-stack.js";
import { gatewayDefaults } from "../../../protocol/gateway-settings.js";
import { canary } from "../../secrets/canary.js";
import { removeFolder, temporaryFolder } from "../../secrets/temporary-folder.js";

const SECRET = canary("a secret of a gateway");

const nothing: Omit<ExistingGateway, "gateway"> = {
  routes: [],
  providerKeys: [],
  policies: [],
  customDomains: [],
  datasets: [],
  evaluations: [],
  customProviders: [],
  unread: [],
};

/** What the API may answer one day: newer members, odd names, two of a name, things that are gone. */
const odd: ExistingGateway = {
  ...nothing,
  gateway: { id: "default", ...gatewayDefaults, newer: { of: SECRET }, is_default: true },
  routes: [
    {
      id: "r1",
      name: "New!",
      versionId: "v1",
      elements: [
        { id: "start", type: "start", outputs: { next: { elementId: "new" } } },
        { id: "new", type: "semantic", properties: { by: "topic" }, outputs: {} },
      ],
    },
  ],
  providerKeys: [
    {
      id: "k1",
      provider_slug: "openai",
      alias: "a b",
      default_config: 1,
      secret_id: "1".repeat(32),
    },
    { id: "k2", provider_slug: "openai", alias: "a-b", secret_id: "2".repeat(32), priority: 1 },
  ],
  policies: [
    { id: "p1", name: "Über/alles", action: { type: "block" }, resource: "*", order: 1 },
    {
      id: "p2",
      name: "Über alles",
      action: { type: "no-limit" },
      resource: { provider: "openai" },
    },
  ],
  customDomains: [{ hostname: "ai.example.com", zone_id: "0".repeat(32), status: "active" }],
  datasets: [{ id: "d1", name: "2024", enable: false, filters: [] }],
  evaluations: [
    {
      id: "e1",
      name: "all",
      datasets: [{ id: "d1" }, { id: "gone" }],
      results: [{ evaluation_type_id: "t1" }, { evaluation_type_id: "t1" }],
    },
  ],
  customProviders: [
    {
      id: "c1",
      slug: "mine",
      name: "mine",
      base_url: `https://me:${SECRET}@models.example.com/`,
      headers: `not json: ${SECRET}`,
      enable: false,
    },
  ],
  unread: ["The gateway's policies could not be read."],
};

describe("the file that declares a gateway", () => {
  const folder = temporaryFolder(".import-", __dirname);

  afterAll(() => removeFolder(folder));

  test("has what is odd in a form that compiles, and says what it cannot say", () => {
    // Called from this repository, as by its test command, the program has another name.
    const text = renderStack([odd]).text.replace("npm run import -- ", "npx ai-gateway-import ");

    expect(text).toMatchSnapshot();
    expect(text).not.toContain(SECRET);
    expect(compile(text)).toBe("");
  });

  test("is short for a gateway that nobody configured", () => {
    const { text } = renderStack([{ ...nothing, gateway: { id: "chat", ...gatewayDefaults } }]);

    expect(text.replaceAll(/^\/\/.*\n/gm, "").trim()).toBe(`\
import { TerraformStack } from "cdktf";
import { AiGateway, Cloudflare, synthApp } from "cdktf-cloudflare-ai-gateway";

void synthApp((app) => {
  const stack = new TerraformStack(app, "chat");
  new Cloudflare(stack, "cloudflare");

  const gateway = new AiGateway(stack, "gateway", { gatewayId: "chat" });
  gateway.importFrom();
});`);
  });

  test.each([
    ["src/chat.ts", "src/chat.ts", '"npx tsx src/chat.ts"'],
    ["my chat.ts", "'my chat.ts'", "\"npx tsx 'my chat.ts'\""],
  ])("says its own name, as it is typed: %s", (out, typed, app) => {
    const { text } = renderStack(
      [{ ...nothing, gateway: { id: "chat", ...gatewayDefaults } }],
      out,
    );

    expect(text).toContain(` chat --out ${typed}\n`);
    expect(text).toContain(`cdktf.json, such as "app": ${app}, or`);
    expect(text).not.toContain("gateway.ts");
  });

  test("keeps the lines of a text in a graph where they begin", () => {
    const properties = { conditions: { "metadata.note": { $eq: "one\n  two\nthree" } } };
    const to = (elementId: string) => ({ elementId });
    const elements = [
      { id: "start", type: "start", outputs: { next: to("c") } },
      { id: "c", type: "conditional", properties, outputs: { true: to("end"), false: to("end") } },
      { id: "end", type: "end", outputs: {} },
    ];
    const { text } = renderStack([
      {
        ...nothing,
        gateway: { id: "chat", ...gatewayDefaults },
        routes: [{ id: "r1", name: "new", versionId: "v1", elements }],
      },
    ]);

    expect(text).toContain("$eq: `one\n  two\nthree`,");
  });

  /** What the compiler says. */
  function compile(text: string): string {
    const config = {
      extends: "../../../../tsconfig.json",
      compilerOptions: {
        noEmit: true,
        paths: { "cdktf-cloudflare-ai-gateway": ["../../../../lib/index.ts"] },
      },
      include: ["gateway.ts"],
      exclude: [],
    };
    writeFileSync(join(folder, "gateway.ts"), text);
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    const tsc = join(
      dirname(createRequire(__filename).resolve("typescript/package.json")),
      "bin/tsc",
    );
    try {
      execFileSync(process.execPath, [tsc, "-p", folder, "--pretty", "false"], {
        encoding: "utf8",
      });
      return "";
    } catch (error) {
      const { stdout } = error as { stdout: string };
      return stdout
        .split("\n")
        .filter((line) => /gateway\.ts\(/.test(line))
        .join("\n");
    }
  }
});
