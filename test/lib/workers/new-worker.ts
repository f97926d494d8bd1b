import type { TerraformStack } from "cdktf";
import { Worker, type WorkerProps } from "../../../lib/index.js";
import { newBundle, newStack, only, synth } from "../new-stack.js";

/** What a Worker is made of that only handles requests. */
export const bundle = newBundle();

/** A Worker named "worker", in a stack of its own. */
export function newWorker(props: Partial<WorkerProps> = {}, stack: TerraformStack = newStack()) {
  return { stack, worker: new Worker(stack, "worker", { bundle, ...props }) };
}

/** The script of a stack's only Worker. */
export const scriptOf = (stack: TerraformStack) =>
  only(synth(stack).resource?.cloudflare_workers_script);
