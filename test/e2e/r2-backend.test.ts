import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { App, DataResource, TerraformOutput, TerraformStack } from "cdktf";
import { R2Backend } from "../../lib/index.js";
import { canary } from "../secrets/canary.js";
import { removeFolder, temporaryFolder } from "../secrets/temporary-folder.js";
import { type S3Server, startS3Server } from "./s3-server.js";
import { cleanEnvironment, run } from "./workbench.js";

const key = "chat/state.tfstate";
const lockKey = `${key}.tflock`;

describe("a state in an S3-compatible bucket", () => {
  let server: S3Server;
  let folder: string;

  beforeAll(async () => {
    server = await startS3Server("terraform-state");
    folder = temporaryFolder("r2-backend-");
  });

  afterAll(async () => {
    await server.close();
    await removeFolder(folder);
  });

  /** Somebody's checkout of the stack: resources by name, and perhaps one whose creation waits for a file. */
  function checkout(name: string, resources: Readonly<Record<string, string>>, waiting?: string) {
    const outdir = join(folder, name);
    const app = new App({ outdir });
    const stack = new TerraformStack(app, "chat");
    new R2Backend(stack, { bucket: server.bucket, endpoint: server.endpoint, key });
    for (const [id, input] of Object.entries(resources)) {
      const resource = new DataResource(stack, id, { input: { value: input } });
      new TerraformOutput(stack, `${id}_id`, { value: resource.id });
    }
    const started = join(folder, `${name}.started`);
    const goOn = join(folder, `${name}.go-on`);
    if (waiting !== undefined) {
      new DataResource(stack, waiting, {
        provisioners: [
          {
            type: "local-exec",
            command: `echo > '${started}'; until [ -e '${goOn}' ]; do sleep 0.05; done`,
          },
        ],
      });
    }
    app.synth();
    return {
      directory: join(outdir, "stacks", "chat"),
      started,
      release: () => writeFileSync(goOn, ""),
    };
  }

  const environment = (workspace?: string) => ({
    ...cleanEnvironment(),
    ...server.credentials,
    TF_INPUT: "0",
    TF_IN_AUTOMATION: "1",
    ...(workspace === undefined ? {} : { TF_WORKSPACE: workspace }),
  });

  const terraform = (directory: string, args: readonly string[], workspace?: string) =>
    run("terraform", [...args, "-no-color"], directory, environment(workspace));

  async function must(directory: string, args: readonly string[], workspace?: string) {
    const result = await terraform(directory, args, workspace);
    if (result.code !== 0) {
      throw new Error(`terraform ${args.join(" ")} failed:\n${result.stdout}\n${result.stderr}`);
    }
    return result.stdout;
  }

  const apply = ["apply", "-auto-approve"];

  /** An apply that goes on by itself. */
  function startApply(directory: string, ...args: string[]) {
    const child = spawn("terraform", [...apply, "-no-color", ...args], {
      cwd: directory,
      env: environment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const collect = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    const ended = once(child, "close").then(([code]) => ({ code: code as number, output }));
    return { child, ended, printed: (text: string) => untilPrinted(child, () => output, text) };
  }

  const state = () =>
    JSON.parse(server.read(key)) as {
      readonly serial: number;
      readonly resources: readonly {
        readonly name: string;
        readonly instances: readonly { readonly attributes: { readonly id: string } }[];
      }[];
    };
  const namesInState = () =>
    state()
      .resources.map(({ name }) => name)
      .sort();

  test("is written to its key, grows in serial, and leaves no lock behind", async () => {
    // GIVEN
    const { directory } = checkout("first", { a: "1" });
    await must(directory, ["init"]);

    // WHEN
    await must(directory, apply);
    const before = state().serial;
    await must(checkout("first", { a: "2" }).directory, apply);

    // THEN
    expect(state().serial).toBeGreaterThan(before);
    expect(server.keys()).toEqual([key]);
    expect(readFileSync(join(directory, "cdk.tf.json"), "utf8")).not.toContain("S3RVER");
    expect(server.read(key)).not.toContain("S3RVER");
  }, 60_000);

  test("fails cleanly while another apply holds the lock, and waits for it where it is told to", async () => {
    // GIVEN an apply in the middle of its work
    const mine = checkout("mine", { a: "2", b: "1" }, "slow");
    const theirs = checkout("theirs", { a: "2", c: "1" });
    await must(mine.directory, ["init"]);
    await must(theirs.directory, ["init"]);
    const { serial } = state();
    const first = startApply(mine.directory);
    await untilExists(mine.started);
    expect(server.keys()).toEqual([key, lockKey]);

    // WHEN another one comes
    const refused = await terraform(theirs.directory, apply);

    // THEN it says who has the lock, and has changed nothing
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("Error acquiring the state lock");
    expect(refused.stderr).toMatch(/ID: +[0-9a-f-]{36}/);
    expect(refused.stderr).toContain("OperationTypeApply");
    expect(namesInState()).not.toContain("c");

    // AND WHEN a third one is told to wait
    const patient = startApply(theirs.directory, "-lock-timeout=60s");
    await patient.printed("Acquiring state lock");
    mine.release();
    const results = await Promise.all([first.ended, patient.ended]);

    // THEN both worked, the second one on the first one's state: its b is gone because "theirs" has none
    expect(results.map(({ code }) => code)).toEqual([0, 0]);
    expect(results[1].output).toMatch(/1 added, 0 changed, 2 destroyed/);
    expect(namesInState()).toEqual(["a", "c"]);
    expect(state().serial).toBeGreaterThan(serial);
    expect(server.keys()).toEqual([key]);
  }, 180_000);

  test("loses nothing when several applies start at the same moment", async () => {
    // GIVEN four checkouts, each with one resource more than the one before
    const names = ["a", "c", "d1", "d2", "d3", "d4"];
    const checkouts = [3, 4, 5, 6].map((count) =>
      checkout(
        `race-${count}`,
        Object.fromEntries(names.slice(0, count).map((name) => [name, "2"])),
      ),
    );
    for (const { directory } of checkouts) {
      await must(directory, ["init"]);
    }
    const { serial, resources } = state();
    const idOfA = resources.find(({ name }) => name === "a")?.instances[0]?.attributes.id;

    // WHEN all apply at once
    const results = await Promise.all(
      checkouts.map(({ directory }) => startApply(directory, "-lock-timeout=60s").ended),
    );

    // THEN each had its turn: the first resource is the same one, and only what the last one declares is there
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    const after = state();
    expect(after.serial).toBeGreaterThanOrEqual(serial + checkouts.length - 1);
    expect(after.resources.find(({ name }) => name === "a")?.instances[0]?.attributes.id).toBe(
      idOfA,
    );
    expect([3, 4, 5, 6].map((count) => names.slice(0, count))).toContainEqual(namesInState());
    expect(server.keys()).toEqual([key]);
  }, 180_000);

  test("keeps the lock of a killed apply until force-unlock removes it", async () => {
    // GIVEN an apply that is killed in the middle
    const killed = checkout("killed", { a: "2" }, "slow2");
    await must(killed.directory, ["init"]);
    const first = startApply(killed.directory);
    await untilExists(killed.started);
    first.child.kill("SIGKILL");
    killed.release();
    await first.ended;

    // WHEN the next one comes
    const { directory } = checkout("next", { a: "3" });
    await must(directory, ["init"]);
    const refused = await terraform(directory, apply);

    // THEN it is refused with the lock's id, with which the lock can be removed
    expect(refused.code).toBe(1);
    const id = /ID: +([0-9a-f-]{36})/.exec(refused.stderr)?.[1] ?? "";
    expect(server.keys()).toEqual([key, lockKey]);
    await must(directory, ["force-unlock", "-force", id]);
    expect(server.keys()).toEqual([key]);
    await must(directory, apply);
    expect(namesInState()).toEqual(["a"]);
  }, 180_000);

  test("keeps each workspace apart, such as the emulator's", async () => {
    // GIVEN a state in the default workspace
    const { directory } = checkout("workspaces", { a: "3", e: "1" });
    await must(directory, ["init"], "emulator");
    const before = server.read(key);

    // WHEN
    await must(directory, apply, "emulator");

    // THEN
    expect(server.keys()).toEqual([key, `env:/emulator/${key}`]);
    expect(server.read(key)).toBe(before);
    expect(await must(directory, ["plan", "-detailed-exitcode"], "emulator")).toContain(
      "No changes",
    );
  }, 60_000);

  test("is refused to who has other credentials", async () => {
    const { directory } = checkout("stranger", { a: "1" });
    const { code, stderr } = await run("terraform", ["init", "-no-color"], directory, {
      ...environment(),
      AWS_SECRET_ACCESS_KEY: canary("a wrong secret of S3"),
    });

    expect(code).toBe(1);
    expect(stderr).toContain("SignatureDoesNotMatch");
  }, 60_000);
});

async function untilExists(file: string): Promise<void> {
  const watcher = watch(join(file, ".."));
  try {
    while (!existsSync(file)) {
      await once(watcher, "change");
    }
  } finally {
    watcher.close();
  }
}

async function untilPrinted(
  child: ChildProcess,
  output: () => string,
  text: string,
): Promise<void> {
  while (!output().includes(text)) {
    await once(child.stdout as NonNullable<ChildProcess["stdout"]>, "data");
  }
}
