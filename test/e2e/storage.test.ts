import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { declareStorage, type Variation } from "./declared-storage.js";
import { type ResourceChange, Workbench } from "./workbench.js";

describe("storage, queues, routes, domains and crons under Terraform", () => {
  let bench: Workbench;

  beforeAll(async () => {
    bench = await Workbench.start();
  }, 60_000);

  afterAll(async () => {
    await bench.close();
  });

  const declare = (variation?: Variation) => declareStorage(bench, variation);

  const actions = (changes: readonly ResourceChange[]) =>
    Object.fromEntries(
      changes.map(({ address, change }) => [idOf(address), change.actions.join(" then ")]),
    );

  const result = async (path: string) => (await bench.api("GET", path)).body.result;
  const crons = async () =>
    (
      (await result("/workers/scripts/test-worker/schedules")) as { schedules: { cron: string }[] }
    ).schedules.map(({ cron }) => cron);

  test("are created as declared, and the next plan is empty", async () => {
    // GIVEN
    declare();

    // WHEN
    await bench.apply();

    // THEN
    expect((await bench.plan()).changes).toEqual([]);
    expect(await result("/storage/kv/namespaces")).toMatchObject([{ title: "test-titles" }]);
    expect(await result("/r2/buckets/test-files")).toMatchObject({ name: "test-files" });
    expect(await result("/d1/database")).toMatchObject([{ name: "test-messages" }]);
    expect(await crons()).toEqual(["0 3 * * *", "*/5 * * * *"]);
  }, 180_000);

  test("change every setting in place, and go back to the defaults without it", async () => {
    // GIVEN
    declare();
    await bench.apply();

    for (const changed of [true, false]) {
      // WHEN
      declare({ changed });
      const planned = await bench.plan();
      await bench.apply();

      // THEN
      expect(actions(planned.changes)).toEqual({
        titles: "update",
        files: "update",
        messages: "update",
        jobs: "update",
        consumer: "update",
        route: "update",
        cron: "update",
      });
      expect((await bench.plan()).changes).toEqual([]);
      const queueId = await bench.output("jobs_id");
      const [consumer] = (await result(`/queues/${queueId}/consumers`)) as object[];
      expect(consumer).toMatchObject(
        changed
          ? {
              dead_letter_queue: "test-failed",
              settings: {
                batch_size: 50,
                max_wait_time_ms: 0,
                max_retries: 5,
                retry_delay: 60,
                max_concurrency: 2,
              },
            }
          : {
              settings: { batch_size: 10, max_wait_time_ms: 5_000, max_retries: 3, retry_delay: 0 },
            },
      );
      expect(await crons()).toEqual(changed ? ["0 4 * * MON-FRI"] : ["0 3 * * *", "*/5 * * * *"]);
    }
  }, 180_000);

  test("repair a consumer that was changed behind Terraform's back", async () => {
    // GIVEN
    declare();
    await bench.apply();
    const path = (await bench.output("consumer_id")).replace(/^\/accounts\/[^/]+/, "");
    const foreign = {
      type: "worker",
      script_name: "test-worker",
      settings: { batch_size: 99, max_retries: 1, max_concurrency: 3 },
    };
    expect((await bench.api("PUT", path, foreign)).status).toBe(200);

    // WHEN
    const planned = await bench.plan();
    await bench.apply();

    // THEN
    expect(actions(planned.changes)).toEqual({ consumer: "update" });
    expect(await result(path)).toMatchObject({ settings: { batch_size: 10, max_retries: 3 } });
    expect((await bench.plan()).changes).toEqual([]);
  }, 180_000);

  test("rename a queue in place, which keeps its messages and its consumer", async () => {
    declare({ renamed: "queue" });
    const planned = await bench.plan();
    await bench.apply();

    expect(actions(planned.changes)).toEqual({ jobs: "update" });
    expect((await bench.plan()).changes).toEqual([]);
    declare();
    await bench.apply();
  }, 180_000);

  test("show that another name replaces a database, and refuse it where destroying is prevented", async () => {
    // GIVEN
    declare();
    await bench.apply();
    const id = await bench.output("messages_id");

    // WHEN
    declare({ renamed: "database" });
    const planned = await bench.plan();
    declare({ renamed: "database", preventDestroy: true });
    const refused = await bench.terraform("plan", "-no-color");

    // THEN
    expect(actions(planned.changes)).toEqual({ messages: "delete then create" });
    expect(planned.text).toMatch(/name += "test-messages" -> "renamed" # forces replacement/);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("lifecycle.prevent_destroy");
    expect(await result(`/d1/database/${id}`)).toMatchObject({ name: "test-messages" });
  }, 180_000);

  test("are imported, and nothing is replaced", async () => {
    // GIVEN all of it, which Terraform has forgotten
    declare();
    await bench.apply();
    const importFrom: Record<string, string> = {};
    for (const id of ["titles", "files", "messages", "jobs", "failed", "route", "domain"]) {
      importFrom[id] = await bench.output(`${id}_id`);
    }
    importFrom.consumer = (await bench.output("consumer_id")).split("/").pop() as string;
    const listed = (await bench.terraform("state", "list")).stdout.split("\n");
    const forgotten = listed.filter((address) => Object.hasOwn(importFrom, idOf(address)));
    expect(forgotten).toHaveLength(8);
    // The consumer's path needs the queue's id, which an import of both at once does not know.
    const consumer = forgotten.filter((address) => idOf(address) === "consumer");
    expect((await bench.terraform("state", "rm", ...consumer)).code).toBe(0);
    declare({ importFrom: { consumer: importFrom.consumer } });
    const consumerPlan = await bench.plan();
    await bench.apply();
    expect(consumerPlan.text).toContain("1 to import, 0 to add");
    expect((await bench.plan()).changes).toEqual([]);
    const others = forgotten.filter((address) => idOf(address) !== "consumer");
    expect((await bench.terraform("state", "rm", ...others)).code).toBe(0);

    // WHEN
    delete importFrom.consumer;
    declare({ importFrom });
    const planned = await bench.plan();
    await bench.apply();

    // THEN
    expect(planned.text).toContain("7 to import, 0 to add");
    expect(planned.text).toContain("0 to destroy");
    declare();
    expect((await bench.plan()).changes).toEqual([]);
  }, 180_000);

  test("leave nothing behind, crons of a Worker that stays included", async () => {
    // GIVEN
    declare();
    await bench.apply();
    expect(await crons()).toHaveLength(2);

    // WHEN all but the Worker is removed
    declare({ only: "worker" });
    await bench.apply();

    // THEN
    expect(await crons()).toEqual([]);
    for (const path of ["/storage/kv/namespaces", "/d1/database", "/queues", "/workers/domains"]) {
      expect([path, await result(path)]).toEqual([path, []]);
    }
    expect(await result("/r2/buckets")).toEqual({ buckets: [] });
    expect((await bench.terraform("destroy", "-auto-approve", "-no-color")).code).toBe(0);
  }, 180_000);
});

/** The construct's id in a resource's address: `cloudflare_queue.jobs_4843572F` is of `jobs`. */
const idOf = (address: string): string => address.replace(/^.*\.([a-z]+)_.*$/, "$1");
