import { describe, expect, test } from "@jest/globals";
import { TerraformStack, Testing } from "cdktf";
import {
  D1Database,
  KvNamespace,
  Queue,
  R2Bucket,
  UsageError,
  Worker,
} from "../../../lib/index.js";
import { newBundle, newStack, only, synth } from "../new-stack.js";

describe("storage constructs", () => {
  test("write out every managed setting, so that a removed prop goes back to its default", () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    new KvNamespace(stack, "titles");
    new R2Bucket(stack, "files");
    new D1Database(stack, "messages");
    new Queue(stack, "jobs");

    // THEN
    expect(synth(stack).resource).toMatchInlineSnapshot(`
      {
        "cloudflare_d1_database": {
          "messages_FB9A628B": {
            "account_id": "account",
            "lifecycle": {
              "ignore_changes": [
                "primary_location_hint",
              ],
              "prevent_destroy": false,
            },
            "name": "chat-messages",
            "read_replication": {
              "mode": "disabled",
            },
          },
        },
        "cloudflare_queue": {
          "jobs_4843572F": {
            "account_id": "account",
            "lifecycle": {
              "prevent_destroy": false,
            },
            "queue_name": "chat-jobs",
            "settings": {
              "delivery_delay": 0,
              "delivery_paused": false,
              "message_retention_period": 345600,
            },
          },
        },
        "cloudflare_r2_bucket": {
          "files_6F97A25D": {
            "account_id": "account",
            "jurisdiction": "default",
            "lifecycle": {
              "ignore_changes": [
                "location",
              ],
              "prevent_destroy": false,
            },
            "name": "chat-files",
            "storage_class": "Standard",
          },
        },
        "cloudflare_workers_kv_namespace": {
          "titles_64E4CE8A": {
            "account_id": "account",
            "lifecycle": {
              "prevent_destroy": false,
            },
            "title": "chat-titles",
          },
        },
      }
    `);
  });

  test("pass on what is set", () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    new KvNamespace(stack, "titles", {
      title: "Titles of $" + "{rooms}",
      preventDestroy: true,
    });
    new R2Bucket(stack, "files", {
      bucketName: "my-files",
      location: "weur",
      storageClass: "InfrequentAccess",
    });
    new R2Bucket(stack, "private", { jurisdiction: "eu" });
    new D1Database(stack, "messages", {
      primaryLocationHint: "enam",
      readReplication: "auto",
    });
    new Queue(stack, "jobs", {
      deliveryDelay: 5,
      deliveryPaused: true,
      messageRetentionPeriod: 60,
    });

    // THEN
    const { resource = {} } = synth(stack);
    expect(only(resource.cloudflare_workers_kv_namespace)).toMatchObject({
      // Not a template of Terraform's.
      title: "Titles of $$" + "{rooms}",
      lifecycle: { prevent_destroy: true },
    });
    expect(Object.values(resource.cloudflare_r2_bucket ?? {})).toMatchObject([
      { name: "my-files", location: "weur", storage_class: "InfrequentAccess" },
      { name: "chat-private", jurisdiction: "eu" },
    ]);
    expect(only(resource.cloudflare_d1_database)).toMatchObject({
      primary_location_hint: "enam",
      read_replication: { mode: "auto" },
    });
    expect(only(resource.cloudflare_queue)).toMatchObject({
      settings: {
        delivery_delay: 5,
        delivery_paused: true,
        message_retention_period: 60,
      },
    });
  });

  test("are bound to a Worker by what Cloudflare binds each by", () => {
    // GIVEN
    const stack = newStack();
    const bindings = {
      TITLES: new KvNamespace(stack, "titles"),
      FILES: new R2Bucket(stack, "files", { jurisdiction: "eu" }),
      MESSAGES: new D1Database(stack, "messages"),
      JOBS: new Queue(stack, "jobs"),
      OLD_TITLES: KvNamespace.fromNamespaceId(
        stack,
        "old-titles",
        "0f2ac74b498b48028cb68387c421e279",
      ),
      OLD_FILES: R2Bucket.fromBucketName(stack, "old-files", "old-files"),
      OLD_MESSAGES: D1Database.fromDatabaseId(stack, "old-messages", "uuid-1"),
      OLD_JOBS: Queue.fromQueueAttributes(stack, "old-jobs", {
        queueId: "q1",
        queueName: "old-jobs",
      }),
    };

    // WHEN
    new Worker(stack, "worker", { bundle: newBundle(), bindings });

    // THEN
    const { resource = {} } = synth(stack);
    const address = (type: string) => `${type}.${Object.keys(resource[type] ?? {})[0]}`;
    expect(only(resource.cloudflare_workers_script).bindings).toEqual([
      {
        name: "FILES",
        type: "r2_bucket",
        bucket_name: `\${${address("cloudflare_r2_bucket")}.name}`,
        jurisdiction: "eu",
      },
      {
        name: "JOBS",
        type: "queue",
        queue_name: `\${${address("cloudflare_queue")}.queue_name}`,
      },
      {
        name: "MESSAGES",
        type: "d1",
        id: `\${${address("cloudflare_d1_database")}.id}`,
      },
      { name: "OLD_FILES", type: "r2_bucket", bucket_name: "old-files" },
      { name: "OLD_JOBS", type: "queue", queue_name: "old-jobs" },
      { name: "OLD_MESSAGES", type: "d1", id: "uuid-1" },
      {
        name: "OLD_TITLES",
        type: "kv_namespace",
        namespace_id: "0f2ac74b498b48028cb68387c421e279",
      },
      {
        name: "TITLES",
        type: "kv_namespace",
        namespace_id: `\${${address("cloudflare_workers_kv_namespace")}.id}`,
      },
    ]);
  });

  test("are imported by the ids the provider reads them by", () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    new KvNamespace(stack, "titles").importFrom("ns");
    new R2Bucket(stack, "files").importFrom("chat-files");
    new R2Bucket(stack, "private", { jurisdiction: "eu" }).importFrom("chat-private");
    new D1Database(stack, "messages").importFrom("uuid");
    new Queue(stack, "jobs").importFrom("queue");

    // THEN
    expect(synth(stack).import?.map(({ id }) => id)).toEqual(
      expect.arrayContaining([
        "account/ns",
        "account/chat-files/default",
        "account/chat-private/eu",
        "account/uuid",
        "account/queue",
      ]),
    );
  });

  test("fail in a stack without Cloudflare", () => {
    const stack = new TerraformStack(Testing.app(), "chat");

    for (const declare of [KvNamespace, R2Bucket, D1Database, Queue]) {
      expect(() => new declare(stack, declare.name)).toThrow(UsageError);
    }
  });
});
