import { resolve } from "node:path";
import { type GatewayStub, startGatewayStub } from "./gateway-stub.js";
import type { DescribedError, ProbeCall } from "./probe-call.js";
import { type StartWorkerOptions, startWorker } from "./start-worker.js";

export interface RunningProbe {
  readonly gateway: GatewayStub;
  readonly url: URL;
  /** Calls a method of the client inside workerd. */
  call(probe: ProbeCall): Promise<Response>;
  /** Calls a method that must fail, and describes how. */
  failure(probe: ProbeCall): Promise<DescribedError>;
  /** The JSON that a route of the probe answers with. */
  get(path: string): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

/** A Worker in workerd that uses the client as a test says, with a stub behind its binding. */
export async function startProbe(options: Partial<StartWorkerOptions> = {}): Promise<RunningProbe> {
  const gateway = await startGatewayStub();
  const worker = await startWorker({
    entry: resolve(__dirname, "inside/probe.ts"),
    gateway: gateway.address,
    vars: { GATEWAY: "demo", OTHER: "other" },
    ...options,
  });
  const call = (probe: ProbeCall) =>
    fetch(new URL("/call", worker.url), { method: "POST", body: JSON.stringify(probe) });
  return {
    gateway,
    url: worker.url,
    call,
    async failure(probe) {
      const { error } = (await (await call(probe)).json()) as { error: DescribedError };
      return error;
    },
    async get(path) {
      const response = await fetch(new URL(path, worker.url));
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as Record<string, unknown>;
    },
    async close() {
      await worker.close();
      await gateway.close();
    },
  };
}
