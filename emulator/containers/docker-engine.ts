import { execFile } from "node:child_process";
import { request } from "node:http";
import { promisify } from "node:util";
import { EmulatorError } from "../emulator-error.js";
import {
  type ContainerEngine,
  type ContainerEngineOptions,
  IMAGE_FOLDER,
} from "./container-engine.js";

const run = promisify(execFile);

/**
 * The image of the network sidecar that workerd asks for and does not pull: the one this version of
 * miniflare names.
 */
export const SIDECAR_IMAGE =
  "cloudflare/proxy-everything:3cb1195@sha256:0ef6716c52430096900b150d84a3302057d6cd2319dae7987128c85d0733e3c8";

/** Builds are slow, base images large. */
const BUILD_TIMEOUT_MS = 20 * 60_000;

/**
 * A Docker engine that is there: workerd talks to it, images are built from their folders or pulled with
 * the docker command. Containers workerd leaves behind are removed at close.
 */
export class DockerEngine implements ContainerEngine {
  readonly #options: ContainerEngineOptions;
  readonly #socket: string;
  readonly #rolledOut = new Set<string>();

  constructor(options: ContainerEngineOptions, socket: string) {
    this.#options = options;
    this.#socket = socket;
  }

  async start(): Promise<void> {}

  socketPath(): string {
    return `unix:${this.#socket}`;
  }

  /** Makes the image under the name workerd asks for. */
  async rollOut(name: string): Promise<void> {
    this.#rolledOut.add(name);
    await this.#removeContainers(name);
    const image = this.#options.image(name);
    if (image === undefined) return;
    const { reference, directory } = image;
    this.#options.log?.(
      `[container ${reference}] ${directory === undefined ? "is pulled" : `is built from ${directory}`}.`,
    );
    await this.#docker("pull", process.env.MINIFLARE_CONTAINER_EGRESS_IMAGE ?? SIDECAR_IMAGE);
    if (directory === undefined) {
      await this.#docker("pull", reference);
      await this.#docker("tag", reference, name);
    } else {
      await this.#docker("build", "--tag", name, directory);
    }
  }

  /** What is wrong with a Dockerfile the build says. */
  async check(): Promise<void> {}

  async close(): Promise<void> {
    // Also those of an earlier emulator of this account, which ended without closing; not those of
    // another one that is up.
    const images = (await this.#docker("ps", "--all", "--format", "{{.Image}}")).split("\n");
    for (const image of new Set(images)) {
      if (!image.startsWith(`${IMAGE_FOLDER}/`)) continue;
      const isOurs = this.#rolledOut.has(image) || this.#options.image(image) !== undefined;
      if (isOurs) await this.#removeContainers(image);
    }
  }

  /** Containers of images whose name starts so, and the sidecars workerd gave them. */
  async #removeContainers(image: string): Promise<void> {
    const list = await this.#docker("ps", "--all", "--format", "{{.Image}} {{.Names}}");
    const names = list
      .split("\n")
      .filter((line) => line.startsWith(image))
      .map((line) => line.split(" ")[1] ?? "");
    if (names.length === 0) return;
    const sidecars = new Set(names.map((name) => `${name}-proxy`));
    const present = list
      .split("\n")
      .map((line) => line.split(" ")[1] ?? "")
      .filter((name) => sidecars.has(name));
    await this.#docker("rm", "--force", ...names, ...present);
  }

  async #docker(...args: string[]): Promise<string> {
    try {
      const { stdout } = await run("docker", args, {
        env: { ...process.env, DOCKER_HOST: `unix://${this.#socket}` },
        timeout: BUILD_TIMEOUT_MS,
        maxBuffer: 64 * 1024 * 1024,
      });
      return stdout;
    } catch (error) {
      const { stderr, message } = error as { stderr?: string; message: string };
      throw new EmulatorError(`docker ${args[0]} failed: ${stderr?.trim() || message}`);
    }
  }
}

/** Whether a Docker engine answers at a socket. */
export function dockerAnswers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const ping = request({ socketPath: socket, path: "/_ping", timeout: 2_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    ping.once("timeout", () => ping.destroy());
    ping.once("error", () => resolve(false));
    ping.end();
  });
}
