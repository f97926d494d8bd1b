import { PLUGINS, type Service } from "miniflare";
import { ORIGINAL_ENGINE, workflowEngineGuest } from "./workflow-engine-guest.js";

/** The part of miniflare's plugin that is repaired. */
interface WorkflowsPlugin {
  getServices(options: unknown): Promise<Service[]>;
}

/**
 * Lets instances of Workflows go on after a restart, and refuses an id that is taken.
 *
 * miniflare 4 leaves an instance that was interrupted "running" for ever, forgets one that was
 * created just before, and runs one of two with the same id again. Call once per process.
 */
export function repairWorkflowsPlugin(): void {
  const workflows = PLUGINS.workflows as WorkflowsPlugin;
  const original = workflows.getServices.bind(workflows);
  workflows.getServices = async (options) => {
    const services = await original(options);
    for (const service of services) {
      if (!("worker" in service) || service.worker === undefined) continue;
      if (!("modules" in service.worker)) continue;
      const { modules } = service.worker;
      // The first one is the entry.
      if (modules?.[0]?.name === ORIGINAL_ENGINE) {
        modules.unshift({ name: "workflows-repaired.mjs", esModule: workflowEngineGuest });
      }
    }
    return services;
  };
}
