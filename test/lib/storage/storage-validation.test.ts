import { describe, expect, test } from "@jest/globals";
import { type TerraformStack, TerraformVariable } from "cdktf";
import { D1Database, KvNamespace, Queue, R2Bucket } from "../../../lib/index.js";
import { newStack, only, problemsOf, synth } from "../new-stack.js";

describe("storage constructs", () => {
  test("refuse to import a database with a jurisdiction: Terraform would delete it with its data", () => {
    const stack = newStack();
    new D1Database(stack, "messages", { jurisdiction: "eu" }).importFrom("uuid");

    expect(problemsOf(stack)).toEqual([
      expect.stringMatching(/^\[chat\/messages\] importFrom: got a database with jurisdiction/),
    ]);
  });

  test("say all that is wrong at synth, with their paths", () => {
    // GIVEN
    const stack = newStack();

    // WHEN
    new KvNamespace(stack, "titles", { title: " " });
    new R2Bucket(stack, "files", {
      bucketName: "My_Files",
      location: "weur",
      jurisdiction: "eu",
    });
    new D1Database(stack, "messages", {
      databaseName: "-messages",
      readReplication: "on" as never,
    });
    new Queue(stack, "jobs", {
      queueName: "-jobs",
      deliveryDelay: 43_201,
      messageRetentionPeriod: 59,
    });
    KvNamespace.fromNamespaceId(stack, "old-titles", "a/b");
    R2Bucket.fromBucketName(stack, "old-files", "x");
    D1Database.fromDatabaseId(stack, "old-messages", "");
    Queue.fromQueueAttributes(stack, "old-jobs", {
      queueId: "?",
      queueName: "_",
    });

    // THEN
    expect(problemsOf(stack)).toMatchInlineSnapshot(`
      [
        "[chat/titles] title: got " "; allowed is a text of 1 to 512 characters.",
        "[chat/files] bucketName: got "My_Files"; allowed is 3 to 63 lower-case letters, digits and hyphens, no hyphen first or last, such as "chat-files".",
        "[chat/files] location: got a location together with jurisdiction, which decides alone where the data is. Remove one of them.",
        "[chat/messages] databaseName: got "-messages"; allowed is letters, digits, "_" and "-", no hyphen first, such as "chat-messages".",
        "[chat/messages] readReplication: got "on"; allowed is "auto" or "disabled".",
        "[chat/jobs] queueName: got "-jobs"; allowed is 1 to 63 lower-case letters, digits and hyphens, no hyphen first or last, such as "chat-jobs".",
        "[chat/jobs] deliveryDelay: got 43201; allowed is a whole number of seconds, 0 to 43,200.",
        "[chat/jobs] messageRetentionPeriod: got 59; allowed is a whole number of seconds, 60 to 1,209,600.",
        "[chat/old-titles] namespaceId: got "a/b"; allowed is an id as Cloudflare gave it: letters, digits, "-" and "_". The dashboard shows it beside the name.",
        "[chat/old-files] bucketName: got "x"; allowed is 3 to 63 lower-case letters, digits and hyphens, no hyphen first or last, such as "chat-files".",
        "[chat/old-messages] databaseId: got ""; allowed is an id as Cloudflare gave it: letters, digits, "-" and "_". The dashboard shows it beside the name.",
        "[chat/old-jobs] queueId: got "?"; allowed is an id as Cloudflare gave it: letters, digits, "-" and "_". The dashboard shows it beside the name.",
        "[chat/old-jobs] queueName: got "_"; allowed is 1 to 63 lower-case letters, digits and hyphens, no hyphen first or last, such as "chat-jobs".",
      ]
    `);
  });

  test.each([
    [
      "R2Bucket",
      (stack: TerraformStack, name: string) => new R2Bucket(stack, "x", { bucketName: name }),
    ],
    ["Queue", (stack: TerraformStack, name: string) => new Queue(stack, "x", { queueName: name })],
  ])("hold the names of a %s to 63 characters, hyphens inside", (_, declare) => {
    const wrong = ["a".repeat(64), "a-", "-a-b", "A-b-c", "a_b_c", "", 5 as never];
    const right = ["a".repeat(63), "a-b", "123"];

    expect(wrong.map((name) => problems(declare, name)).filter((count) => count !== 1)).toEqual([]);
    expect(right.map((name) => problems(declare, name)).filter((count) => count !== 0)).toEqual([]);
  });

  test("do not judge what only Terraform knows", () => {
    // GIVEN
    const stack = newStack();
    const name = new TerraformVariable(stack, "name", { type: "string" }).stringValue;
    const delay = new TerraformVariable(stack, "delay", { type: "number" }).numberValue;

    // WHEN
    new R2Bucket(stack, "files", { bucketName: name });
    new D1Database(stack, "messages", { databaseName: name });
    new Queue(stack, "jobs", { queueName: name, deliveryDelay: delay });
    new KvNamespace(stack, "titles", { title: name });
    KvNamespace.fromNamespaceId(stack, "old", name);

    // THEN
    expect(problemsOf(stack)).toEqual([]);
    expect(only(synth(stack).resource?.cloudflare_queue)).toMatchObject({
      queue_name: `\${var.name}`,
      settings: { delivery_delay: `\${var.delay}` },
    });
  });
});

function problems(declare: (stack: TerraformStack, name: string) => unknown, name: string): number {
  const stack = newStack();
  declare(stack, name);
  return problemsOf(stack).length;
}
