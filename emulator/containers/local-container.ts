import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { ContainerProcess } from "./container-process.js";
import { readImage } from "./image-files.js";
import type { SidecarTarget } from "./network-sidecar.js";
import type { ProcessReaper } from "./process-reaper.js";

export interface LocalContainerOptions {
  /** Name workerd asked for. */
  readonly imageName: string;
  /** The image's own, for people. */
  readonly reference: string;
  readonly directory: string;
  readonly root: string;
  readonly env: ReadonlyMap<string, string>;
  readonly entrypoint?: readonly string[];
  readonly reaper: ProcessReaper;
  readonly log: (line: string) => void;
}

/** The variable a program is told its port by, since two on one machine cannot both have 8080. */
const PORT = "PORT";

/** Milliseconds after which a program that does not listen is not just slow. */
const SLOW_START_MS = 5_000;

/** One container without Docker: a process, and where its ports are on this machine. */
export class LocalContainer implements SidecarTarget {
  readonly imageName: string;
  readonly #process: ContainerProcess;
  readonly #ports: ReadonlyMap<number, number>;
  readonly #anyPort: number | undefined;
  readonly #options: LocalContainerOptions;
  #startedAt: number | undefined;
  #saidDeaf = false;

  private constructor(
    options: LocalContainerOptions,
    process: ContainerProcess,
    ports: ReadonlyMap<number, number>,
    anyPort: number | undefined,
  ) {
    this.#options = options;
    this.imageName = options.imageName;
    this.#process = process;
    this.#ports = ports;
    this.#anyPort = anyPort;
  }

  /** @throws {EmulatorError} when the image's Dockerfile cannot be followed */
  static async create(options: LocalContainerOptions): Promise<LocalContainer> {
    const image = await readImage(options.directory);
    const asked = new Map([...image.env, ...options.env]);
    const declared = Number(asked.get(PORT));
    const exposed = [
      ...(Number.isInteger(declared) && declared > 0 ? [declared] : []),
      ...image.ports,
    ];
    const [first = 0, ...others] = [...new Set(exposed)];
    const free = await findFreePorts(1 + others.length);
    const ports = new Map(
      [first, ...others].map((port, index) => [port, free[index] ?? 0] as const),
    );
    const env = new Map(options.env);
    env.set(PORT, String(ports.get(first)));
    for (const [port, here] of ports) if (port > 0) env.set(`${PORT}_${port}`, String(here));
    const process = new ContainerProcess({ ...options, image, env });
    return new LocalContainer(options, process, ports, first === 0 ? free[0] : undefined);
  }

  get status(): "created" | "running" | "exited" {
    if (this.#process.running) return "running";
    return this.#startedAt !== undefined ? "exited" : "created";
  }

  /** Resolves with the exit code. */
  get exited(): Promise<number> {
    return this.#process.exited;
  }

  async start(): Promise<void> {
    const { reference, log } = this.#options;
    this.#startedAt = performance.now();
    await this.#process.start();
    log(`without Docker: the image ${reference} runs as a local process.`);
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.signal(signal);
  }

  /** Resolves when nothing is left of it. */
  remove(): Promise<void> {
    return this.#process.remove();
  }

  port(containerPort: number): number | { readonly problem: string } {
    const port = this.#ports.get(containerPort) ?? this.#anyPort;
    if (port !== undefined) return port;
    const problem = `container port not found: port ${containerPort} is not exposed by the image. Add EXPOSE ${containerPort} to its Dockerfile.`;
    this.#options.log(problem);
    return { problem };
  }

  onRefused(containerPort: number): void {
    const since = performance.now() - (this.#startedAt ?? performance.now());
    if (this.#saidDeaf || this.status !== "running" || since < SLOW_START_MS) return;
    this.#saidDeaf = true;
    this.#options.log(
      `nothing listens on port ${this.port(containerPort)}, which stands for ${containerPort}. Without Docker a program must listen on the port that ${PORT} names.`,
    );
  }

  onInternetDisabled(): void {
    this.#options.log(
      "without Docker: enableInternet: false is not enforced; a local process reaches what this machine reaches.",
    );
  }
}

/** Ports nobody listens on now; all are held until the last is known, so that none comes twice. */
async function findFreePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.once("error", reject);
          server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
