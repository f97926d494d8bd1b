import { describe, expect, test } from "@jest/globals";
import { ClassHistory, type ClassMigration } from "../../../lib/workers/class-history.js";
import { type ClassUse, classProblems } from "../../../lib/workers/class-problems.js";

interface Case {
  readonly migrations?: readonly ClassMigration[];
  /** Name in env → class. */
  readonly bound?: Readonly<Record<string, string>>;
  readonly workflows?: Readonly<Record<string, string>>;
  readonly exported?: readonly string[];
}

const usesOf = (kind: ClassUse["kind"], classes: Readonly<Record<string, string>> = {}) =>
  Object.entries(classes).map(([name, className]): ClassUse => ({ name, className, kind }));

function judge({ migrations = [], bound, workflows, exported }: Case): readonly string[] {
  const history = new ClassHistory();
  for (const migration of migrations) {
    history.add(migration);
  }
  const uses = [...usesOf("Durable Object", bound), ...usesOf("workflow", workflows)];
  return classProblems({ history, uses, exported });
}

const room: ClassMigration = { newSqliteClasses: ["Room"] };

describe("what is wrong with a Worker's classes", () => {
  test.each<[string, Case]>([
    ["classes that are there", { migrations: [room], bound: { ROOM: "Room" }, exported: ["Room"] }],
    [
      "a rename with its step",
      {
        migrations: [room, { renamedClasses: [{ from: "Room", to: "Hall" }] }],
        bound: { ROOM: "Hall" },
        exported: ["Hall", "default"],
      },
    ],
    ["an export that is no class of objects", { exported: ["Helper", "default"] }],
    ["exports nobody can read", { migrations: [room], bound: { ROOM: "Room" } }],
  ])("is nothing for %s", (_, situation) => {
    expect(judge(situation)).toEqual([]);
  });

  test.each<[string, Case, readonly string[]]>([
    [
      "a rename without its step keeps the data first",
      { migrations: [room], bound: { ROOM: "Hall" }, exported: ["Hall", "default"] },
      [
        'ROOM: the class "Hall" has no history, and the class "Room" of migrations is not exported any more. If Hall is Room under another name, add the step { renamedClasses: [{ from: "Room", to: "Hall" }] } at the end of migrations: its objects and data stay. Only if Hall is really new, add { newSqliteClasses: ["Hall"] } instead, and export Room again, or end it with { deletedClasses: ["Room"] }, which deletes all its data.',
      ],
    ],
    [
      "a rename that esbuild is not there to see",
      { migrations: [room], bound: { ROOM: "Hall" } },
      [
        'ROOM: the class "Hall" has no history, and the class "Room" of migrations is not bound any more. If Hall is Room under another name, add the step { renamedClasses: [{ from: "Room", to: "Hall" }] } at the end of migrations: its objects and data stay. Only if Hall is really new, add { newSqliteClasses: ["Hall"] } instead, and keep Room, or end it with { deletedClasses: ["Room"] }, which deletes all its data.',
      ],
    ],
    [
      "two renames at once",
      {
        migrations: [{ newSqliteClasses: ["Room", "Desk"] }],
        bound: { ROOM: "Hall", DESK: "Table" },
        exported: ["Hall", "Table"],
      },
      [
        'ROOM, DESK: the classes "Hall", "Table" have no history, and the classes "Room", "Desk" of migrations are not exported any more. For each that is an old class under another name, add a step such as { renamedClasses: [{ from: "Room", to: "Hall" }] } at the end of migrations: its objects and data stay. Only if one is really new, add a step that begins it, such as { newSqliteClasses: ["Hall"] }, instead. Export again each old class that stays; { deletedClasses: ["Room"] } would end one and delete all its data.',
      ],
    ],
    [
      "a rename in the code alone",
      { migrations: [room], bound: { ROOM: "Room" }, exported: ["Hall", "default"] },
      [
        'ROOM: the Durable Object class "Room" is not exported; exported are Hall, default. If it is called Hall now, add the step { renamedClasses: [{ from: "Room", to: "Hall" }] } at the end of migrations and bind ROOM to the new name: its objects and data stay. Otherwise write export class Room in the Worker\'s entry file, or correct the name. If it is to go, remove ROOM and add the step { deletedClasses: ["Room"] }, which deletes all its objects and data.',
      ],
    ],
    [
      "a class that went without a step",
      { migrations: [room], exported: ["default"] },
      [
        'migrations: the Durable Object class "Room" is not exported; exported are default. Write export class Room in the Worker\'s entry file, or correct the name. If it is to go, add the step { deletedClasses: ["Room"] } at the end of migrations, which deletes all its objects and data.',
      ],
    ],
    [
      "a class that went beside one that stays",
      {
        migrations: [{ newSqliteClasses: ["Room", "Desk"] }],
        bound: { ROOM: "Room" },
        exported: ["Room", "default"],
      },
      [
        'migrations: the Durable Object class "Desk" is not exported; exported are Room, default. Write export class Desk in the Worker\'s entry file, or correct the name. If it is to go, add the step { deletedClasses: ["Desk"] } at the end of migrations, which deletes all its objects and data.',
      ],
    ],
    [
      "a slip of the pen in a binding",
      { migrations: [room], bound: { ROOM: "Roomm" }, exported: ["Room", "default"] },
      [
        'ROOM: the Durable Object class "Roomm" is not exported; exported are Room, default. Did you mean "Room"?',
      ],
    ],
    [
      "a slip of the pen in the history",
      {
        migrations: [{ newSqliteClasses: ["Romo"] }],
        bound: { ROOM: "Room" },
        exported: ["Room", "default"],
      },
      [
        'migrations: the Durable Object class "Romo" is not exported; exported are Room, default. Did you mean "Room"? If the class was deployed as Romo and is called Room now, leave the steps as they are and add { renamedClasses: [{ from: "Romo", to: "Room" }] } at the end: its objects and data stay.',
      ],
    ],
    [
      "a slip of the pen in the history and the binding",
      {
        migrations: [{ newSqliteClasses: ["Rooom"] }],
        bound: { ROOM: "Rooom" },
        exported: ["Room"],
      },
      [
        'ROOM, migrations: the Durable Object class "Rooom" is not exported; exported are Room. Did you mean "Room"? If the class was deployed as Rooom and is called Room now, leave the steps as they are and add { renamedClasses: [{ from: "Rooom", to: "Room" }] } at the end: its objects and data stay.',
      ],
    ],
    [
      "a slip of the pen that esbuild is not there to see",
      { migrations: [room], bound: { ROOM: "Roon" } },
      [
        'ROOM: the class "Roon" has no history, and the class "Room" of migrations is not bound any more. Did you mean "Room"? If Roon is Room under another name, add the step { renamedClasses: [{ from: "Room", to: "Roon" }] } at the end of migrations: its objects and data stay. Only if Roon is really new, add { newSqliteClasses: ["Roon"] } instead, and keep Room, or end it with { deletedClasses: ["Room"] }, which deletes all its data.',
      ],
    ],
    [
      "a new class beside an old one",
      {
        migrations: [room],
        bound: { ROOM: "Room", ROOMS: "Rooms" },
        exported: ["Room", "Rooms"],
      },
      [
        'ROOMS: the class "Rooms" has no history. Write migrations: [{ newSqliteClasses: ["Rooms"] }], as a step at the end where there are some.',
      ],
    ],
    [
      "a new class nobody wrote yet",
      { bound: { HALL: "Hall" }, exported: ["default"] },
      [
        'HALL: the class "Hall" has no history and is not exported; exported are default. Write export class Hall in the Worker\'s entry file, or correct the name; a class that is new also begins with a step of migrations: { newSqliteClasses: ["Hall"] }.',
      ],
    ],
    [
      "a class that was deleted and is still bound",
      {
        migrations: [room, { deletedClasses: ["Room"] }],
        bound: { ROOM: "Room" },
        exported: ["default"],
      },
      [
        'ROOM: the class "Room" ends with the step v2 of migrations. Remove what uses it, or use the class it was renamed to.',
      ],
    ],
    [
      "a workflow with a slip of the pen",
      { workflows: { SUM: "Summarise" }, exported: ["Summarize"] },
      [
        'SUM: the workflow class "Summarise" is not exported; exported are Summarize. Did you mean "Summarize"?',
      ],
    ],
  ])("is said once for %s", (_, situation, problems) => {
    expect(judge(situation)).toEqual(problems);
  });
});
