/** Module name of miniflare's own engine inside workerd. */
export const ORIGINAL_ENGINE = "workflows.mjs";

/**
 * Runs inside workerd, around miniflare's engine of Workflows.
 *
 * A running instance is an alarm whose handler does not end before the instance does. workerd
 * keeps an alarm until its handler has ended, over its own end too, so it calls the handler again
 * when it starts: that is how an instance goes on after a restart. Steps that were completed are
 * read from storage.
 */
export const workflowEngineGuest = `
import * as original from "./${ORIGINAL_ENGINE}";

const METADATA = "INSTANCE_METADATA";
const WORKFLOW_QUEUED = 0;
const WORKFLOW_START = 1;
const API_TRIGGER = 0;
// An alarm's handler may take 15 minutes.
const ALARM_MS = 10 * 60_000;

export class Engine extends original.Engine {
  #run;

  /** Whether the instance is new. It is stored when this resolves, so it survives from now on. */
  async admit(instance, event) {
    const isNew = await this.ctx.storage.transaction(async () => {
      if ((await this.ctx.storage.get(METADATA)) !== undefined) return false;
      await this.ctx.storage.put(METADATA, {
        accountId: 0, workflow: {}, version: {}, instance, event,
      });
      // As the original does when it stores the metadata itself.
      this.writeLog(WORKFLOW_QUEUED, null, null, {
        params: event.payload, trigger: { source: API_TRIGGER },
      });
      this.writeLog(WORKFLOW_START, null, null, {});
      return true;
    });
    if (isNew) await this.ctx.storage.setAlarm(Date.now());
    return isNew;
  }

  async init(...details) {
    if (this.#run !== undefined) return undefined;
    const run = this.#start(details);
    // From here on the alarm watches over it.
    await this.ctx.storage.setAlarm(Date.now());
    return await run;
  }

  async alarm() {
    const metadata = await this.ctx.storage.get(METADATA);
    if (metadata === undefined) return;
    const { accountId, workflow, version, instance, event } = metadata;
    // Does nothing when the instance has ended or is paused.
    const run = this.#start([accountId, workflow, version, instance, event]);
    const ended = run.then(() => true, () => true);
    if (await Promise.race([ended, scheduler.wait(ALARM_MS).then(() => false)])) return;
    await this.ctx.storage.setAlarm(Date.now());
  }

  #start(details) {
    this.#run ??= super.init(...details).finally(() => {
      this.#run = undefined;
    });
    return this.#run;
  }
}

export class WorkflowBinding extends original.WorkflowBinding {
  async create(options = {}) {
    const id = options.id ?? crypto.randomUUID();
    if (await this.#admit(id, options.params)) return { id };
    throw new Error("(instance.already_exists) A Workflow instance with the id " + JSON.stringify(id) + " already exists.");
  }

  async createBatch(batch) {
    if (batch.length === 0) throw new Error("WorkflowError: batchCreate should have at least 1 instance");
    const created = [];
    for (const options of batch) {
      const id = options.id ?? crypto.randomUUID();
      if (await this.#admit(id, options.params)) created.push({ id });
    }
    return created;
  }

  async #admit(id, params = {}) {
    // The rule of the original, which does not hand it out.
    if (typeof id !== "string" || !/^[a-zA-Z0-9_][a-zA-Z0-9-_]*$/.test(id) || id.length > 100) {
      throw new Error("Workflow instance has invalid id");
    }
    const now = new Date();
    const date = now.toISOString();
    const instance = {
      id, created_on: date, modified_on: date, workflow_id: "", version_id: "", status: 0,
      started_on: date, ended_on: null,
    };
    const stub = this.env.ENGINE.get(this.env.ENGINE.idFromName(id));
    return await stub.admit(instance, { timestamp: now, payload: params, instanceId: id });
  }
}
`;
