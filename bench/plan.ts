/**
 * `terraform plan` of 1,000 gateways without a change, against 1,000 plain GETs of the same gateways, ten
 * at a time, which is how many Terraform has under way.
 *
 *     npx tsx bench/plan.ts [rounds] [milliseconds]
 *
 * Both sides reach the emulator through a proxy that holds every answer for some milliseconds (100 by
 * default): an API across a network is not there at once, and without the wait the figure would be
 * Terraform's own work alone. `npx tsx bench/plan.ts 5 0` shows that one. Each round says, too, what the same
 * plan takes without asking the API (`-refresh=false`): what no answer, however quick, makes less, and what it takes
 * with the settings that docs/large-stacks.md gives for stacks of this size. Rounds alternate; a ratio is the median of
 * the rounds' ratios. Ends with 1 where Terraform's defaults miss the goal.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent, createServer, get, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, LocalBackend, TerraformStack } from "cdktf";
import { commandEnvironment } from "../emulator/environment.js";
import { type Emulator, startEmulator } from "../emulator/index.js";
import { AiGateway, Cloudflare } from "../lib/index.js";

const GATEWAYS = 1_000;
const AT_ONCE = 10;
const GOAL = 1.1;
/** What docs/large-stacks.md says. */
const LARGE_STACK = { TF_CLI_ARGS_plan: "-parallelism=40", GOGC: "400" };
const rounds = Number(process.argv[2] ?? 5);
const waitMs = Number(process.argv[3] ?? 100);
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

async function main(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "bench-plan-"));
  const emulator = await startEmulator({ stateDirectory: join(directory, "state"), latencyMs: 0 });
  const slow = await startSlowProxy(emulator);
  try {
    synth(directory, emulator, slow.url);
    const terraform = runner(join(directory, "cdktf.out/stacks/bench"), emulator);
    const large = runner(join(directory, "cdktf.out/stacks/bench"), emulator, LARGE_STACK);
    await terraform("init", "-no-color");
    slow.waitMs = 0;
    await terraform("apply", "-auto-approve", "-no-color");
    slow.waitMs = waitMs;
    const ratios: Record<"defaults" | "tuned", number[]> = { defaults: [], tuned: [] };
    for (let round = 0; round < rounds; round++) {
      slow.calls = 0;
      const plan = await seconds(() => terraform("plan", "-no-color", "-detailed-exitcode"));
      const calls = slow.calls;
      const gets = await seconds(() =>
        getAll(`${slow.url}${gateways(emulator)}`, emulator.apiToken),
      );
      const own = await seconds(() => terraform("plan", "-no-color", "-refresh=false"));
      const tuned = await seconds(() => large("plan", "-no-color", "-detailed-exitcode"));
      ratios.defaults.push(plan / gets);
      ratios.tuned.push(tuned / gets);
      console.log(
        `plan ${plan.toFixed(2)} s with ${calls} calls (${own.toFixed(2)} s without refreshing), for large stacks ${tuned.toFixed(2)} s, ${GATEWAYS} GETs ${gets.toFixed(2)} s: ${(plan / gets).toFixed(2)} x, ${(tuned / gets).toFixed(2)} x`,
      );
    }
    const [defaults, tuned] = [median(ratios.defaults), median(ratios.tuned)];
    console.log(
      `ratio ${defaults.toFixed(2)} x (goal: at most ${GOAL}), with ${Object.entries(LARGE_STACK).flat().join(" ")} ${tuned.toFixed(2)} x, medians of ${rounds}, ${waitMs} ms an answer`,
    );
    process.exitCode = defaults <= GOAL ? 0 : 1;
  } finally {
    agent.destroy();
    slow.server.close();
    slow.server.closeAllConnections();
    await emulator.close();
    await rm(directory, { recursive: true, force: true });
  }
}

const gateways = ({ accountId }: Emulator) => `/accounts/${accountId}/ai-gateway/gateways`;

function synth(directory: string, emulator: Emulator, baseUrl: string): void {
  const app = new App({ outdir: join(directory, "cdktf.out") });
  const stack = new TerraformStack(app, "bench");
  new LocalBackend(stack, { path: join(directory, "terraform.tfstate") });
  new Cloudflare(stack, "cloudflare", { accountId: emulator.accountId, baseUrl });
  for (let index = 0; index < GATEWAYS; index++) {
    new AiGateway(stack, `gateway${index}`, { gatewayId: `gateway-${index}`, cacheTtl: 60 });
  }
  app.synth();
}

function runner(cwd: string, emulator: Emulator, more: NodeJS.ProcessEnv = {}) {
  const env = {
    ...more,
    ...commandEnvironment(process.env, emulator, "embedded"),
    TF_WORKSPACE: "default",
    TF_INPUT: "0",
  };
  return (...args: string[]) =>
    new Promise<void>((done, failed) => {
      execFile("terraform", args, { cwd, env, maxBuffer: 1 << 28 }, (error, stdout, stderr) =>
        error ? failed(new Error(`terraform ${args.join(" ")}:\n${stdout}${stderr}`)) : done(),
      );
    });
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

async function seconds(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1_000;
}

/** Each gateway once, {@link AT_ONCE} at a time. */
async function getAll(collection: string, token: string): Promise<void> {
  const ids = Array.from({ length: GATEWAYS }, (_, index) => `gateway-${index}`);
  const headers = { authorization: `Bearer ${token}` };
  const one = (id: string) =>
    new Promise<void>((done, failed) => {
      get(`${collection}/${id}`, { agent, headers }, (response) => {
        if (response.statusCode !== 200) failed(new Error(`${id}: ${response.statusCode}`));
        response.resume().on("end", done).on("error", failed);
      }).on("error", failed);
    });
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let id = ids.pop(); id !== undefined; id = ids.pop()) await one(id);
    }),
  );
}

interface SlowProxy {
  readonly server: Server;
  /** In front of the REST API. */
  readonly url: string;
  waitMs: number;
  calls: number;
}

async function startSlowProxy(emulator: Emulator): Promise<SlowProxy> {
  const target = new URL(emulator.apiUrl);
  const inner = new Agent({ keepAlive: true });
  const server = createServer((incoming, outgoing) => {
    proxy.calls++;
    const { method, headers, url: path } = incoming;
    const { hostname, port } = target;
    const forwarded = request({ agent: inner, hostname, port, method, headers, path }, (answer) => {
      setTimeout(() => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      }, proxy.waitMs);
    });
    forwarded.on("error", () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  server.on("close", () => inner.destroy());
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}${target.pathname}`;
  const proxy: SlowProxy = { server, url, waitMs: 0, calls: 0 };
  return proxy;
}

void main();
