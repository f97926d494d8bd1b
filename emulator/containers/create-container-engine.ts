import type { ContainerEngine, ContainerEngineOptions } from "./container-engine.js";
import { DockerEngine, dockerAnswers } from "./docker-engine.js";
import { LocalEngine } from "./local-engine.js";

const DEFAULT_SOCKET = "/var/run/docker.sock";

/** The Docker engine of this machine, or what stands in for it. Not started yet. */
export async function createContainerEngine(
  options: ContainerEngineOptions,
): Promise<ContainerEngine> {
  const socket = options.dockerSocket ?? socketFromEnvironment();
  return (await dockerAnswers(socket))
    ? new DockerEngine(options, socket)
    : new LocalEngine(options);
}

function socketFromEnvironment(): string {
  const [, path] = /^unix:\/\/(\/.*)$/.exec(process.env.DOCKER_HOST ?? "") ?? [];
  return path ?? DEFAULT_SOCKET;
}
