import { describe, expect, test } from "@jest/globals";
import { TerraformOutput } from "cdktf";
import { DurableObjectNamespace, Worker, type WorkerProps } from "../../../lib/index.js";
import { problemsOf, synth } from "../new-stack.js";
import { newRoomsWorker, rooms, roomsBundle } from "./rooms-worker.js";

describe("DurableObjectNamespace", () => {
  test("binds the class to another Worker, which is deployed after it", () => {
    const { stack, worker } = newRoomsWorker();
    const other = new Worker(stack, "other", { bundle: roomsBundle });
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
    const { stack, worker } = newRoomsWorker({
      migrations: [{ newSqliteClasses: ["Room"] }],
    });
    worker.addBinding(
      "ROOM",
      new DurableObjectNamespace(stack, "rooms", { worker, className: "Room" }),
    );

    expect(synth(stack)).toEqual(synth(newRoomsWorker().stack));
  });

  test("reads its id once, after the step that named the class", () => {
    const { stack, worker } = newRoomsWorker();
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
    const { stack, worker } = newRoomsWorker(props);
    new DurableObjectNamespace(stack, "desks", { worker, className });

    expect(problemsOf(stack)).toEqual([
      `[chat/desks] className: the Worker chat/worker ${problem}`,
    ]);
  });
});
