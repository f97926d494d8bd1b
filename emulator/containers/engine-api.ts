import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { EmulatorError } from "../emulator-error.js";
import type { LocalContainer } from "./local-container.js";
import { SIDECAR_PORT } from "./network-sidecar.js";

export interface NewContainer {
  readonly image: string;
  readonly env: ReadonlyMap<string, string>;
  /** What `ctx.container.start({ entrypoint })` gave. */
  readonly command?: readonly string[];
}

/** What the API acts on. */
export interface EngineContainers {
  container(name: string): LocalContainer | undefined;
  sidecarPort(name: string): number | undefined;
  /** @throws {EmulatorError} when the image cannot be run */
  create(name: string, container: NewContainer): Promise<void>;
  createSidecar(name: string, of: string): Promise<void>;
  /** Resolves when it is gone; false when it was not there. */
  remove(name: string): Promise<boolean>;
}

type Answer = readonly [status: number, body?: unknown];

const signals = /^SIG[A-Z0-9]+$/;
const notFound = (name: string): Answer => [404, { message: `No such container: ${name}` }];

/**
 * The part of the Docker Engine API that workerd speaks.
 * @see https://docs.docker.com/reference/api/engine/
 */
export function engineListener(containers: EngineContainers): RequestListener {
  return async (request, response) => {
    try {
      send(response, await answer(containers, request));
    } catch (error) {
      // What cannot be run is to workerd as an image that is not there.
      const status = error instanceof EmulatorError ? 404 : 500;
      send(response, [status, { message: error instanceof Error ? error.message : `${error}` }]);
    }
  };
}

async function answer(containers: EngineContainers, request: IncomingMessage): Promise<Answer> {
  const url = new URL(request.url ?? "/", "http://localhost");
  // Some clients put the API's version in front.
  const path = url.pathname.replace(/^\/v\d+\.\d+/, "");
  const route = `${request.method} ${path}`;
  if (route === "GET /_ping") return [200, "OK"];
  if (route === "GET /volumes") return [200, { Volumes: [], Warnings: [] }];
  if (route === "GET /networks/bridge") {
    return [200, { IPAM: { Config: [{ Gateway: "127.0.0.1" }] } }];
  }
  if (route === "POST /containers/create") {
    return await create(containers, url.searchParams.get("name") ?? "", await readJson(request));
  }
  const [, name = "", verb = ""] = /^\/containers\/([^/]+)(?:\/(\w+))?$/.exec(path) ?? [];
  const known = { "": "DELETE", json: "GET", start: "POST", wait: "POST", kill: "POST" }[verb];
  if (name === "" || known !== request.method) {
    return [501, { message: `Not emulated: ${route} of the Docker Engine API.` }];
  }
  const decoded = decodeURIComponent(name);
  if (verb === "") return (await containers.remove(decoded)) ? [204] : notFound(decoded);
  const port = containers.sidecarPort(decoded);
  return port === undefined
    ? await actOnContainer(containers.container(decoded), decoded, verb, url)
    : actOnSidecar(port, decoded, verb);
}

async function create(
  containers: EngineContainers,
  name: string,
  body: Readonly<Record<string, unknown>>,
): Promise<Answer> {
  const image = String(body.Image);
  if (containers.container(name) || containers.sidecarPort(name) !== undefined) {
    return [409, { message: `The name "${name}" is in use.` }];
  }
  if (/(?:^|\/)proxy-everything(?:[:@]|$)/.test(image)) {
    await containers.createSidecar(name, name.replace(/-proxy$/, ""));
  } else {
    const env = Array.isArray(body.Env) ? body.Env.map(String) : [];
    const { Cmd: command } = body;
    await containers.create(name, {
      image,
      env: new Map(env.map((entry) => splitOnce(entry))),
      ...(Array.isArray(command) && command.length > 0 ? { command: command.map(String) } : {}),
    });
  }
  return [201, { Id: name, Warnings: [] }];
}

async function actOnContainer(
  container: LocalContainer | undefined,
  name: string,
  verb: string,
  url: URL,
): Promise<Answer> {
  if (container === undefined) {
    // Who waits for it to be removed has nothing to wait for.
    return notFound(name);
  }
  if (verb === "json") return [200, inspection(name, container.status, {})];
  if (verb === "start") {
    if (container.status === "running") return [304];
    await container.start();
    return [204];
  }
  if (verb === "wait") return [200, { StatusCode: await container.exited }];
  const signal = url.searchParams.get("signal") ?? "SIGKILL";
  if (!signals.test(signal)) return [400, { message: `${signal} is no signal.` }];
  if (container.status !== "running") return [409, { message: `${name} is not running.` }];
  container.signal(signal as NodeJS.Signals);
  return [204];
}

function actOnSidecar(port: number, name: string, verb: string): Answer {
  if (verb !== "json") return verb === "wait" ? [200, { StatusCode: 0 }] : [204];
  const ports = { [`${SIDECAR_PORT}/tcp`]: [{ HostIp: "127.0.0.1", HostPort: String(port) }] };
  return [200, inspection(name, "running", ports)];
}

const inspection = (name: string, status: string, ports: object) => ({
  Id: name,
  Name: `/${name}`,
  State: { Status: status, Running: status === "running" },
  NetworkSettings: { Ports: ports },
});

function splitOnce(entry: string): [string, string] {
  const at = entry.indexOf("=");
  return at < 0 ? [entry, ""] : [entry.slice(0, at), entry.slice(at + 1)];
}

async function readJson(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return JSON.parse(text);
}

function send(response: ServerResponse, [status, body]: Answer): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
