import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { join } from "node:path";
import { getRequestListener } from "@hono/node-server";
import { systemClock } from "./clock.js";
import { namespaceOfImage } from "./containers/container-engine.js";
import { createContainerEngine } from "./containers/create-container-engine.js";
import { AccountTokens } from "./control-plane/account-tokens/account-tokens.js";
import { ContainerStore } from "./control-plane/containers/store.js";
import { CONTROL_PLANE_PATH, createControlPlane } from "./control-plane/control-plane.js";
import { Faults } from "./control-plane/faults/faults.js";
import { checkFaultRules } from "./control-plane/faults/parse-fault-rules.js";
import { CronSchedule } from "./crons/cron-schedule.js";
import { createDataPlane } from "./data-plane/data-plane.js";
import type { Emulator, EmulatorOptions } from "./emulator-options.js";
import { uuidV7 } from "./ids.js";
import { listenForCallers } from "./listen-for-callers.js";
import { createLogStore } from "./logs/create-log-store.js";
import { listenOnLoopback } from "./loopback-server.js";
import { makeOwnedDirectory, sweepOwnedDirectories } from "./owned-directory.js";
import { besideSettings } from "./state/beside-settings.js";
import { lookUpCustomProviders } from "./state/custom-provider-lookup.js";
import { openState } from "./state/state.js";
import { startTerraformProviders } from "./terraform/serve.js";
import { createWorkerHost } from "./workerd/create-worker-host.js";

/** Where the gateways answer, before account and gateway. */
const DATA_PLANE_PATH = "/v1";

