import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { removeFolder, temporaryFolder } from "../secrets/temporary-folder.js";

const root = join(__dirname, "../..");

describe("an app in synthApp", () => {
  // Inside the checkout, so that modules are found as for any file of it.
  const folder = temporaryFolder(".synth-app-", __dirname);
  afterAll(() => removeFolder(folder));

  test("says the sentences of what is wrong, and nothing of Node's", async () => {
    const { code, stderr } = await runApp(
      "props.ts",
      'new Cloudflare(stack, "cloudflare"); new AiGateway(stack, "gateway", { cacheTtl: -1, zdr: 1 as never });',
    );

    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `Validation failed with the following errors:
  [chat/gateway] cacheTtl: got -1; allowed is a whole number of seconds, 0 or more.
  [chat/gateway] zdr: got 1; allowed is true or false.
`,
    });
  });

  test("says where in the code a mistake is that ends everything at once", async () => {
    const { code, stderr } = await runApp("usage.ts", 'new AiGateway(stack, "gateway");');

    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^UsageError: \[chat\/gateway\] This stack has no Cloudflare construct\. .*\n {2}at usage\.ts:4:\d+\n$/,
    );
  });

  test("shows the stack to who asks for it", async () => {
    const { code, stderr } = await runApp("usage.ts", 'new AiGateway(stack, "gateway");', {
      AI_GATEWAY_STACK_TRACE: "1",
    });

    expect(code).toBe(1);
    expect(stderr).toContain("at new AiGateway");
  });

  test("shows the stack of what is no mistake of the declaration", async () => {
    const { code, stderr } = await runApp("defect.ts", "JSON.parse('{');");

    expect(code).toBe(1);
    expect(stderr).toContain("at JSON.parse");
  });

  test("synthesizes, also what is declared later", async () => {
    const { code, stderr } = await runApp(
      "fine.ts",
      'await Promise.resolve(); new Cloudflare(stack, "cloudflare"); new AiGateway(stack, "gateway");',
    );

    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  function runApp(
    name: string,
    body: string,
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly code: number; readonly stderr: string }> {
    writeFileSync(
      join(folder, name),
      `import { TerraformStack } from "cdktf";
import { AiGateway, Cloudflare, synthApp } from ${JSON.stringify(join(root, "lib/index.js"))};
void synthApp(async (app) => {
  const stack = new TerraformStack(app, "chat"); ${body}
}).catch((error) => { console.error(error); process.exitCode = 1; });
`,
    );
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        ["--import", "tsx", name],
        { cwd: folder, env: { ...process.env, CLOUDFLARE_ACCOUNT_ID: "account", ...env } },
        (error, _, stderr) => resolve({ code: Number(error?.code ?? 0), stderr }),
      );
    });
  }
});
