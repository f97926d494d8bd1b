import { beforeEach, expect, test } from "@jest/globals";
import { account } from "./account.js";
import { describeWithTerraform } from "./terraform.js";

const ZONE = "0123456789abcdef0123456789abcdef";

describeWithTerraform("cloudflare_queue", () => {
  const here = account();
  const queue = (name: string, delay: number) => `
    resource "cloudflare_queue" "one" {
      account_id = ACCOUNT
      queue_name = "${name}"
      settings   = { delivery_delay = ${delay} }
    }`;

  test("changes name and settings in place, and every next plan is empty", async () => {
    await here.apply(queue("jobs", 1));
    const first = await here.plan();
    await here.configure(queue("tasks", 2));
    const change = await here.plan();

    await here.apply(queue("tasks", 2));

    expect(first).toEqual({});
    expect(change).toEqual({ "cloudflare_queue.one": "update" });
    expect(here.api.state.products.queues.list()).toMatchObject([
      { queue_name: "tasks", settings: { delivery_delay: 2, message_retention_period: 345_600 } },
    ]);
    expect(await here.plan()).toEqual({});
  });

  test("is imported by account and id without a change, and removed with its messages", async () => {
    const { json } = await here.api.call("POST", "/queues", {
      queue_name: "jobs",
      settings: { delivery_delay: 1 },
    });
    await here.configure(queue("jobs", 1));
    const id = `${here.api.state.accountId}/${json.result.queue_id}`;

    await here.succeed("import", "cloudflare_queue.one", id);
    const planned = await here.plan();
    await here.succeed("destroy", "-auto-approve");

    expect(planned).toEqual({});
    expect(here.api.host.dropped).toEqual([{ product: "queue", key: "jobs" }]);
  });
});

describeWithTerraform("cloudflare_queue_consumer", () => {
  const here = account();

  test("is replaced by every plan and cannot be imported, as with the real 5.14.0", async () => {
    await here.deployWorker("worker");
    await here.apply(`
      resource "cloudflare_queue" "jobs" {
        account_id = ACCOUNT
        queue_name = "jobs"
      }
      resource "cloudflare_queue_consumer" "one" {
        account_id  = ACCOUNT
        queue_id    = cloudflare_queue.jobs.queue_id
        type        = "worker"
        script_name = "worker"
        settings    = { max_retries = 5 }
      }`);

    const running = here.api.host.running.get("worker")?.queueConsumers;
    const planned = await here.plan();
    const imported = await here.folder.run("import", "cloudflare_queue_consumer.one", "a/b/c");

    expect(running).toMatchObject([{ queueName: "jobs", maxRetries: 5 }]);
    expect(planned).toEqual({ "cloudflare_queue_consumer.one": "delete+create" });
    expect(imported.code).toBe(1);
  });
});

describeWithTerraform("cloudflare_workflow", () => {
  const here = account();
  beforeEach(() => here.deployWorker("chat"));
  const workflow = (className: string) => `
    resource "cloudflare_workflow" "one" {
      account_id    = ACCOUNT
      workflow_name = "summaries"
      class_name    = "${className}"
      script_name   = "chat"
    }`;

  test("changes its class in place, every next plan is empty, and import and destroy work", async () => {
    await here.apply(workflow("Sum"));
    const first = await here.plan();
    await here.configure(workflow("Total"));
    const change = await here.plan();
    await here.apply(workflow("Total"));
    here.folder.forgetState();

    const id = `${here.api.state.accountId}/summaries`;
    await here.succeed("import", "cloudflare_workflow.one", id);
    const imported = await here.plan();
    await here.succeed("destroy", "-auto-approve");

    expect(first).toEqual({});
    expect(change).toEqual({ "cloudflare_workflow.one": "update" });
    expect(imported).toEqual({});
    expect(here.api.state.products.workflows.list()).toEqual([]);
  });
});

