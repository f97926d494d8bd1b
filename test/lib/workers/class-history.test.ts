import { describe, expect, test } from "@jest/globals";
import { ClassHistory, type ClassMigration } from "../../../lib/workers/class-history.js";

function historyOf(...migrations: unknown[]): ClassHistory {
  const history = new ClassHistory();
  for (const migration of migrations) {
    history.add(migration as ClassMigration);
  }
  return history;
}

describe("the history of a Worker's classes", () => {
  test("names steps by position and knows which classes there are after the last one", () => {
    const history = historyOf(
      { newSqliteClasses: ["Room", "Desk"] },
      { renamedClasses: [{ from: "Room", to: "Hall" }] },
      { tag: "cleanup", deletedClasses: ["Desk"] },
      { transferredClasses: [{ from: "Old", fromScript: "other", to: "New" }] },
    );

    expect(history.problems).toEqual([]);
    expect(history.tags).toEqual(["v1", "v2", "cleanup", "v4"]);
    expect(history.classes).toEqual(["Hall", "New"]);
    expect(history.tagOf("Hall")).toBe("v2");
    expect(history.goneAt("Desk")).toBe("cleanup");
    expect(history.describe()).toEqual([
      "v1 begins Room, begins Desk",
      "v2 renames Room to Hall",
      "cleanup DELETES Desk with all its data",
      "v4 takes over Old of other as New",
    ]);
    expect(history.render()).toEqual([
      { new_sqlite_classes: ["Room", "Desk"] },
      { renamed_classes: [{ from: "Room", to: "Hall" }] },
      { deleted_classes: ["Desk"] },
      { transferred_classes: [{ from: "Old", from_script: "other", to: "New" }] },
    ]);
  });

  test("lets a name that was freed begin again", () => {
    const history = historyOf(
      { newSqliteClasses: ["Room"] },
      { deletedClasses: ["Room"], newSqliteClasses: ["Room"] },
    );

    expect(history.problems).toEqual([]);
    expect(history.tagOf("Room")).toBe("v2");
  });

  test.each([
    [
      "a class that begins twice",
      [{ newSqliteClasses: ["Room"] }, { newSqliteClasses: ["Room"] }],
      'migrations[1].newSqliteClasses: got "Room", which is a class since v1',
    ],
    [
      "a rename of a class that is not there",
      [{ newSqliteClasses: ["Room"] }, { renamedClasses: [{ from: "Rom", to: "Hall" }] }],
      'migrations[1].renamedClasses: got "Rom", which is no class at this step; there are Room',
    ],
    [
      "a rename to a class that is there",
      [{ newSqliteClasses: ["Room", "Hall"] }, { renamedClasses: [{ from: "Room", to: "Hall" }] }],
      'migrations[1].renamedClasses: got "Hall", which is a class since v1',
    ],
    [
      "a deletion of a class that is not there",
      [{ deletedClasses: ["Room"] }],
      'migrations[0].deletedClasses: got "Room", which is no class at this step; there are none',
    ],
    ["no step", [null], "migrations[0]: got null; allowed is a step such as"],
    [
      "a class in place of a list",
      [{ newSqliteClasses: "Room" }],
      'migrations[0].newSqliteClasses: got "Room"; allowed is an array, such as ["Room"].',
    ],
    [
      "a name no class has",
      [{ newSqliteClasses: ["the room"] }],
      'migrations[0].newSqliteClasses: got "the room"; allowed is the name of an exported class',
    ],
    [
      "a rename without its two names",
      [{ renamedClasses: ["Room"] }],
      'migrations[0].renamedClasses: got "Room"; allowed is an object, such as { from: "Room", to: "Hall" }.',
    ],
    [
      "a transfer from nowhere",
      [{ transferredClasses: [{ from: "Room", to: "Hall" }] }],
      "migrations[0].transferredClasses.fromScript: got nothing; allowed is the name of the other Worker.",
    ],
    ["a step that says nothing", [{}], "migrations[0]: the step says nothing"],
    ["a step of empty lists", [{ newSqliteClasses: [] }], "migrations[0]: the step says nothing"],
    [
      "a tag used twice",
      [{ newSqliteClasses: ["Room"] }, { tag: "v1", newSqliteClasses: ["Desk"] }],
      'migrations[1].tag: "v1" is the tag of an earlier step',
    ],
    [
      "tags in another order",
      [
        { tag: "v2", newSqliteClasses: ["Desk"] },
        { tag: "v1", newSqliteClasses: ["Room"] },
      ],
      'migrations[1].tag: got "v1" after "v2"; steps stay in the order they were deployed in',
    ],
    [
      "a tag that is no text",
      [{ tag: 1, newSqliteClasses: ["Room"] }],
      "migrations[0].tag: got 1; allowed is a text",
    ],
    [
      "Wrangler's word for classes without SQLite",
      [{ newClasses: ["Room"] }],
      "migrations[0].newClasses: classes have SQLite storage here",
    ],
    [
      "a slip of the pen",
      [{ newSqliteClass: ["Room"] }],
      "migrations[0].newSqliteClass: there is no such word",
    ],
  ])("refuses %s", (_, migrations, problem) => {
    const { problems } = historyOf(...migrations);

    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });
});
