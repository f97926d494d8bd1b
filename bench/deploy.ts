import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { commandEnvironment } from "../emulator/environment.js";
import { startEmulator } from "../emulator/index.js";

/**
 * `cdktf deploy` against plain `terraform init && terraform apply` of the same synthesized stack, both
 * from nothing, alternating. Shows what cdktf itself costs.
 *
 *     npx tsx bench/deploy.ts [rounds]
 */
const root = resolve(__dirname, "..");
const rounds = Number(process.argv[2] ?? 5);
const stack = join(root, "cdktf.out/stacks/ai-gateway");

async function main(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "bench-deploy-"));
  const emulator = await startEmulator({ stateDirectory: join(directory, "state"), latencyMs: 0 });
  const env = {
    ...commandEnvironment(process.env, emulator, "embedded"),
    TF_WORKSPACE: "bench",
    TF_INPUT: "0",
  };
  const sh = (file: string, args: string[], cwd: string) =>
    new Promise<void>((done, failed) => {
      execFile(file, args, { cwd, env, maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
        error ? failed(new Error(`${file} ${args.join(" ")}:\n${stdout}${stderr}`)) : done(),
      );
    });
  const cdktf = (...args: string[]) =>
    sh(process.execPath, [join(root, "node_modules/cdktf-cli/bundle/bin/cdktf.js"), ...args], root);
  const terraform = (...args: string[]) => sh("terraform", args, stack);
  const seconds = async (work: () => Promise<void>) => {
    const started = performance.now();
    await work();
    return (performance.now() - started) / 1_000;
  };

  const times = { cdktf: [] as number[], terraform: [] as number[] };
  try {
    await cdktf("synth");
    for (let round = 0; round < rounds; round++) {
      times.cdktf.push(await seconds(() => cdktf("deploy", "--auto-approve")));
      await terraform("destroy", "-auto-approve");
      times.terraform.push(
        await seconds(async () => {
          await terraform("init");
          await terraform("apply", "-auto-approve");
        }),
      );
      await terraform("destroy", "-auto-approve");
    }
  } finally {
    await emulator.close();
    await rm(directory, { recursive: true, force: true });
    await rm(join(root, "terraform.ai-gateway.tfstate.d/bench"), { recursive: true, force: true });
  }
  const median = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
  const [a, b] = [median(times.cdktf), median(times.terraform)];
  console.log(`cdktf deploy                     ${a.toFixed(2)} s`);
  console.log(`terraform init + terraform apply ${b.toFixed(2)} s`);
  console.log(`ratio                            ${(a / b).toFixed(1)} x (median of ${rounds})`);
}

void main();
