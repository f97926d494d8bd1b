import { DeployQueue } from "./deploy-queue.js";
import { listenOnStablePort } from "./front/front-ports.js";
import type { FrontRoute } from "./front/front-route.js";
import { WorkerFront } from "./front/worker-front.js";
import { GenerationSwitch } from "./generation-switch.js";
import { type ScriptKey, scriptKey, scriptNameOf } from "./script-key.js";
import { hasObjects } from "./stored-files.js";
import type { StoredProduct, UploadedScript } from "./uploaded-script.js";
import {
  defaultWorkerHostLimits,
  type RestartableWorkerHost,
  type StoredScript,
  type WorkerHostLimits,
  type WorkerHostOptions,
} from "./worker-host-options.js";

interface Served {
  readonly front: WorkerFront;
  readonly url: string;
}

/** See `createWorkerHost`. */
export class WorkerdHost implements RestartableWorkerHost {
  readonly #options: WorkerHostOptions & { readonly storageDirectory: string };
  readonly #limits: WorkerHostLimits;
  readonly #generations: GenerationSwitch;
  readonly #queue: DeployQueue;
  readonly #served = new Map<ScriptKey, Promise<Served>>();
  readonly #public = new Set<ScriptKey>();
  #closed: Promise<void> | undefined;

  constructor(options: WorkerHostOptions & { readonly storageDirectory: string }) {
    this.#options = options;
    this.#limits = { ...defaultWorkerHostLimits, ...options.limits };
    this.#generations = new GenerationSwitch({ ...options, limits: this.#limits });
    this.#queue = new DeployQueue((changes) => this.#generations.apply(changes));
  }

  async start(scripts: readonly StoredScript[]): Promise<void> {
    const changes = scripts.map(({ script, public: isPublic }) => {
      this.setPublic(script.accountId, script.name, isPublic);
      return { key: scriptKey(script.accountId, script.name), script };
    });
    for (const { key } of changes) this.#generations.expect(key);
    await Promise.all(changes.map(({ key }) => this.#serve(key)));
    await Promise.all(
      changes.map((change) =>
        this.#queue.add(change).catch((error: Error) => {
          this.#options.log(
            `Worker "${change.script.name}" of an earlier run does not start any more, and is left out until it is deployed again: ${error.message}`,
          );
        }),
      ),
    );
  }

  warmUp(): void {
    this.#generations.warmUp();
  }

  async deploy(script: UploadedScript): Promise<void> {
    this.#assertOpen();
    const key = scriptKey(script.accountId, script.name);
    await Promise.all([this.#serve(key), this.#queue.add({ key, script })]);
  }

  async remove(accountId: string, scriptName: string): Promise<void> {
    const key = scriptKey(accountId, scriptName);
    await this.#queue.add({ key });
    this.#public.delete(key);
    const served = this.#served.get(key);
    this.#served.delete(key);
    await (await served)?.front.close();
  }

  setPublic(accountId: string, scriptName: string, enabled: boolean): void {
    const key = scriptKey(accountId, scriptName);
    if (enabled) this.#public.add(key);
    else this.#public.delete(key);
  }

  async url(accountId: string, scriptName: string): Promise<string> {
    this.#assertOpen();
    return (await this.#serve(scriptKey(accountId, scriptName))).url;
  }

  runScheduled(
    accountId: string,
    scriptName: string,
    event: { readonly cron: string; readonly scheduledTime: number },
  ): Promise<"ok" | "failed" | "no-handler"> {
    this.#assertOpen();
    return this.#generations.runScheduled(scriptKey(accountId, scriptName), event);
  }

  dropStorage(product: StoredProduct, key: string): Promise<void> {
    this.#assertOpen();
    return this.#generations.dropStorage(product, key);
  }

  hasObjects(bucketName: string): Promise<boolean> {
    return hasObjects(this.#options.storageDirectory, bucketName);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const fronts = await Promise.allSettled(this.#served.values());
    this.#served.clear();
    await Promise.all(
      fronts.map((served) =>
        served.status === "fulfilled" ? served.value.front.close() : undefined,
      ),
    );
    await this.#generations.close();
    await this.#queue.idle();
  }

  #serve(key: ScriptKey): Promise<Served> {
    const existing = this.#served.get(key);
    if (existing !== undefined) return existing;
    const served = this.#open(key);
    this.#served.set(key, served);
    served.catch(() => this.#served.delete(key));
    return served;
  }

  async #open(key: ScriptKey): Promise<Served> {
    const front = new WorkerFront({
      clock: this.#options.clock,
      holdMs: this.#limits.holdMs,
      route: () => this.#route(key),
    });
    const { ports, firstPort, log } = this.#options;
    const port = await listenOnStablePort(front, key, { ports, firstPort, log });
    return { front, url: `http://127.0.0.1:${port}` };
  }

  #route(key: ScriptKey): FrontRoute {
    if (!this.#public.has(key)) {
      return {
        kind: "refuse",
        status: 404,
        text: `There is nothing here yet. Worker "${scriptNameOf(key)}" has no public address: workers.dev is off for it.`,
      };
    }
    return this.#generations.route(key);
  }

  #assertOpen(): void {
    if (this.#closed !== undefined) throw new Error("The Worker host is closed.");
  }
}
