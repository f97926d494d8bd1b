import { describe, expect, test } from "@jest/globals";
import type { WorkerProps } from "../../../lib/index.js";
import { newBundle, only, synth } from "../new-stack.js";
import { newRoomsWorker, rooms } from "./rooms-worker.js";

describe("Durable Object classes of a Worker", () => {
  test("come with the steps the account has not seen, by a tag that is latched", () => {
    const { stack } = newRoomsWorker();

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
    const { stack } = newRoomsWorker({});

    const { data, resource } = synth(stack);
    expect(data).toBeUndefined();
    expect(Object.keys(resource ?? {})).toEqual([
      "cloudflare_workers_script",
      "cloudflare_workers_script_subdomain",
    ]);
  });

  test("are the same whether they come as props or by later calls", () => {
    const { stack, worker } = newRoomsWorker({});
    worker.addDurableObject("ROOM", { className: "Room" });
    worker.addMigration({ newSqliteClasses: ["Room"] });

    expect(synth(stack)).toEqual(synth(newRoomsWorker().stack));
  });

  test("are uploaded again whatever changes the script", () => {
    const fingerprintOf = (props: Partial<WorkerProps>) =>
      JSON.stringify(
        Object.entries(
          (
            synth(newRoomsWorker({ ...rooms, ...props }).stack) as {
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

  test("of another Worker need no history here", () => {
    const { stack } = newRoomsWorker({
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
