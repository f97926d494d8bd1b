import { afterEach, beforeEach } from "@jest/globals";
import { createLogStore } from "../../../emulator/logs/create-log-store.js";
import type { LogEntry, LogQuery, LogStore } from "../../../emulator/logs/log-entry.js";
import { removeFolder, temporaryFolder } from "../../secrets/temporary-folder.js";

export const entry = (id: string, more: Partial<LogEntry> = {}): LogEntry => ({
  id,
  event_id: id,
  created_at: "2026-01-01T00:00:00.000Z",
  provider: "workers-ai",
  model: "@cf/meta/llama-3.1-8b-instruct",
  path: "@cf/meta/llama-3.1-8b-instruct",
  duration: 10,
  success: true,
  cached: false,
  status_code: 200,
  step: 0,
  tokens_in: 1,
  tokens_out: 2,
  cost: 0,
  metadata: {},
  model_type: "",
  request_type: "",
  request_content_type: "application/json",
  response_content_type: "application/json",
  feedback: null,
  score: null,
  ...more,
});

export const bodies = (request: string, response: string) => ({
  request: Buffer.from(request),
  response: Buffer.from(response),
});

/** The log of each test, in a folder of its own. */
export class OpenedLog {
  directory = "";
  store = {} as LogStore;

  constructor() {
    beforeEach(() => {
      this.directory = temporaryFolder("log-store-");
      this.open();
    });
    afterEach(async () => {
      await this.store.close();
      await removeFolder(this.directory);
    });
  }

  /** Opens what is on disk. */
  open(): void {
    this.store = createLogStore({ directory: this.directory });
  }

  async restart(): Promise<void> {
    await this.store.close();
    this.open();
  }

  append(id: string, more: Partial<LogEntry> = {}): void {
    this.store.append("acc", "gw", entry(id, more), bodies(`ask ${id}`, `answer ${id}`));
  }

  ids(query: Partial<LogQuery> = {}): string[] {
    const all = { page: 1, perPage: 50, orderByDirection: "asc", ...query } as const;
    return this.store.list("acc", "gw", all).entries.map(({ id }) => id);
  }
}