/**
 * Starts Cloudflare without an account: the REST API, the gateways, and workerd for Workers.
 *
 * @throws {EmulatorError} when the port is taken, the state directory cannot be used, or a fault is no rule
 * @example
 * ```ts
 * const emulator = await startEmulator();
 * process.env.CLOUDFLARE_BASE_URL = emulator.apiUrl;
 * process.env.TF_REATTACH_PROVIDERS = emulator.reattach;
 * // … terraform apply …
 * await emulator.close();
 * ```
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  // What was started is ended in reverse, at close and when a later part does not start.
  const started: (() => unknown)[] = [];
  const close = async () => {
    const failures: unknown[] = [];
    for (const end of started.splice(0).reverse()) {
      // One part that does not end must not keep the others from it.
      try {
        await end();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  };
  try {
    const directory = options.stateDirectory ?? (await temporaryDirectory(started));
    return { ...(await start(directory, options, started)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(
  directory: string,
  options: EmulatorOptions,
  started: (() => unknown)[],
): Promise<Omit<Emulator, "close">> {
  const { port = 0, clock = systemClock, latencyMs, upstreams, log = () => {} } = options;
  const { unenforced = "refuse" } = options;
  const rules = checkFaultRules(options.faults ?? [], "faults");
  const state = await openState(directory, { clock });
  started.push(() => state.close());
  const { accountId, apiToken } = state;
  const lastPort = options.lastPortFirst ? state.apiPort.get() : undefined;
  const firstPort = lastPort ?? port;
  const logDirectory = join(state.directory, "logs");
  const logs = createLogStore({ directory: logDirectory, onError: ({ message }) => log(message) });
  started.push(() => logs.close());

  // Known once the port is; both planes need it only when somebody asks.
  let origin = "";
  const bindingToken = randomBytes(32).toString("hex");
  const tokens = new AccountTokens(state.products, clock);
  const dataPlane = createDataPlane({
    gateways: state.gateways,
    logs,
    clock,
    ids: () => uuidV7(clock),
    apiToken,
    mayRun: (token, address) => tokens.mayRun(token, address),
    bindingToken,
    gatewayUrl: () => `${origin}${DATA_PLANE_PATH}`,
    beside: besideSettings(state.products),
    customProviders: lookUpCustomProviders(state.products, state.secretBox),
    upstreams: {
      ...(latencyMs === undefined ? {} : { "workers-ai": { latencyMs } }),
      ...upstreams,
    },
    unenforced,
    log,
  });
  started.push(() => dataPlane.close());
  const binding = await listenOnLoopback((...exchange) => dataPlane.handleBinding(...exchange), 0);
  started.push(() => binding.close());

  const containers = new ContainerStore(state.products);
  const engine = await createContainerEngine({
    image: (name) => containers.imageOf(namespaceOfImage(name)),
    log,
  });
  await engine.start();
  started.push(() => engine.close());

  const workers = createWorkerHost({
    binding: { address: `127.0.0.1:${binding.port}`, token: bindingToken },
    directory: join(state.directory, "workerd"),
    ports: state.workerPorts,
    containerEngine: engine.socketPath(),
    ...(firstPort === 0 ? {} : { firstPort: firstPort + 1 }),
    log,
    clock,
  });
  started.push(() => workers.close());
  await state.storageDrops.carryOutAll(workers, log);
  if (options.warmUp) workers.warmUp();

  const crons = new CronSchedule({
    accountId,
    clock,
    workers,
    scripts: () => state.workers.list(),
    log,
  });
  started.push(() => crons.close());

  const faults = new Faults({ clock, log });
  const controlPlane = createControlPlane({
    state,
    logs,
    workers,
    clock,
    crons,
    engine,
    faults,
    ignoredSettings: options.ignoredSettings ?? {},
    onCustomProviders: () => dataPlane.dropAnswers(),
    log,
    gatewayUrl: (account, gateway, provider) =>
      `${origin}${DATA_PLANE_PATH}/${account}/${gateway}/${provider}`,
    onDefect: (error) => log(error instanceof Error ? (error.stack ?? error.message) : `${error}`),
  });
  const api = getRequestListener((request, { incoming: { url = "", socket } }) =>
    faults.around(request, pathOf(url).replace(CONTROL_PLANE_PATH, ""), socket, () =>
      controlPlane.fetch(request),
    ),
  );
  const handler: RequestListener = (request, response) => {
    const { url = "" } = request;
    const isApi = !url.startsWith(`${DATA_PLANE_PATH}/`) && controlPlane.serves(pathOf(url));
    if (isApi) api(request, response);
    else dataPlane.handle(request, response);
  };
  const server = await listenForCallers(handler, {
    port,
    lastPort,
    orAnyFree: options.orAnyFreePort ?? false,
    log,
  });
  started.push(() => server.close());
  await state.apiPort.set(server.port);
  started.push(() => faults.close());
  faults.add(...rules);
  origin = `http://127.0.0.1:${server.port}`;

  const [providers, scripts] = await Promise.all([
    startTerraformProviders({
      // Nothing of this process: a provider block without a token must not find a real account's.
      environment: {
        CLOUDFLARE_BASE_URL: `${origin}${CONTROL_PLANE_PATH}`,
        CLOUDFLARE_API_TOKEN: apiToken,
      },
    }),
    state.scripts((name, { message }) => log(`Worker "${name}" is left out: ${message}`)),
  ]);
  started.push(() => providers.close());
  if (scripts.length > 0) await workers.start(scripts);
  crons.restart();

  const facts = {
    apiUrl: `${origin}${CONTROL_PLANE_PATH}`,
    aiGatewayUrl: `${origin}${DATA_PLANE_PATH}`,
    reattach: providers.reattach,
  };
  if (options.announce ?? true) await state.announce({ ...facts, unenforced });
  return {
    ...facts,
    accountId,
    apiToken,
    logDirectory,
    faults,
    crons: () =>
      state.workers
        .list()
        .flatMap(({ name, schedules }) =>
          schedules.map(({ cron }) => ({ scriptName: name, cron })),
        ),
  };
}

const pathOf = (url: string): string => url.split("?", 1)[0] ?? "";

async function temporaryDirectory(started: (() => unknown)[]): Promise<string> {
  await sweepOwnedDirectories("emulator");
  const directory = makeOwnedDirectory("emulator");
  started.push(() => rm(directory, { recursive: true, force: true }));
  return directory;
}
