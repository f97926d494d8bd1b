import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { canary } from "../secrets/canary.js";
import { removeFolder, temporaryFolder } from "../secrets/temporary-folder.js";
import { readYaml, type Yaml } from "./read-workflow.js";
import { type S3Server, startS3Server } from "./s3-server.js";
import { run, Workbench } from "./workbench.js";

const root = resolve(__dirname, "../..");
const page = readFileSync(join(root, "docs/github-actions.md"), "utf8");

interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}
interface Job {
  readonly if: string;
  readonly env: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly env: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** The file of that name, as the page shows it. */
function shown(name: string): string {
  const [, text] =
    new RegExp(
      `^\`${name.replaceAll(".", "\\.")}\`:\\n\\n\`\`\`\\w+\\n([\\s\\S]*?)^\`\`\`$`,
      "m",
    ).exec(page) ?? [];
  if (text === undefined) throw new Error(`The page does not show ${name}`);
  return text;
}

const workflow = (name: string): Workflow =>
  readYaml(shown(`.github/workflows/${name}`)) as unknown as Workflow;
const workflows = { deploy: workflow("deploy.yml"), preview: workflow("preview.yml") };

/** Runs the commands of the page's workflows, job by job, against an emulated account and a bucket. */
describe("the GitHub Actions recipe", () => {
  let bench: Workbench;
  let bucket: S3Server;
  let project: string;
  const ran: string[] = [];
  /** Whatever a log or a comment would show. */
  let seen = "";

  beforeAll(async () => {
    [bench, bucket] = await Promise.all([Workbench.start(), startS3Server("terraform-state")]);
    project = temporaryFolder("ai-gateway-actions-");
    mkdirSync(join(project, "bin"));
    write("main.ts", shown("main.ts"));
    write("cdktf.json", shown("cdktf.json"));
    // The checkout stands for the published package.
    write(
      "tsconfig.json",
      JSON.stringify({
        compilerOptions: { paths: { "cdktf-cloudflare-ai-gateway": [join(root, "lib/index.ts")] } },
      }),
    );
    // Stands for GitHub: keeps the comment, and what it was asked.
    write(
      "bin/gh",
      `#!/bin/sh\n[ -n "$GH_TOKEN" ] || exit 4\nprintf '%s ' "$@" > '${project}/gh.txt'\nwhile [ "$1" != --body-file ]; do shift; done\ncp "$2" '${project}/comment.md'\n`,
    );
    chmodSync(join(project, "bin/gh"), 0o755);
  });

  afterAll(async () => {
    await Promise.all([bench.close(), bucket.close()]);
    await removeFolder(project, { texts: { "what the jobs showed": seen } });
  });

  const write = (name: string, text: string) => writeFileSync(join(project, name), text);

  /** What a job finds in GitHub's contexts; another expression is not known, and fails. */
  const contexts = (): Readonly<Record<string, string>> => ({
    "github.event.number": "12",
    "github.token": canary("GitHub's token"),
    "vars.CLOUDFLARE_ACCOUNT_ID": bench.emulator.accountId,
    "vars.STATE_BUCKET": bucket.bucket,
    "vars.STATE_ENDPOINT": bucket.endpoint,
    "secrets.CLOUDFLARE_API_TOKEN": bench.emulator.apiToken,
    "secrets.R2_ACCESS_KEY_ID": bucket.credentials.AWS_ACCESS_KEY_ID,
    "secrets.R2_SECRET_ACCESS_KEY": bucket.credentials.AWS_SECRET_ACCESS_KEY,
  });

  const filledIn = (env: Readonly<Record<string, string>> = {}) =>
    Object.fromEntries(
      Object.entries(env).map(([name, text]) => [
        name,
        text.replace(/\$\{\{ (.*?) \}\}/g, (expression, key) => {
          const value = contexts()[key];
          if (value === undefined) throw new Error(`${name}: ${expression} is not known`);
          return value;
        }),
      ]),
    );

  /** A job from a clean checkout to its last step, as a runner does it. */
  async function runJob({ env, jobs }: Workflow, name: string) {
    const job = jobs[name] as Job;
    const temp = temporaryFolder("runner-", project);
    rmSync(join(project, "cdktf.out"), { recursive: true, force: true });
    rmSync(join(project, "node_modules"), { force: true });
    for (const step of job.steps) {
      if (step.run === undefined) continue;
      ran.push(step.run);
      if (step.run === "npm ci") {
        symlinkSync(join(root, "node_modules"), join(project, "node_modules"));
        continue;
      }
      const {
        TF_VAR_cloudflare_api_token: _,
        CLOUDFLARE_API_TOKEN: __,
        ...emulated
      } = bench.environment();
      const result = await run(
        "bash",
        ["--noprofile", "--norc", "-eo", "pipefail", "-c", step.run],
        project,
        {
          ...emulated,
          ...filledIn({ ...env, ...job.env, ...step.env }),
          CI: "true",
          GITHUB_REPOSITORY: "team/chat",
          GITHUB_OUTPUT: join(temp, "output.txt"),
          RUNNER_TEMP: temp,
          PATH: [join(project, "bin"), process.env.PATH].join(delimiter),
        },
      );
      seen += result.stdout + result.stderr;
      if (result.code !== 0)
        throw new Error(`${name}: ${step.run}\n${result.stdout}\n${result.stderr}`);
    }
    const outputs = join(temp, "output.txt");
    return { outputs: existsSync(outputs) ? readFileSync(outputs, "utf8") : "" };
  }

  const gateways = async () =>
    ((await bench.api("GET", "/ai-gateway/gateways")).body.result as { id: string }[])
      .map(({ id }) => id)
      .sort();
  function comment(): string {
    const text = readFileSync(join(project, "comment.md"), "utf8");
    seen += text;
    return text;
  }

  test("plans for a pull request, comments it, and changes nothing", async () => {
    await runJob(workflows.deploy, "plan");

    expect(comment()).toMatch(
      /^Plan for `production`:\n```\n[\s\S]* to add, 0 to change, 0 to destroy\.[\s\S]*```\n$/,
    );
    expect(readFileSync(join(project, "gh.txt"), "utf8")).toMatch(
      /^pr comment 12 --repo team\/chat /,
    );
    expect(await gateways()).toEqual([]);
    expect(bucket.keys().filter((key) => key.endsWith(".tfstate"))).toEqual([]);
  }, 240_000);

  test("deploys what was merged", async () => {
    await runJob(workflows.deploy, "deploy");

    expect(await gateways()).toEqual(["chat-production-gateway"]);
  }, 240_000);

  test("gives each pull request a preview, and its address to GitHub", async () => {
    const { outputs } = await runJob(workflows.preview, "preview");

    expect(await gateways()).toEqual(["chat-pr-12-gateway", "chat-production-gateway"]);
    expect(outputs).toBe(
      `url=${bench.emulator.aiGatewayUrl}/${bench.emulator.accountId}/chat-pr-12-gateway\n`,
    );
  }, 240_000);

  test("plans no change for a pull request that has none", async () => {
    await runJob(workflows.deploy, "plan");

    expect(comment()).toContain("No changes.");
  }, 240_000);

  test("cleans the preview up when the pull request is closed, and leaves production", async () => {
    await runJob(workflows.preview, "clean-up");

    expect(await gateways()).toEqual(["chat-production-gateway"]);
    const states = bucket.keys().filter((key) => key.endsWith(".tfstate"));
    expect(states.map((key) => key.replace(/^.*\//, ""))).toEqual([
      "chat-pr-12.tfstate",
      "chat-production.tfstate",
    ]);
    expect(JSON.parse(bucket.read(states[0] as string)).resources).toEqual([]);
    expect(bucket.keys().filter((key) => key.endsWith(".tflock"))).toEqual([]);
  }, 240_000);

  test("has run every command of the page", () => {
    const commands = Object.values(workflows).flatMap(({ jobs }) =>
      Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run: command = [] }) => command)),
    );

    expect(commands.length).toBeGreaterThan(10);
    for (const command of commands) expect(ran).toContain(command);
  });

  test("pins every action to a commit, and gives no secret to a fork", () => {
    for (const { jobs } of Object.values(workflows)) {
      for (const [name, job] of Object.entries(jobs)) {
        const uses = job.steps.flatMap(({ uses: action = [] }) => action);
        expect(uses.length).toBeGreaterThan(0);
        for (const action of uses) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
        if (name !== "deploy") {
          expect(job.if).toContain(
            "github.event.pull_request.head.repo.full_name == github.repository",
          );
        }
      }
    }
  });

  test("shows no secret in a log or a comment", () => {
    expect(seen).toContain("Plan for `production`");
    expect(seen).not.toContain(bench.emulator.apiToken);
  });
});

describe("the reader of workflow files", () => {
  test.each<[string, Yaml]>([
    ["a: 1\nb:\n  c: [x, y]\n  d: e.f\n", { a: "1", b: { c: ["x", "y"], d: "e.f" } }],
    ["a:\n  - b: 1\n    c: 2\n  - d\n", { a: [{ b: "1", c: "2" }, "d"] }],
    [
      "# x\na: |\n  one\n    two\n\n  # three\nb: c # d\n",
      { a: "one\n  two\n\n# three\n", b: "c" },
    ],
    ["on:\n  push:\n\nb: c\n", { on: { push: "" }, b: "c" }],
  ])("reads %j", (text, value) => {
    expect(readYaml(text)).toEqual(value);
  });

  test.each(["a: &x 1\n", "a: {b: c}\n", "a: b: c\n", "a: 1\na: 2\n", "a:\n  b: 1\n    c: 2\n"])(
    "fails for what it would read otherwise than YAML says: %j",
    (text) => {
      expect(() => readYaml(text)).toThrow();
    },
  );
});