describeWithTerraform("cloudflare_workers_route", () => {
  const here = account();
  beforeEach(() => here.deployWorker("chat"));
  const route = (pattern: string) => `
    resource "cloudflare_workers_route" "one" {
      zone_id = "${ZONE}"
      pattern = "${pattern}"
      script  = "chat"
    }`;

  test("changes its pattern in place, every next plan is empty, and import and destroy work", async () => {
    await here.apply(route("chat.example.com/*"));
    const first = await here.plan();
    await here.configure(route("*.example.com/*"));
    const change = await here.plan();
    await here.apply(route("*.example.com/*"));
    const { id } = here.state("cloudflare_workers_route");
    here.folder.forgetState();

    await here.succeed("import", "cloudflare_workers_route.one", `${ZONE}/${id}`);
    const imported = await here.plan();
    await here.succeed("destroy", "-auto-approve");

    expect(first).toEqual({});
    expect(change).toEqual({ "cloudflare_workers_route.one": "update" });
    expect(imported).toEqual({});
    expect(here.api.state.products.routes.list()).toEqual([]);
  });
});

describeWithTerraform("cloudflare_workers_custom_domain", () => {
  const here = account();
  beforeEach(() => here.deployWorker("chat"));
  const domain = (more: string) => `
    resource "cloudflare_workers_custom_domain" "one" {
      account_id = ACCOUNT
      zone_id    = "${ZONE}"
      hostname   = "chat.example.com"
      service    = "chat"
      ${more}
    }`;
  const address = "cloudflare_workers_custom_domain.one";

  test("with its environment plans empty, and import and destroy work", async () => {
    await here.apply(domain('environment = "production"'));
    const first = await here.plan();
    const { id } = here.state("cloudflare_workers_custom_domain");
    here.folder.forgetState();

    await here.succeed("import", address, `${here.api.state.accountId}/${id}`);
    const imported = await here.plan();
    await here.succeed("destroy", "-auto-approve");

    expect([first, imported]).toEqual([{}, {}]);
    expect(here.api.state.products.domains.list()).toEqual([]);
  });

  test("without its environment is replaced by every plan, as with the real 5.14.0", async () => {
    await here.apply(domain(""));

    expect(await here.plan()).toEqual({ [address]: "delete+create" });
  });
});

describeWithTerraform("cloudflare_workers_cron_trigger", () => {
  const here = account();
  beforeEach(() => here.deployWorker("chat"));
  const crons = (cron: string) => `
    resource "cloudflare_workers_cron_trigger" "one" {
      account_id  = ACCOUNT
      script_name = "chat"
      schedules   = [{ cron = "${cron}" }, { cron = "0 3 * * *" }]
    }`;
  const stored = () => here.api.state.workers.get("chat")?.schedules.map(({ cron }) => cron);

  test("changes its list in place, and every next plan is empty", async () => {
    const applied = await here.apply(crons("*/5 * * * *"));
    const first = await here.plan();
    await here.configure(crons("*/10 * * * *"));
    const change = await here.plan();

    await here.apply(crons("*/10 * * * *"));

    expect(applied.output).toContain("Resource Destruction Considerations");
    expect(first).toEqual({});
    expect(change).toEqual({ "cloudflare_workers_cron_trigger.one": "update" });
    expect(stored()).toEqual(["*/10 * * * *", "0 3 * * *"]);
    expect(await here.plan()).toEqual({});
  });

  test("leaves the crons behind when it is destroyed, and does not see them change, as the real 5.14.0", async () => {
    await here.apply(crons("*/5 * * * *"));
    await here.api.call("PUT", "/workers/scripts/chat/schedules", [{ cron: "1 1 * * *" }]);

    const planned = await here.plan();
    await here.succeed("destroy", "-auto-approve");

    expect(planned).toEqual({});
    expect(stored()).toEqual(["1 1 * * *"]);
  });

  test("is changed by the plan after an import, which does not read the list", async () => {
    await here.api.call("PUT", "/workers/scripts/chat/schedules", [{ cron: "0 3 * * *" }]);
    await here.configure(crons("*/5 * * * *"));
    const address = "cloudflare_workers_cron_trigger.one";

    await here.succeed("import", address, `${here.api.state.accountId}/chat`);

    expect(await here.plan()).toEqual({ [address]: "update" });
  });
});
