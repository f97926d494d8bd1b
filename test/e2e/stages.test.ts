import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { App } from "cdktf";
import {
  AiGateway,
  Cloudflare,
  DynamicRoute,
  KvNamespace,
  Queue,
  routeGraph,
  Stage,
  StageStack,
  Worker,
} from "../../lib/index.js";
import { newBundle } from "../lib/new-stack.js";
import { type CommandResult, run, Workbench } from "./workbench.js";

const names = ["production", "staging", "pr-12"] as const;

/** One app, deployed to three stages of one account. */
describe("stages side by side", () => {
  let bench: Workbench;

  /** Synthesizes the app for one stage, as a run of it does. */
  function synth(name: string, productionNames = ["production"]): void {
    const app = new App({ outdir: join(bench.directory, "cdktf.out") });
    const stack = new StageStack(app, "chat", {
      stage: Stage.fromEnvironment({ productionNames, environment: { STAGE: name } }),
    });
    new Cloudflare(stack, "cloudflare", {
      accountId: bench.emulator.accountId,
      baseUrl: bench.emulator.apiUrl,
      aiGatewayBaseUrl: bench.emulator.aiGatewayUrl,
    });
    const gateway = new AiGateway(stack, "gateway");
    gateway.bind(new Worker(stack, "worker", { bundle: newBundle() }), "GATEWAY");
    // Protected in production as the gateway is, with a path that only the gateway's deploy tells.
    const graph = routeGraph((g) =>
      g.model({ provider: "workers-ai", model: "@cf/meta/llama-3.1-8b-instruct" }),
    );
    new DynamicRoute(stack, "route", { gateway, graph });
    new KvNamespace(stack, "titles");
    new Queue(stack, "jobs");
    // The state's default place is the folder of whoever runs cdktf.
    stack.addOverride("terraform.backend.local.path", stateFile(name));
    app.synth();
  }

  const stateFile = (name: string) => join(bench.directory, `terraform.chat-${name}.tfstate`);

  const terraform = (name: string, ...args: string[]): Promise<CommandResult> =>
    run(
      "terraform",
      [...args, "-no-color"],
      join(bench.directory, "cdktf.out", "stacks", `chat-${name}`),
      bench.environment(),
    );

  async function must(name: string, ...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await terraform(name, ...args);
    if (code !== 0) throw new Error(`terraform ${args.join(" ")}:\n${stdout}\n${stderr}`);
    return stdout;
  }

  /** Names of everything in the account, by product. */
  async function account() {
    const list = async (path: string, key: string) =>
      ((await bench.api("GET", path)).body.result as Record<string, string>[])
        .map((entry) => entry[key])
        .sort();
    return {
      gateways: await list("/ai-gateway/gateways", "id"),
      scripts: await list("/workers/scripts", "id"),
      titles: await list("/storage/kv/namespaces", "title"),
      queues: await list("/queues", "queue_name"),
    };
  }

  const expected = (...stages: readonly string[]) => ({
    gateways: stages.map((name) => `chat-${name}-gateway`).sort(),
    scripts: stages.map((name) => `chat-${name}-worker`).sort(),
    titles: stages.map((name) => `chat-${name}-titles`).sort(),
    queues: stages.map((name) => `chat-${name}-jobs`).sort(),
  });

  beforeAll(async () => {
    bench = await Workbench.start();
    for (const name of names) {
      synth(name);
      await must(name, "init");
      await must(name, "apply", "-auto-approve");
    }
  }, 120_000);

  afterAll(() => bench.close());

  test("are all there, each under names of its own", async () => {
    expect(await account()).toEqual(expected(...names));
  });

  test("have nothing to change, whichever was deployed last", async () => {
    for (const name of names) {
      expect(await must(name, "plan", "-detailed-exitcode")).toMatch(/No changes/);
    }
  }, 60_000);

  test("lose a preview without a trace, and nothing else", async () => {
    await must("pr-12", "destroy", "-auto-approve");

    expect(await account()).toEqual(expected("production", "staging"));
    for (const name of ["production", "staging"]) {
      expect(await must(name, "plan", "-detailed-exitcode")).toMatch(/No changes/);
    }
  }, 60_000);

  test("keep production: destroying it is refused with what would lift it", async () => {
    const { code, stderr } = await terraform("production", "destroy", "-auto-approve");

    expect(code).toBe(1);
    for (const protectedOne of ["gateway", "route"]) {
      expect(stderr.replace(/\s+/g, " ")).toContain(
        `chat-production/${protectedOne}: deploy deletionProtection: false first`,
      );
    }
    expect(await account()).toEqual(expected("production", "staging"));
  }, 60_000);

  test("let everything else go as it came", async () => {
    await must("staging", "destroy", "-auto-approve");

    expect(await account()).toEqual(expected("production"));
  }, 60_000);

  test("end production after it is no production any more", async () => {
    synth("production", []);
    await must("production", "apply", "-auto-approve");
    expect(await account()).toEqual(expected("production"));

    await must("production", "destroy", "-auto-approve");
    expect(await account()).toEqual(expected());
  }, 60_000);
});
