import { describe, expect, test } from "@jest/globals";
import { TerraformOutput } from "cdktf";
import { DurableObjectNamespace, Worker, type WorkerProps } from "../../../lib/index.js";
import { newBundle, newStack, only, problemsOf, synth } from "../new-stack.js";

const bundle = newBundle(
  "export class Room {}\nclass Desk {}\nexport { Desk as Table };\nexport default { fetch() {} };\n",
);
const rooms: Partial<WorkerProps> = {
  durableObjects: { ROOM: { className: "Room" } },
  migrations: [{ newSqliteClasses: ["Room"] }],
};

function newWorker(props: Partial<WorkerProps> = rooms, stack = newStack()) {
  return { stack, worker: new Worker(stack, "worker", { bundle, ...props }) };
}

describe("Durable Object classes of a Worker", () => {
  test("come with the steps the account has not seen, by a tag that is latched", () => {
    const { stack } = newWorker();

    const { data, locals, resource } = synth(stack) as ReturnType<typeof synth> & {
      locals: Record<string, unknown>;
    };
    const { migrations, lifecycle, bindings } = only(resource?.cloudflare_workers_script);
    expect({
      data,
      locals,
      migrations,
      lifecycle,
      bindings,
      terraform_data: resource?.terraform_data,
    }).toMatchInlineSnapshot(`
      {
        "bindings": [
          {
            "class_name": "Room",
            "name": "ROOM",
            "type": "durable_object_namespace",
          },
        ],
        "data": {
          "restful_resource": {
            "worker_Classes_Service_F7C8550D": {
              "allow_not_exist": true,
              "id": "/accounts/account/workers/services/chat-worker",
              "output_attrs": [
                "default_environment.script.migration_tag",
              ],
              "selector": "result",
            },
          },
        },
        "lifecycle": {
          "precondition": [
            {
              "condition": "\${local.worker_Classes_LiveTag_B66D161F == null || contains(local.worker_Classes_Tags_37142F2E, coalesce(local.worker_Classes_LiveTag_B66D161F, "-"))}",
              "error_message": "The Worker chat-worker has the migration tag "\${coalesce(local.worker_Classes_LiveTag_B66D161F, "-")}", which is none of this stack's: \${join(", ", local.worker_Classes_Tags_37142F2E)}. Write the steps it was deployed with in front of migrations, in their order and with their tags.",
            },
          ],
        },
        "locals": {
          "worker_Classes_Inputs_1F277A12": [
            {
              "account_id": "account",
              "bindings": [
                {
                  "class_name": "Room",
                  "name": "ROOM",
                  "type": "durable_object_namespace",
                },
              ],
              "compatibility_date": "2026-04-26",
              "compatibility_flags": [],
              "content_file": "assets/worker_Module_726D4BF2/5f003ee4c43ac2f42f9465e8451da58a/worker.js",
              "content_sha256": "68200e26894f8a79ddc3e5e50321e0c17bde275dafd45f3adc0677fb8c55f578",
              "keep_bindings": [
                "secret_text",
              ],
              "logpush": false,
              "main_module": "worker.js",
              "observability": {
                "enabled": false,
                "head_sampling_rate": 1,
                "logs": {
                  "enabled": false,
                  "head_sampling_rate": 1,
                  "invocation_logs": true,
                  "persist": true,
                },
              },
              "script_name": "chat-worker",
            },
            [
              "v1",
            ],
            [
              {
                "new_sqlite_classes": [
                  "Room",
                ],
              },
            ],
          ],
          "worker_Classes_LiveTag_B66D161F": "\${try(data.restful_resource.worker_Classes_Service_F7C8550D.output.default_environment.script.migration_tag, null)}",
          "worker_Classes_Steps_0F55F7A2": [
            {
              "new_sqlite_classes": [
                "Room",
              ],
            },
          ],
          "worker_Classes_Tags_37142F2E": [
            "v1",
          ],
          "worker_Classes_Texts_BEDFA320": [
            "v1 begins Room",
          ],
          "worker_Classes_Todo_7883AE49": "\${slice(local.worker_Classes_Steps_0F55F7A2, (local.worker_Classes_LiveTag_B66D161F == null ? null : try(terraform_data.worker_Classes_Tag_D54D8736.output.tag_of_the_account, terraform_data.worker_Classes_Tag_D54D8736.output)) == null ? 0 : index(local.worker_Classes_Tags_37142F2E, (local.worker_Classes_LiveTag_B66D161F == null ? null : try(terraform_data.worker_Classes_Tag_D54D8736.output.tag_of_the_account, terraform_data.worker_Classes_Tag_D54D8736.output))) + 1, length(local.worker_Classes_Steps_0F55F7A2))}",
        },
        "migrations": "\${length(local.worker_Classes_Todo_7883AE49) == 0 ? null : { old_tag = (local.worker_Classes_LiveTag_B66D161F == null ? null : try(terraform_data.worker_Classes_Tag_D54D8736.output.tag_of_the_account, terraform_data.worker_Classes_Tag_D54D8736.output)), new_tag = local.worker_Classes_Tags_37142F2E[length(local.worker_Classes_Tags_37142F2E) - 1], steps = [for step in local.worker_Classes_Todo_7883AE49 : { new_sqlite_classes = try(step.new_sqlite_classes, null), renamed_classes = try(step.renamed_classes, null), deleted_classes = try(step.deleted_classes, null), transferred_classes = try(step.transferred_classes, null) }] }}",
        "terraform_data": {
          "worker_Classes_Fingerprint_0280AC0A": {
            "input": "\${sha256(jsonencode(local.worker_Classes_Inputs_1F277A12))}",
          },
          "worker_Classes_Tag_D54D8736": {
            "input": {
              "steps_to_send": "\${try(coalesce(join("; ", slice(local.worker_Classes_Texts_BEDFA320, local.worker_Classes_LiveTag_B66D161F == null ? 0 : index(local.worker_Classes_Tags_37142F2E, local.worker_Classes_LiveTag_B66D161F) + 1, length(local.worker_Classes_Texts_BEDFA320))), "none"), "unknown")}",
              "tag_of_the_account": "\${local.worker_Classes_LiveTag_B66D161F}",
            },
            "lifecycle": {
              "ignore_changes": [
                "input",
              ],
              "replace_triggered_by": [
                "terraform_data.worker_Classes_Fingerprint_0280AC0A",
              ],
            },
          },
        },
      }
    `);
  });

  test("add nothing to a Worker without them", () => {
    const { stack } = newWorker({});

    const { data, resource } = synth(stack);
    expect(data).toBeUndefined();
    expect(Object.keys(resource ?? {})).toEqual([
      "cloudflare_workers_script",
      "cloudflare_workers_script_subdomain",
    ]);
  });

  test("are the same whether they come as props or by later calls", () => {
    const { stack, worker } = newWorker({});
    worker.addDurableObject("ROOM", { className: "Room" });
    worker.addMigration({ newSqliteClasses: ["Room"] });

    expect(synth(stack)).toEqual(synth(newWorker().stack));
  });

  test("are uploaded again whatever changes the script", () => {
    const fingerprintOf = (props: Partial<WorkerProps>) =>
      JSON.stringify(
        Object.entries(
          (
            synth(newWorker({ ...rooms, ...props }).stack) as {
              locals?: Record<string, unknown>;
            }
          ).locals ?? {},
        ).find(([name]) => name.includes("Inputs")),
      );
    const before = fingerprintOf({});

    expect(fingerprintOf({})).toBe(before);
    for (const change of [
      { vars: { A: "b" } },
      { logpush: true },
      { compatibilityDate: "2026-01-01" },
      { limits: { cpuMs: 10 } },
      { bundle: newBundle("export class Room {}\nexport default {};") },
      { migrations: [{ tag: "first", newSqliteClasses: ["Room"] }] },
    ]) {
      expect(fingerprintOf(change)).not.toBe(before);
    }
  });

  test.each<[string, Partial<WorkerProps>, string]>([
    [
      "without a history",
      { durableObjects: { ROOM: { className: "Room" } } },
      'ROOM: the class "Room" has no history. Write migrations: [{ newSqliteClasses: ["Room"] }]',
    ],
    [
      "that is deleted while it is bound",
      {
        ...rooms,
        migrations: [{ newSqliteClasses: ["Room"] }, { deletedClasses: ["Room"] }],
      },
      'ROOM: the class "Room" ends with the step v2 of migrations',
    ],
    [
      "that the bundle does not export",
      { migrations: [{ newSqliteClasses: ["Desk"] }] },
      'migrations: the Durable Object class "Desk" is not exported; exported are Room, Table, default. If it is called Room or Table now',
    ],
    [
      "whose name is none",
      { durableObjects: { ROOM: { className: "the room" } }, migrations: [] },
      'durableObjects.ROOM.className: got "the room"; allowed is the name of an exported class',
    ],
  ])("fail at synth for a class %s", (_, props, problem) => {
    const problems = problemsOf(newWorker(props).stack);

    expect(problems).toEqual([expect.stringContaining(`[chat/worker] ${problem}`)]);
  });

  test("fail at synth for a name no class has, in a later call, too", () => {
    const { stack, worker } = newWorker({});
    worker.addDurableObject("ROOM", { className: "the room" });

    expect(problemsOf(stack)).toEqual([
      '[chat/worker] bindings.ROOM.className: got "the room"; allowed is the name of an exported class, such as "Room".',
    ]);
  });

  test.each([
    ["is missing", "no/such.js", 'bundle: got "no/such.js"; there is no such file.'],
    ["exports nothing", newBundle("class Room {}"), "exports nothing, so it is no ES module"],
  ])("are not judged by a bundle that %s", (_, missing, problem) => {
    const { stack } = newWorker({ ...rooms, bundle: missing });

    expect(problemsOf(stack)).toEqual([expect.stringContaining(problem)]);
  });

  test("are found under the name they are exported by", () => {
    expect(problemsOf(newWorker({ migrations: [{ newSqliteClasses: ["Table"] }] }).stack)).toEqual(
      [],
    );
  });

  test("of another Worker need no history here", () => {
    const { stack } = newWorker({
      durableObjects: { ROOM: { className: "Elsewhere", scriptName: "other" } },
    });

    expect(only(synth(stack).resource?.cloudflare_workers_script).bindings).toEqual([
      {
        class_name: "Elsewhere",
        name: "ROOM",
        script_name: "other",
        type: "durable_object_namespace",
      },
    ]);
  });
});

