import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { cleanEnvironment } from "../e2e/workbench.js";
import { canary, watchSecret } from "./canary.js";
import { expectNoCanary, scanForCanaries } from "./scan-for-canaries.js";
import { temporaryFolder } from "./temporary-folder.js";

describe("a scan for secrets", () => {
  const planted = canary("planted", { with: `"'<&>\n${"$"}{}ü` });
  let folder: string;

  // What is planted here is no secret that got out: the sum of the run leaves it out.
  const { CANARY_SCANS } = process.env;
  beforeEach(() => {
    delete process.env.CANARY_SCANS;
    folder = temporaryFolder("canaries-");
  });
  afterEach(() => {
    if (CANARY_SCANS !== undefined) process.env.CANARY_SCANS = CANARY_SCANS;
    rmSync(folder, { recursive: true });
  });

  const write = (name: string, content: string | Buffer) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  };

  test("finds nothing where there is nothing", async () => {
    write("state.json", JSON.stringify({ sealed: "c2VhbGVk" }));

    expect(await scanForCanaries(folder, { texts: { output: "Apply complete!" } })).toEqual([]);
    await expectNoCanary(folder);
  });

  test.each([
    ["plain", planted],
    ["JSON", JSON.stringify({ body: planted })],
    ["JSON", JSON.stringify({ body: JSON.stringify({ planted }) })],
    ["URL-encoded", `https://example.com/?key=${encodeURIComponent(planted)}`],
    ["hex", Buffer.from(`x${planted}`).toString("hex")],
    ["hex", Buffer.from(planted).toString("hex").toUpperCase()],
    ["base64", Buffer.from(planted).toString("base64")],
    ["base64", Buffer.from(`u:${planted}`).toString("base64")],
    ["base64", Buffer.from(`{"a":"${planted}"}`).toString("base64url")],
    ["UTF-16", Buffer.from(planted, "utf16le")],
  ])("finds one that is written as %s", async (form, content) => {
    write("cdktf.out/stacks/test/cdk.tf.json", content);

    expect(await scanForCanaries(folder)).toEqual([
      { secret: "planted", where: "cdktf.out/stacks/test/cdk.tf.json", form },
    ]);
  });

  test.each([
    "terraform.test.tfstate",
    "terraform.test.tfstate.backup",
    "emulator/state.json",
    "emulator/logs/requests.ndjson",
    ".terraform/terraform.tfstate",
  ])("finds one in %s", async (name) => {
    write(name, `{"value":${JSON.stringify(planted)}}`);

    expect(await scanForCanaries(folder)).toMatchObject([{ secret: "planted", where: name }]);
  });

  test("finds one in what a command printed, and in half", async () => {
    const texts = { stderr: `Error: Bearer ${planted.slice(0, 20)}…` };

    expect(await scanForCanaries(undefined, { texts })).toEqual([
      { secret: "a secret, or half of one", where: "stderr", form: "plain" },
    ]);
  });

  test("finds one that is packed: gzip, gzip in base64, and all of it in something else", async () => {
    write("log.gz", gzipSync(planted));
    write("user-data", `data: ${gzipSync(`key=${planted}`).toString("base64")}`);
    write("mixed", Buffer.concat([Buffer.from("head"), gzipSync(gzipSync(planted))]));

    const hits = await scanForCanaries(folder);

    expect(hits.map(({ where }) => where.split(" ")[0]).sort()).toEqual([
      "log.gz",
      "mixed",
      "user-data",
    ]);
  });

  test("finds one in a plan file of the real Terraform", async () => {
    const input = "x".repeat(2_000);
    const block = { terraform_data: { leak: { input: `${input}${canary("of a plan")}` } } };
    write("main.tf.json", JSON.stringify({ resource: block }));
    const terraform = (...args: string[]) =>
      execFileSync("terraform", args, {
        cwd: folder,
        env: cleanEnvironment() as NodeJS.ProcessEnv,
      });
    terraform("init");
    terraform("plan", "-out=plan");
    const except = ["main.tf.json"];

    const hits = await scanForCanaries(folder, { except });

    expect(hits.map(({ secret, where }) => [secret, where])).toEqual([
      ["of a plan", "plan (tfplan)"],
      ["of a plan", expect.stringMatching(/^plan \(tfconfig/)],
    ]);
  });

  test("finds what something else has made, and names file and secret, but not the value", async () => {
    watchSecret("an API token", "0123456789-made-elsewhere");
    write("exports", "0123456789-made-elsewhere");

    const failure = await expectNoCanary(folder).catch((error: Error) => error.message);

    expect(failure).toBe(
      "A secret is readable where none may be:\n  an API token, plain: in exports",
    );
  });

  test("leaves out what the test itself wrote there", async () => {
    write("main.tf", planted);

    await expectNoCanary(folder, { except: ["main.tf"] });
  });
});
