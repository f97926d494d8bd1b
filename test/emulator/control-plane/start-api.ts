import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { ManualClock } from "../../../emulator/clock.js";
import {
  type ControlPlaneOptions,
  createControlPlane,
} from "../../../emulator/control-plane/control-plane.js";
import { CronSchedule } from "../../../emulator/crons/cron-schedule.js";
import { openState, type State } from "../../../emulator/state/state.js";
import { watchSecret } from "../../secrets/canary.js";
import { expectNoCanaryIn } from "../../secrets/scan-for-canaries.js";
import { removeFolder, temporaryFolder } from "../../secrets/temporary-folder.js";
import { MemoryLogStore } from "./memory-log-store.js";
import { RecordingWorkerHost } from "./recording-worker-host.js";

/** What came back, the body parsed when it is JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads any shape, and fails when it is not there.
  readonly json: any;
}

export interface Api {
  readonly state: State;
  readonly host: RecordingWorkerHost;
  readonly logs: MemoryLogStore;
  /** What a person would have been told. */
  readonly lines: readonly string[];
  readonly clock: ManualClock;
  readonly origin: string;
  /** Calls a path below the account, with the token. */
  call(method: string, path: string, body?: unknown, init?: RequestInit): Promise<Answer>;
  /** Calls any path, with nothing added. */
  raw(path: string, init?: RequestInit): Promise<Answer>;
  close(): Promise<void>;
}

/** Serves the API over real HTTP on a free port, with a state directory of its own. */
export async function startApi(
  options: Partial<Pick<ControlPlaneOptions, "engine" | "ignoredSettings">> = {},
): Promise<Api> {
  const directory = temporaryFolder("control-plane-");
  const clock = new ManualClock();
  const state = await openState(directory, { clock });
  watchSecret("an emulator's API token", state.apiToken);
  const host = new RecordingWorkerHost();
  const logs = new MemoryLogStore();
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);
  const crons = new CronSchedule({
    accountId: state.accountId,
    clock,
    workers: host,
    scripts: () => state.workers.list(),
    log,
  });
  const { fetch: answer } = createControlPlane({
    state,
    logs,
    workers: host,
    clock,
    crons,
    log,
    gatewayUrl: (account, gateway, provider) =>
      `http://127.0.0.1:1/v1/${account}/${gateway}/${provider}`,
    ...options,
  });
  const server = serve({ fetch: answer, hostname: "127.0.0.1", port: 0 });
  await new Promise((resolve) => server.once("listening", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const raw = async (path: string, init?: RequestInit): Promise<Answer> => {
    const response = await fetch(`${origin}${path}`, init);
    const text = await response.text();
    if (!response.ok) expectNoCanaryIn("an error of the API", text);
    const isJson = response.headers.get("content-type")?.startsWith("application/json");
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: isJson ? JSON.parse(text) : undefined,
    };
  };
  return {
    state,
    host,
    logs,
    lines,
    clock,
    origin,
    raw,
    call: (method, path, body, init) =>
      raw(`/client/v4/accounts/${state.accountId}${path}`, {
        method,
        ...init,
        headers: { authorization: `Bearer ${state.apiToken}`, ...init?.headers },
        ...(body === undefined
          ? {}
          : { body: body instanceof FormData ? body : JSON.stringify(body) }),
      }),
    close: async () => {
      await new Promise((resolve) => server.close(resolve));
      await crons.close();
      await state.close();
      await removeFolder(directory, { texts: { "the emulator's log": lines.join("\n") } });
    },
  };
}

/** The body of an upload: metadata, and one ES module per entry. */
export function upload(metadata: object, modules: Record<string, string> = {}): FormData {
  const form = new FormData();
  form.set("metadata", JSON.stringify(metadata));
  for (const [name, code] of Object.entries(modules)) {
    form.set(name, new File([code], name, { type: "application/javascript+module" }));
  }
  return form;
}
