import { describe, expect, test } from "@jest/globals";
import type { WorkerProps } from "../../../lib/index.js";
import { newBundle, only, problemsOf, synth } from "../new-stack.js";
import { newWorker } from "./new-worker.js";

const bundle = newBundle("export class Summarize {}\nexport default { fetch() {} };\n");

const newSummarizer = (props: Partial<WorkerProps> = {}) => newWorker({ bundle, ...props });

describe("a workflow of a Worker", () => {
  test("is a binding in literals, and a workflow in the account after the script", () => {
    const { stack } = newSummarizer({
      workflows: { SUMMARIES: { className: "Summarize" } },
    });

    const { resource } = synth(stack);
    expect({
      bindings: only(resource?.cloudflare_workers_script).bindings,
      workflow: resource?.cloudflare_workflow,
      public: only(resource?.cloudflare_workers_script_subdomain).depends_on,
    }).toMatchInlineSnapshot(`
      {
        "bindings": [
          {
            "class_name": "Summarize",
            "name": "SUMMARIES",
            "type": "workflow",
            "workflow_name": "chat-worker-summaries-ca159c75",
          },
        ],
        "public": [
          "cloudflare_workflow.worker_Workflow-SUMMARIES_75280460",
        ],
        "workflow": {
          "worker_Workflow-SUMMARIES_75280460": {
            "account_id": "account",
            "class_name": "Summarize",
            "script_name": "\${cloudflare_workers_script.worker_28EA3E30.script_name}",
            "workflow_name": "chat-worker-summaries-ca159c75",
          },
        },
      }
    `);
  });

  test("is the same by a later call", () => {
    const { stack, worker } = newSummarizer();
    worker.addWorkflow("SUMMARIES", { className: "Summarize" });

    expect(synth(stack)).toEqual(
      synth(newSummarizer({ workflows: { SUMMARIES: { className: "Summarize" } } }).stack),
    );
  });

  test("is made however it is bound", () => {
    const { stack, worker } = newSummarizer();
    const bound = newSummarizer();
    worker.addBinding("SUMS", { type: "workflow", workflowName: "sums", className: "Summarize" });
    bound.worker.addWorkflow("SUMS", { workflowName: "sums", className: "Summarize" });

    expect(only(synth(stack).resource?.cloudflare_workflow)).toMatchObject({
      workflow_name: "sums",
      class_name: "Summarize",
    });
    expect(synth(stack)).toEqual(synth(bound.stack));
  });

  test("of another Worker is only bound", () => {
    const { stack } = newSummarizer({
      workflows: {
        SUMMARIES: {
          className: "Elsewhere",
          workflowName: "summaries",
          scriptName: "other",
        },
      },
    });

    const { resource } = synth(stack);
    expect(resource?.cloudflare_workflow).toBeUndefined();
    expect(only(resource?.cloudflare_workers_script).bindings).toEqual([
      {
        class_name: "Elsewhere",
        name: "SUMMARIES",
        script_name: "other",
        type: "workflow",
        workflow_name: "summaries",
      },
    ]);
  });

  test.each<[string, NonNullable<WorkerProps["workflows"]>, string]>([
    [
      "a class the bundle does not export",
      { SUMMARIES: { className: "Summarise" } },
      'SUMMARIES: the workflow class "Summarise" is not exported; exported are Summarize, default. Did you mean "Summarize"?',
    ],
    [
      "a name the account would refuse",
      { SUMMARIES: { className: "Summarize", workflowName: "all summaries" } },
      'workflows.SUMMARIES.workflowName: got "all summaries"; allowed is 1 to 64 letters',
    ],
  ])("fails at synth for %s", (_, workflows, problem) => {
    expect(problemsOf(newSummarizer({ workflows }).stack)).toEqual([
      expect.stringContaining(`[chat/worker] ${problem}`),
    ]);
  });
});
