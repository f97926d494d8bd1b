import { describe, expect, test } from "@jest/globals";
import type { WorkerProps } from "../../../lib/index.js";
import { newBundle, problemsOf } from "../new-stack.js";
import { newRoomsWorker, rooms } from "./rooms-worker.js";

describe("Durable Object classes of a Worker", () => {
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
    const problems = problemsOf(newRoomsWorker(props).stack);

    expect(problems).toEqual([expect.stringContaining(`[chat/worker] ${problem}`)]);
  });

  test("fail at synth for a name no class has, in a later call, too", () => {
    const { stack, worker } = newRoomsWorker({});
    worker.addDurableObject("ROOM", { className: "the room" });

    expect(problemsOf(stack)).toEqual([
      '[chat/worker] bindings.ROOM.className: got "the room"; allowed is the name of an exported class, such as "Room".',
    ]);
  });

  test.each([
    ["is missing", "no/such.js", 'bundle: got "no/such.js"; there is no such file.'],
    ["exports nothing", newBundle("class Room {}"), "exports nothing, so it is no ES module"],
  ])("are not judged by a bundle that %s", (_, missing, problem) => {
    const { stack } = newRoomsWorker({ ...rooms, bundle: missing });

    expect(problemsOf(stack)).toEqual([expect.stringContaining(problem)]);
  });

  test("are found under the name they are exported by", () => {
    expect(
      problemsOf(newRoomsWorker({ migrations: [{ newSqliteClasses: ["Table"] }] }).stack),
    ).toEqual([]);
  });
});
