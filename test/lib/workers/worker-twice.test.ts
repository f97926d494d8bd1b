import { describe, expect, test } from "@jest/globals";
import { type App, type TerraformStack, TerraformVariable } from "cdktf";
import { Container, Queue, Worker } from "../../../lib/index.js";
import { newBundle, newStack, problemsOf, synth } from "../new-stack.js";

const bundle = newBundle("export class Sum {}\nexport default { fetch() {} };\n");

describe("What there is once", () => {
  test.each<[string, (worker: Worker, stack: TerraformStack) => void, string]>([
    [
      "a name of two workflows",
      (worker) => {
        worker.addWorkflow("SUMS", { className: "Sum", workflowName: "one" });
        worker.addWorkflow("SUMS", { className: "Sum", workflowName: "two" });
      },
      '[chat/worker] binding name: "SUMS" is used twice, for a workflow binding and for a workflow binding; each name stands for one thing in env. Rename one of them.',
    ],
    [
      "a workflow that two Workers register",
      (worker, stack) => {
        const other = new Worker(stack, "other", { bundle });
        worker.addWorkflow("SUMS", { className: "Sum", workflowName: "sums" });
        other.addWorkflow("SUMS", { className: "Sum", workflowName: "sums" });
      },
      '[chat/other/Workflow-SUMS] workflowName: "sums" is registered by chat/worker/Workflow-SUMS already; a workflow has one class. Give this one another workflowName, or bind the other with scriptName.',
    ],
    [
      "a script name of two Workers",
      (_, stack) => {
        new Worker(stack, "other", { bundle, scriptName: "chat-worker" });
      },
      '[chat/other] scriptName: "chat-worker" is the name of chat/worker already; each deploy would overwrite the one with the other. Give this Worker another scriptName.',
    ],
    [
      "a script name of a Worker and a Container",
      (_, stack) => {
        new Container(stack, "pdf", {
          bundle: newBundle("export class Pdf {}\n"),
          className: "Pdf",
          image: "registry.cloudflare.com/account/pdf:1",
          scriptName: "chat-worker",
        });
      },
      '[chat/pdf] scriptName: "chat-worker" is the name of chat/worker already; each deploy would overwrite the one with the other. Give this Container another scriptName.',
    ],
    [
      "a route",
      (worker) => {
        worker.addRoute({ zoneId: "zone", pattern: "example.com/*" });
        worker.addRoute({ zoneId: "zone", pattern: "example.com/*" });
      },
      '[chat/worker/Route-example.com--*-2] pattern: "example.com/*" is the pattern of chat/worker/Route-example.com--* already; a pattern has one owner. Remove one of the routes.',
    ],
    [
      "a hostname",
      (worker) => {
        worker.addCustomDomain({ zoneId: "zone", hostname: "chat.example.com" });
        worker.addCustomDomain({ zoneId: "zone", hostname: "chat.example.com" });
      },
      '[chat/worker/Domain-chat.example.com-2] hostname: "chat.example.com" is the hostname of chat/worker/Domain-chat.example.com already; a hostname has one Worker. Remove one of the domains.',
    ],
    [
      "a queue's consumer",
      (worker, stack) => {
        const queue = new Queue(stack, "jobs");
        worker.addQueueConsumer({ queue });
        worker.addQueueConsumer({ queue });
      },
      "[chat/worker/Consumer-jobs-2] queue: chat/jobs has a consumer already, chat/worker/Consumer-jobs; a queue has one. Remove one of them.",
    ],
    [
      "the list of crons",
      (worker) => {
        worker.addCrons(["0 1 * * *"]);
        worker.addCrons(["0 2 * * *"]);
        worker.addCrons(["0 3 * * *"]);
      },
      "[chat/worker/Crons-3] crons: this Worker has a WorkerCron already, chat/worker/Crons; the one would overwrite the other's. Put all expressions into one crons list.",
    ],
  ])("fails at synth when there are two: %s", (_, add, problem) => {
    const stack = newStack();
    add(new Worker(stack, "worker", { bundle }), stack);

    expect(problemsOf(stack)).toContain(problem);
  });

  test("is no matter between stacks that are for two accounts", () => {
    const stack = newStack();
    new Worker(stack, "worker", { bundle, scriptName: "same" });
    const other = newStack({ accountId: "other" }, "other", stack.node.root as App);
    new Worker(other, "worker", { bundle, scriptName: "same" });

    expect(problemsOf(stack)).toEqual([]);
    expect(problemsOf(other)).toEqual([]);
  });

  test("has an id that stays when a value becomes known at deploy", () => {
    const stack = newStack();
    const worker = new Worker(stack, "worker", { bundle });
    const text = (name: string) => new TerraformVariable(stack, name, {}).stringValue;
    worker.addRoute({ zoneId: "zone", pattern: text("pattern") });
    worker.addRoute({ zoneId: "zone", pattern: text("other_pattern") });
    worker.addCustomDomain({ zoneId: "zone", hostname: text("hostname") });

    const { resource = {} } = synth(stack);
    expect([
      ...Object.keys(resource.cloudflare_workers_route ?? {}),
      ...Object.keys(resource.cloudflare_workers_custom_domain ?? {}),
    ]).toEqual([
      expect.stringMatching(/^worker_Route-2_\w{8}$/),
      expect.stringMatching(/^worker_Route_\w{8}$/),
      expect.stringMatching(/^worker_Domain_\w{8}$/),
    ]);
  });
});
