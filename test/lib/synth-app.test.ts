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
      /^UsageError: \[chat\/gateway\] This stack has no Cloudflare construct\. .*\n {2}at usage\.ts:5:\d+\n$/,
    );
  });

  const gateway = (scope: string, id: string) => `new AiGateway(${scope}, "${id}");`;

  test.each([
    [
      "an id that is taken in the stack",
      `new Cloudflare(stack, "cloudflare"); ${gateway("stack", "gateway").repeat(2)}`,
      '[chat/gateway] There is a construct with this id already, of the class AiGateway. Give this one another, the second argument, such as "gateway-2", or remove it.',
    ],
    [
      "an id that is taken in a construct",
      `new Cloudflare(stack, "cloudflare"); const team = new Construct(new Construct(stack, "part"), "team");
      new KvNamespace(team, "cache"); new KvNamespace(team, "cache-2"); new KvNamespace(team, "cache");`,
      '[chat/part/team/cache] There is a construct with this id already, of the class KvNamespace. Give this one another, the second argument, such as "cache-3", or remove it.',
    ],
    [
      "the id of another stack",
      'new TerraformStack(app, "chat");',
      '[chat] There is a construct with this id already, of the class TerraformStack. Give this one another, the second argument, such as "chat-2", or remove it.',
    ],
    [
      "no id",
      `new Cloudflare(stack, "cloudflare"); ${gateway("stack", "")}`,
      'A construct has no id. The second argument is a text that is not empty, such as new AiGateway(stack, "gateway").',
    ],
    [
      "the app where a stack should be",
      gateway("app", "gateway"),
      '[gateway] This construct is in no stack. Write const stack = new TerraformStack(app, "chat"), and pass the stack, or a construct in it, as the first argument.',
    ],
    [
      "a construct beside the stacks",
      'new KvNamespace(new Construct(app, "part"), "cache");',
      '[part/cache] This construct is in no stack. Write const stack = new TerraformStack(app, "chat"), and pass the stack, or a construct in it, as the first argument.',
    ],
    [
      "a backend of the app",
      'new R2Backend(app, { bucket: "state" });',
      'A construct is in no stack. Write const stack = new TerraformStack(app, "chat"), and pass the stack, or a construct in it, as the first argument.',
    ],
  ])("says what is wrong with %s, and where", async (_, body, sentence) => {
    const { code, stderr } = await runApp("construct.ts", body);

    expect(code).toBe(1);
    expect(stderr.replace(/:\d+:\d+\n$/, "")).toBe(`UsageError: ${sentence}\n  at construct.ts`);
  });

  test("says cdktf's own sentences without its stack", async () => {
    const { code, stderr } = await runApp("blank.ts", 'new TerraformStack(app, "my chat");');

    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^Cannot create TerraformStack with id "my chat"\. [\s\S]*"mychat"\n {2}at blank\.ts:\d+:\d+\n$/,
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
import { Construct } from "constructs";
import { AiGateway, Cloudflare, KvNamespace, R2Backend, synthApp } from ${JSON.stringify(join(root, "lib/index.js"))};
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