describe("DurableObjectNamespace", () => {
  test("binds the class to another Worker, which is deployed after it", () => {
    const { stack, worker } = newWorker();
    const other = new Worker(stack, "other", { bundle });
    other.addBinding(
      "ROOMS",
      new DurableObjectNamespace(stack, "rooms", { worker, className: "Room" }),
    );

    expect(synth(stack).resource?.cloudflare_workers_script).toHaveProperty(
      "other_7F016EE3.bindings",
      [
        {
          class_name: "Room",
          name: "ROOMS",
          script_name: expect.stringContaining(
            "cloudflare_workers_script.worker_28EA3E30.script_name",
          ),
          type: "durable_object_namespace",
        },
      ],
    );
  });

  test("binds the class to its own Worker without a circle", () => {
    const { stack, worker } = newWorker({
      migrations: [{ newSqliteClasses: ["Room"] }],
    });
    worker.addBinding(
      "ROOM",
      new DurableObjectNamespace(stack, "rooms", { worker, className: "Room" }),
    );

    expect(synth(stack)).toEqual(synth(newWorker().stack));
  });

  test("reads its id once, after the step that named the class", () => {
    const { stack, worker } = newWorker();
    const rooms = new DurableObjectNamespace(stack, "rooms", {
      worker,
      className: "Room",
    });
    new TerraformOutput(stack, "id", { value: rooms.namespaceId });

    const { resource, output } = synth(stack);
    expect({ operation: resource?.restful_operation, output }).toMatchInlineSnapshot(`
      {
        "operation": {
          "rooms_List_9E603CB4": {
            "depends_on": [
              "cloudflare_workers_script.worker_28EA3E30",
            ],
            "lifecycle": {
              "replace_triggered_by": [
                "terraform_data.rooms_Born_63526045",
              ],
            },
            "method": "GET",
            "output_attrs": [
              "result",
            ],
            "path": "/accounts/account/workers/durable_objects/namespaces",
            "query": {
              "per_page": [
                "1000",
              ],
            },
          },
        },
        "output": {
          "id": {
            "value": "\${one([for namespace in restful_operation.rooms_List_9E603CB4.output.result : namespace.id if namespace.class == "Room" && namespace.script == cloudflare_workers_script.worker_28EA3E30.script_name])}",
          },
        },
      }
    `);
  });

  test.each<[string, Partial<WorkerProps>, string, string]>([
    [
      "has none",
      {},
      "Desk",
      'has no class "Desk". Begin it there: migrations: [{ newSqliteClasses: ["Desk"] }].',
    ],
    [
      "has another, which may be the same",
      rooms,
      "Hall",
      'has no class "Hall"; it has Room. If one of those has this name now, rename it there: migrations: […, { renamedClasses: [{ from: "Room", to: "Hall" }] }]; its objects and data stay. A new class begins with the step { newSqliteClasses: ["Hall"] }.',
    ],
    ["has almost", rooms, "Roon", 'has no class "Roon"; it has Room. Did you mean "Room"?'],
    [
      "had",
      {
        migrations: [...(rooms.migrations ?? []), { deletedClasses: ["Room"] }],
      },
      "Room",
      'has no class "Room" since the step v2 of its migrations. Use the class it was renamed to, or remove what uses it.',
    ],
  ])("fails for a class the Worker %s", (_, props, className, problem) => {
    const { stack, worker } = newWorker(props);
    new DurableObjectNamespace(stack, "desks", { worker, className });

    expect(problemsOf(stack)).toEqual([
      `[chat/desks] className: the Worker chat/worker ${problem}`,
    ]);
  });
});
