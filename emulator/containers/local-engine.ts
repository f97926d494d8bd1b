import { rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { EmulatorError } from "../emulator-error.js";
import { makeOwnedDirectory, sweepOwnedDirectories } from "../owned-directory.js";
import type { ContainerEngine, ContainerEngineOptions } from "./container-engine.js";
import { type EngineContainers, engineListener, type NewContainer } from "./engine-api.js";
import { readImage } from "./image-files.js";
import { LocalContainer } from "./local-container.js";
import { NetworkSidecar } from "./network-sidecar.js";
import { ProcessReaper } from "./process-reaper.js";

/** Milliseconds a program has between SIGTERM and SIGKILL in a rollout. Cloudflare: 15 minutes. */
const ROLLOUT_GRACE_MS = 2_000;

/**
 * Stands in for a Docker engine: containers are local processes, their files below a temporary folder.
 * It outlives workerd, so a new version of a Worker finds its containers still running.
 */
export class LocalEngine implements ContainerEngine, EngineContainers {
  readonly #options: ContainerEngineOptions;
  readonly #containers = new Map<string, LocalContainer>();
  readonly #sidecars = new Map<string, NetworkSidecar>();
  readonly #server: Server;
  // Of the system's, not the account's: a socket's path may be no longer than 107 characters.
  readonly #directory = makeOwnedDirectory("containers");
  readonly #reaper = new ProcessReaper(this.#directory);
  #roots = 0;

  constructor(options: ContainerEngineOptions) {
    this.#options = options;
    this.#server = createServer({ requestTimeout: 0 }, engineListener(this));
  }

  async start(): Promise<void> {
    // The reaper ends containers with their emulator, unless both were killed at once.
    await sweepOwnedDirectories("containers");
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(this.#socket, resolve);
    });
  }

  socketPath(): string {
    return `unix:${this.#socket}`;
  }

  get #socket(): string {
    return join(this.#directory, "engine.sock");
  }

  async rollOut(imageName: string): Promise<void> {
    const old = [...this.#containers.values()].filter(
      (container) => container.imageName === imageName,
    );
    await Promise.all(
      old.map(async (container) => {
        if (container.status !== "running") return;
        container.signal("SIGTERM");
        const ended = await Promise.race([
          container.exited.then(() => true),
          delay(ROLLOUT_GRACE_MS, false, { ref: false }),
        ]);
        if (!ended) container.signal("SIGKILL");
        await container.exited;
      }),
    );
  }

  async check(directory: string): Promise<void> {
    await readImage(directory);
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await Promise.all([...this.#containers.values()].map((container) => container.remove()));
    for (const sidecar of this.#sidecars.values()) sidecar.close();
    this.#reaper.close();
    await rm(this.#directory, { recursive: true, force: true, maxRetries: 3 });
  }

  container(name: string): LocalContainer | undefined {
    return this.#containers.get(name);
  }

  sidecarPort(name: string): number | undefined {
    return this.#sidecars.get(name)?.port;
  }

  async create(name: string, { image: imageName, env, command }: NewContainer): Promise<void> {
    const image = this.#options.image(imageName);
    if (image?.directory === undefined) {
      const message = `the image ${image?.reference ?? imageName} cannot be run: there is no Docker engine, and nobody said in which folder its Dockerfile is. Give the Container a directory, or start Docker.`;
      this.#log(image?.reference ?? imageName, message);
      throw new EmulatorError(message);
    }
    const { reference, directory } = image;
    try {
      const container = await LocalContainer.create({
        imageName,
        reference,
        directory,
        root: join(this.#directory, String(++this.#roots)),
        env,
        ...(command === undefined ? {} : { entrypoint: command }),
        reaper: this.#reaper,
        log: (line) => this.#log(reference, line),
      });
      this.#containers.set(name, container);
    } catch (error) {
      if (error instanceof EmulatorError) this.#log(reference, error.message);
      throw error;
    }
  }

  /** @param of name of the container whose ports it leads to, made after it */
  async createSidecar(name: string, of: string): Promise<void> {
    const sidecar = new NetworkSidecar({
      port: (port) =>
        this.#containers.get(of)?.port(port) ?? { problem: "the container is not there yet" },
      onRefused: (port) => this.#containers.get(of)?.onRefused(port),
      onInternetDisabled: () => this.#containers.get(of)?.onInternetDisabled(),
    });
    await sidecar.start();
    this.#sidecars.set(name, sidecar);
  }

  async remove(name: string): Promise<boolean> {
    const container = this.#containers.get(name);
    const sidecar = this.#sidecars.get(name);
    // Answered after the end only: workerd takes the name again at once.
    await container?.remove();
    sidecar?.close();
    return [this.#containers.delete(name), this.#sidecars.delete(name)].includes(true);
  }

  #log(reference: string, line: string): void {
    this.#options.log?.(`[container ${reference}] ${line}`);
  }
}
