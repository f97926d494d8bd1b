import {
  ScriptRefusedError,
  type StoredProduct,
  type UploadedScript,
  type WorkerHost,
} from "../../../emulator/workerd/uploaded-script.js";

/** Stands in for workerd: remembers what it is told, and refuses code that contains "throw". */
export class RecordingWorkerHost implements WorkerHost {
  readonly running = new Map<string, UploadedScript>();
  readonly public = new Map<string, boolean>();
  readonly scheduled: object[] = [];
  readonly dropped: { readonly product: StoredProduct; readonly key: string }[] = [];
  /** Names of buckets that hold objects. */
  readonly filledBuckets = new Set<string>();
  scheduledOutcome: "ok" | "failed" | "no-handler" = "ok";
  deploys = 0;

  async deploy(script: UploadedScript): Promise<void> {
    this.deploys += 1;
    const code = script.modules.map(({ content }) => Buffer.from(content).toString()).join("\n");
    if (code.includes("throw")) throw new ScriptRefusedError("Uncaught Error: no, at main.js:1");
    this.running.set(script.name, script);
  }

  async remove(_accountId: string, scriptName: string): Promise<void> {
    this.running.delete(scriptName);
    this.public.delete(scriptName);
  }

  setPublic(_accountId: string, scriptName: string, enabled: boolean): void {
    this.public.set(scriptName, enabled);
  }

  async url(_accountId: string, scriptName: string): Promise<string> {
    return `http://127.0.0.1:40000/${scriptName}`;
  }

  async runScheduled(
    accountId: string,
    scriptName: string,
    { cron, scheduledTime }: { readonly cron: string; readonly scheduledTime: number },
  ): Promise<"ok" | "failed" | "no-handler"> {
    this.scheduled.push({ accountId, scriptName, cron, scheduledTime });
    return this.scheduledOutcome;
  }

  async dropStorage(product: StoredProduct, key: string): Promise<void> {
    this.dropped.push({ product, key });
  }

  async hasObjects(bucketName: string): Promise<boolean> {
    return this.filledBuckets.has(bucketName);
  }

  async close(): Promise<void> {}
}
