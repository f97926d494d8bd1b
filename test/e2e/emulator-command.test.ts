import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { canary } from "../secrets/canary.js";
import { removeFolder, temporaryFolder } from "../secrets/temporary-folder.js";
import { processesOf } from "./processes.js";
import { cleanEnvironment, run } from "./workbench.js";

const root = resolve(__dirname, "../..");

/** `npm run emulator -- …` as a user runs it, each time a process of its own. */
describe("npm run emulator", () => {
  let directory: string;
  let up: ChildProcess | undefined;

  const program = ["--import", "tsx", join(root, "emulator/cli/main.ts")];
  const options = () => ["--port", "0", "--state", join(directory, "state")];
  const environment = (): Record<string, string | undefined> => ({
    ...cleanEnvironment(),
    TF_INPUT: "0",
    STARTED_IN: directory,
  });
  // Run from the checkout: `--import tsx` is looked up from there.
  const emulator = (...args: string[]) =>
    run(process.execPath, [...program, ...options(), ...args], root, environment());
  const terraform = (...args: string[]) => emulator("terraform", `-chdir=${directory}`, ...args);

  beforeAll(async () => {
    directory = temporaryFolder("ai-gateway-command-");
    await writeFile(
      join(directory, "main.tf"),
      `terraform {
         required_providers {
           restful = {
             source = "magodo/restful"
           }
         }
       }
       variable "cloudflare_api_token" {
         type      = string
         ephemeral = true
       }
       variable "base_url" {}
       variable "account" {}
       provider "restful" {
         base_url = var.base_url
         security = { http = { token = { token = var.cloudflare_api_token } } }
       }
       resource "restful_resource" "gateway" {
         path            = "/accounts/\${var.account}/ai-gateway/gateways"
         read_path       = "$(path)/$(body.id)"
         create_selector = "result"
         read_selector   = "result.{id,cache_ttl,collect_logs,cache_invalidate_on_update,rate_limiting_interval,rate_limiting_limit}"
         body = { id = "by-hand", cache_ttl = 60, collect_logs = true, cache_invalidate_on_update = false,
                  rate_limiting_interval = 0, rate_limiting_limit = 0 }
       }`,
    );
  });

  afterAll(async () => {
    up?.kill("SIGKILL");
    await removeFolder(directory);
  });

  test("sets what cdktf, Terraform and both providers need", async () => {
    const { code, stdout } = await emulator(process.execPath, "-p", "JSON.stringify(process.env)");
    expect(code).toBe(0);
    const env = JSON.parse(stdout);
    expect(env).toMatchObject({
      CLOUDFLARE_BASE_URL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/client\/v4$/),
      CLOUDFLARE_API_TOKEN: expect.stringMatching(/^[\w-]{40}$/),
      CLOUDFLARE_ACCOUNT_ID: expect.stringMatching(/^[0-9a-f]{32}$/),
      AI_GATEWAY_BASE_URL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/v1$/),
      TF_REATTACH_PROVIDERS: expect.stringMatching(/magodo\/restful/),
    });
    expect(env.TF_VAR_cloudflare_api_token).toBe(env.CLOUDFLARE_API_TOKEN);
  }, 60_000);

  test("lets cdktf wait for no answer, and other commands for one from a pipe", async () => {
    const say = '#!/usr/bin/env node\nconsole.log("input " + process.env.TF_INPUT);\n';
    for (const name of ["cdktf", "deploy"]) {
      await writeFile(join(directory, name), say, { mode: 0o755 });
    }
    const { TF_INPUT, ...without } = environment();
    const of = async (name: string) => {
      const args = [...program, ...options(), join(directory, name)];
      return (await run(process.execPath, args, root, without)).stdout;
    };

    expect(await of("cdktf")).toBe("input 0\n");
    expect(await of("deploy")).toBe("input undefined\n");
  }, 60_000);

  test("leaves Terraform to find the providers with --providers=installed", async () => {
    const { stdout } = await emulator(
      "--providers=installed",
      process.execPath,
      "-p",
      "String(process.env.TF_REATTACH_PROVIDERS)",
    );
    expect(stdout.trim()).toBe("undefined");
  }, 60_000);

  test("lets two commands at once wait for each other", async () => {
    const both = await Promise.all(
      [1, 2].map((code) => emulator("sh", "-c", `sleep 1; exit ${code}`)),
    );
    expect(both.map(({ code }) => code)).toEqual([1, 2]);
    expect(both.map(({ stderr }) => stderr).join("")).toMatch(/waiting until it has ended/);
  }, 60_000);

  test("sends a provider block without a token to the emulator, never to a real account", async () => {
    // GIVEN a terminal with the credentials of a real account, and its API
    const asked: string[] = [];
    const cloud = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.end("{}");
    });
    await new Promise<void>((listening) => cloud.listen(0, "127.0.0.1", listening));
    const folder = join(directory, "bare");
    await mkdir(folder);
    await writeFile(
      join(folder, "main.tf"),
      `terraform {
         required_providers {
           cloudflare = {
             source = "cloudflare/cloudflare"
           }
         }
       }
       provider "cloudflare" {}
       resource "cloudflare_workers_script_subdomain" "dev" {
         account_id  = "e1a7ed00e1a7ed00e1a7ed00e1a7ed00"
         script_name = "nobody"
         enabled     = true
       }`,
    );

    // WHEN it is applied through the emulator
    const applied = await run(
      process.execPath,
      [
        ...program,
        ...options(),
        "sh",
        "-c",
        `cd ${folder} && terraform init && terraform apply -auto-approve -no-color`,
      ],
      root,
      {
        ...environment(),
        CLOUDFLARE_BASE_URL: `http://127.0.0.1:${(cloud.address() as AddressInfo).port}`,
        CLOUDFLARE_API_TOKEN: canary("the token of a real account"),
      },
    );
    cloud.close();

    // THEN the emulator has answered, and nobody else was asked
    expect(applied.stderr).toMatch(/10007|does not exist/);
    expect(asked).toEqual([]);
  }, 60_000);

  test("runs plain Terraform, and the next run finds what this one made", async () => {
    // The account lives in the state folder, so a stack can be applied in one run and read in another.
    const ask = await emulator(process.execPath, "-p", "process.env.CLOUDFLARE_ACCOUNT_ID");
    const account = ask.stdout.trim();
    const apply = await emulator(
      "sh",
      "-c",
      `cd ${directory} && export TF_VAR_base_url=$CLOUDFLARE_BASE_URL TF_VAR_account=${account} && terraform init && terraform apply -auto-approve`,
    );
    expect(apply.stderr + apply.stdout).toMatch(/1 added/);
    const plan = await emulator(
      "sh",
      "-c",
      `cd ${directory} && export TF_VAR_base_url=$CLOUDFLARE_BASE_URL TF_VAR_account=${account} && terraform plan -detailed-exitcode`,
    );
    expect(plan.code).toBe(0);
  }, 60_000);

  test("ends with the command's exit code and leaves no process", async () => {
    expect((await emulator(process.execPath, "-e", "process.exit(7)")).code).toBe(7);
    expect((await terraform("no-such-command")).code).not.toBe(0);
    expect(await processesOf(directory)).toEqual([]);
  }, 60_000);

  test("says what is wrong with a command that does not exist and an option it does not know", async () => {
    const missing = await emulator("no-such-program");
    expect(missing.code).toBe(1);
    expect(missing.stderr.trim()).toMatch(/^no-such-program: command not found/);
    const unknown = await emulator("--provider=installed");
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toMatch(/Unknown option --provider/);
  }, 60_000);

  test("lets an emulator that is up be used, but by no command that wants another one", async () => {
    // GIVEN one that was started to refuse, and a terminal that has the same faults exported as it has
    const faults = { AI_GATEWAY_EMULATOR_FAULTS: '{"path":"/nowhere","answer":503}' };
    const child = spawn(process.execPath, [...program, ...options()], {
      cwd: root,
      env: { ...environment(), ...faults } as NodeJS.ProcessEnv,
      stdio: ["ignore", "pipe", "inherit"],
    });
    up = child;
    let printed = "";
    await new Promise<void>((done) => {
      child.stdout.on("data", (chunk) => {
        printed += chunk;
        if (printed.includes("Ctrl-C")) done();
      });
    });
    const [, port = ""] = /^The emulator is up at http:\/\/[^:]+:(\d+)/.exec(printed) ?? [];
    // WHEN commands are run beside it
    const ask = (env: Record<string, string>, ...args: string[]) =>
      run(
        process.execPath,
        [...program, ...options(), ...args, process.execPath, "-p", "'ran'"],
        root,
        { ...environment(), ...env },
      );
    const answers = [
      await ask(faults),
      await ask({ AI_GATEWAY_EMULATOR_UNENFORCED: "pass" }),
      await ask({}, "--unenforced=refuse"),
      await ask({ AI_GATEWAY_EMULATOR_PORT: "1" }, "--port", port),
      await ask({ AI_GATEWAY_EMULATOR_UNENFORCED: "pass" }, "--unenforced=pass"),
      await ask({}, "--fault", '{"answer":503}'),
      await ask({}, "--port", "1"),
    ];
    // THEN what it does already is no reason to refuse one
    expect(answers.map(({ code, stdout }) => [code, stdout.trim()])).toEqual([
      [0, "ran"],
      [0, "ran"],
      [0, "ran"],
      [0, "ran"],
      [2, ""],
      [2, ""],
      [2, ""],
    ]);
    expect(answers[4]?.stderr).toContain("with --unenforced=refuse. Stop it first");
    expect(answers[5]?.stderr).toContain("--fault is for an emulator that starts");
    expect(answers[6]?.stderr).toMatch(
      new RegExp(
        `^--port=1 is for an emulator that starts, .* at port ${port}\\. Leave --port out`,
      ),
    );
    const ended = new Promise((done) => child.once("exit", done));
    child.kill("SIGTERM");
    await ended;
  }, 120_000);

  test("stays up without a command, serves commands of other terminals, and ends on SIGTERM", async () => {
    const child = spawn(process.execPath, [...program, ...options()], {
      cwd: root,
      env: environment() as NodeJS.ProcessEnv,
      stdio: ["ignore", "pipe", "inherit"],
    });
    up = child;
    let printed = "";
    await new Promise<void>((done) => {
      child.stdout.on("data", (chunk) => {
        printed += chunk;
        if (printed.includes("Ctrl-C")) done();
      });
    });
    for (const name of [
      "CLOUDFLARE_BASE_URL",
      "CLOUDFLARE_API_TOKEN",
      "CLOUDFLARE_ACCOUNT_ID",
      "TF_VAR_cloudflare_api_token",
      "AI_GATEWAY_BASE_URL",
    ]) {
      expect(printed).toMatch(new RegExp(`^export ${name}=\\S+$`, "m"));
    }

    // A command uses the one that is up, a second one is told about it.
    const base = /CLOUDFLARE_BASE_URL=(\S+)/.exec(printed)?.[1];
    const other = await emulator(process.execPath, "-p", "process.env.CLOUDFLARE_BASE_URL");
    expect(other.stdout.trim()).toBe(base);
    const second = await emulator();
    expect(second.code).toBe(1);
    expect(second.stderr.trim()).toMatch(/^An emulator is already up at/);

    const ended = new Promise((done) => child.once("exit", done));
    child.kill("SIGTERM");
    await ended;
    expect(printed).toMatch(/\nStopped\. The account is kept in .*state for the next run\.\n$/);
    expect(await processesOf(directory)).toEqual([]);
  }, 60_000);

  test("starts again after it was killed", async () => {
    const child = spawn(process.execPath, [...program, ...options()], {
      cwd: root,
      env: environment() as NodeJS.ProcessEnv,
      stdio: ["ignore", "pipe", "inherit"],
    });
    up = child;
    await new Promise<void>((done) => {
      child.stdout.on("data", (chunk) => String(chunk).includes("Ctrl-C") && done());
    });
    child.kill("SIGKILL");
    await new Promise((done) => child.once("exit", done));

    const next = await emulator(process.execPath, "-p", "1");
    expect({ code: next.code, stderr: next.stderr }).toEqual({ code: 0, stderr: "" });
    expect(await processesOf(directory)).toEqual([]);
  }, 60_000);
});
