import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { TerraformOutput } from "cdktf";
import { type ClassMigration, Worker } from "../../lib/index.js";
import { Workbench } from "./workbench.js";

/** A class that moves from one Worker to another, by the real Terraform in real workerd. */
describe("A Durable Object class that moves to another Worker", () => {
  let bench: Workbench;

  interface Declared {
    /** Changes the code of both. */
    readonly version: string;
    readonly moved: boolean;
  }

  const declare = async ({ version, moved }: Declared) => {
    const bundles = { before: ["Room"], after: ["Hall", "Desk"] } as const;
    for (const [name, classes] of Object.entries(bundles)) {
      await writeFile(join(bench.directory, `${name}.js`), renderBundle(version, classes));
    }
    bench.synth((stack) => {
      const before = new Worker(stack, "before", {
        bundle: join(bench.directory, "before.js"),
        scriptName: "before",
        ...(moved ? {} : { durableObjects: { ROOM: { className: "Room" } } }),
        // As it was: a fresh environment begins the class here.
        migrations: [{ newSqliteClasses: ["Room"] }],
      });
      const transfer: ClassMigration = {
        transferredClasses: [{ from: "Room", fromScript: before.scriptName, to: "Hall" }],
      };
      const after = new Worker(stack, "after", {
        bundle: join(bench.directory, "after.js"),
        scriptName: "after",
        durableObjects: {
          DESK: { className: "Desk" },
          ...(moved ? { ROOM: { className: "Hall" } } : {}),
        },
        migrations: [{ newSqliteClasses: ["Desk"] }, ...(moved ? [transfer] : [])],
      });
      new TerraformOutput(stack, "before_url", { value: before.url });
      new TerraformOutput(stack, "after_url", { value: after.url });
    });
  };

  const deploy = async (declared: Declared) => {
    await declare(declared);
    await bench.apply();
    expect((await bench.plan()).changes.map(({ address }) => address)).toEqual([]);
  };

  const say = async (worker: "before" | "after", text: string) => {
    const response = await fetch(`${await bench.output(`${worker}_url`)}/?text=${text}`);
    return response.ok ? ((await response.json()) as unknown) : response.status;
  };

  beforeAll(async () => {
    bench = await Workbench.start();
  }, 120_000);

  afterAll(async () => {
    await bench?.close();
  });

  test("takes its objects and their data along, in one deploy", async () => {
    // GIVEN a class that its first Worker has written to
    await deploy({ version: "one", moved: false });
    expect([await say("before", "one"), await say("after", "nothing")]).toEqual([
      { version: "one", said: ["one"] },
      404,
    ]);

    // WHEN
    await deploy({ version: "one", moved: true });

    // THEN
    expect([await say("before", "nothing"), await say("after", "two")]).toEqual([
      404,
      { version: "one", said: ["one", "two"] },
    ]);
  }, 240_000);

  test("stays there through a change of both Workers' code", async () => {
    await deploy({ version: "two", moved: true });

    expect(await say("after", "three")).toEqual({ version: "two", said: ["one", "two", "three"] });
  }, 120_000);

  test("moves in the first deploy of a fresh environment, too", async () => {
    const destroyed = await bench.terraform("destroy", "-auto-approve", "-no-color");
    expect(destroyed).toMatchObject({ code: 0 });

    await deploy({ version: "three", moved: true });

    expect(await say("after", "four")).toEqual({ version: "three", said: ["four"] });
  }, 240_000);
});

const renderBundle = (version: string, classes: readonly string[]): string =>
  [
    'import { DurableObject } from "cloudflare:workers";',
    ...classes.map(
      (name) => `export class ${name} extends DurableObject {
        say(text) {
          this.ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS said (text TEXT)");
          this.ctx.storage.sql.exec("INSERT INTO said VALUES (?)", text);
          return this.ctx.storage.sql.exec("SELECT text FROM said").toArray().map((row) => row.text);
        }
      }`,
    ),
    `export default {
      async fetch(request, env) {
        if (!env.ROOM) return new Response("no ROOM", { status: 404 });
        const text = new URL(request.url).searchParams.get("text");
        return Response.json({ version: ${JSON.stringify(version)}, said: await env.ROOM.getByName("lobby").say(text) });
      },
    };`,
  ].join("\n");
