import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { TerraformOutput } from "cdktf";
import {
  type ClassMigration,
  type DurableObjectBinding,
  DurableObjectNamespace,
  Worker,
} from "../../lib/index.js";
import { Workbench } from "./workbench.js";

interface Declared {
  /** Changes the code. */
  readonly version: string;
  readonly migrations: readonly ClassMigration[];
  readonly durableObjects: Readonly<Record<string, DurableObjectBinding>>;
  /** What the bundle exports. */
  readonly classes: readonly string[];
  /** The class whose namespace another Worker is bound to. */
  readonly shared: string;
  /** Takes over the script that exists, instead of making it. */
  readonly adopted?: boolean;
  /** Changes the settings only. */
  readonly greeting?: string;
}

/** Classes over their life, by the real Terraform in real workerd: after each step the plan is empty. */
describe("Durable Object classes under Terraform", () => {
  let bench: Workbench;

  const declare = async (declared: Declared) => {
    const bundle = join(bench.directory, "worker.js");
    await writeFile(bundle, renderBundle(declared));
    const reader = join(bench.directory, "reader.js");
    await writeFile(reader, READER);
    bench.synth((stack) => {
      const worker = new Worker(stack, "worker", {
        bundle,
        scriptName: "rooms",
        durableObjects: declared.durableObjects,
        migrations: declared.migrations,
        vars: { GREETING: declared.greeting ?? "hello" },
      });
      if (declared.adopted) {
        worker.script.importFrom(`${bench.emulator.accountId}/rooms`);
      }
      const rooms = new DurableObjectNamespace(stack, "rooms", {
        worker,
        className: declared.shared,
      });
      const other = new Worker(stack, "reader", { bundle: reader, scriptName: "reader" });
      other.addBinding("ROOMS", rooms);
      new TerraformOutput(stack, "url", { value: worker.url });
      new TerraformOutput(stack, "reader_url", { value: other.url });
      new TerraformOutput(stack, "namespace", { value: rooms.namespaceId });
    });
  };

  const say = async (name: string, room: string, text: string, output = "url") => {
    const url = `${await bench.output(output)}/${name}/${room}?text=${text}`;
    const response = await fetch(url);
    const body = await response.text();
    return response.ok ? (JSON.parse(body) as unknown) : { status: response.status, body };
  };

  const planned = async () => (await bench.plan()).changes.map(({ address }) => address);

  /** A migrating apply and what follows it must both leave nothing to do. */
  const applyAndExpectNothingLeft = async () => {
    await bench.apply();
    expect(await planned()).toEqual([]);
  };

  beforeAll(async () => {
    bench = await Workbench.start();
  }, 120_000);

  afterAll(async () => {
    await bench?.close();
  });

  const first: Declared = {
    version: "one",
    migrations: [{ newSqliteClasses: ["Room"] }],
    durableObjects: { ROOM: { className: "Room" } },
    classes: ["Room"],
    shared: "Room",
  };
  let namespace: string;

  test("begin with the first deploy, and their objects keep what they are told", async () => {
    await declare(first);
    await applyAndExpectNothingLeft();
    namespace = await bench.output("namespace");

    expect(namespace).toMatch(/^[0-9a-f]{32}$/);
    expect(await say("ROOM", "lobby", "one")).toEqual({ version: "one", said: ["one"] });
    expect(await say("ROOMS", "lobby", "two", "reader_url")).toEqual({
      version: "one",
      said: ["one", "two"],
    });
  }, 180_000);

  test("live through a change of code", async () => {
    await declare({ ...first, version: "two" });
    const { text } = await bench.plan();
    expect(text).toMatch(/steps_to_send += "v1 begins Room" -> "none"/);
    await applyAndExpectNothingLeft();

    expect(await say("ROOM", "lobby", "three")).toEqual({
      version: "two",
      said: ["one", "two", "three"],
    });
  }, 120_000);

  test("live through a change of settings, and a second one", async () => {
    for (const greeting of ["good morning", "good night"]) {
      await declare({ ...first, version: "two", greeting });
      await applyAndExpectNothingLeft();
    }

    expect(await bench.output("namespace")).toBe(namespace);
  }, 120_000);

  const second: Declared = {
    version: "three",
    migrations: [...first.migrations, { newSqliteClasses: ["Desk"] }],
    durableObjects: { ROOM: { className: "Room" }, DESK: { className: "Desk" } },
    classes: ["Room", "Desk"],
    shared: "Room",
  };

  test("are joined by another class without their ids becoming unknown", async () => {
    await declare(second);
    const { changes, text } = await bench.plan();

    expect(changes.map(({ address }) => address)).not.toContainEqual(
      expect.stringContaining("restful_operation"),
    );
    expect(text).not.toMatch(/^ +[~+-] namespace /m);
    expect(text).toMatch(/steps_to_send += "none" -> "v2 begins Desk"/);
    expect(text).toMatch(/tag_of_the_account += (?:null -> )?"v1"/);

    await applyAndExpectNothingLeft();
    expect(await say("DESK", "front", "four")).toEqual({ version: "three", said: ["four"] });
  }, 120_000);

  const third: Declared = {
    version: "four",
    migrations: [...second.migrations, { renamedClasses: [{ from: "Room", to: "Hall" }] }],
    durableObjects: { ROOM: { className: "Hall" }, DESK: { className: "Desk" } },
    classes: ["Hall", "Desk"],
    shared: "Hall",
  };

  test("are renamed with their objects, data and namespace", async () => {
    await declare(third);
    await applyAndExpectNothingLeft();

    expect(await bench.output("namespace")).toBe(namespace);
    expect(await say("ROOM", "lobby", "five")).toEqual({
      version: "four",
      said: ["one", "two", "three", "five"],
    });
  }, 120_000);

  const fourth: Declared = {
    version: "five",
    migrations: [...third.migrations, { deletedClasses: ["Desk"] }],
    durableObjects: { ROOM: { className: "Hall" } },
    classes: ["Hall"],
    shared: "Hall",
  };

  test("are deleted where it is declared, and only those", async () => {
    await declare(fourth);
    await applyAndExpectNothingLeft();

    expect(await say("ROOM", "lobby", "six")).toEqual({
      version: "five",
      said: ["one", "two", "three", "five", "six"],
    });
    expect(await say("DESK", "front", "seven")).toEqual({ status: 404, body: "no DESK" });
  }, 120_000);

  test("begin with the whole history in a fresh environment", async () => {
    await bench.terraform("destroy", "-auto-approve", "-no-color");
    await declare(fourth);
    await applyAndExpectNothingLeft();

    expect(await say("ROOM", "lobby", "eight")).toEqual({ version: "five", said: ["eight"] });
  }, 180_000);

  test("begin anew, and their namespace is read again, where somebody deleted the Worker", async () => {
    // GIVEN
    const namespace = await bench.output("namespace");
    for (const name of ["reader", "rooms"]) {
      const deleted = await bench.api("DELETE", `/workers/scripts/${name}`);
      expect(deleted.body.errors).toEqual([]);
    }

    // WHEN nothing but the account has changed
    await applyAndExpectNothingLeft();

    // THEN
    expect(await bench.output("namespace")).not.toBe(namespace);
    expect(await say("ROOM", "lobby", "eight")).toEqual({ version: "five", said: ["eight"] });
  }, 180_000);

  test("are adopted with a script that exists: what was deployed is not sent again", async () => {
    for (const name of ["script.worker_28EA3E30", "script_subdomain.worker_WorkersDev_C67DC8AE"]) {
      await bench.terraform("state", "rm", `cloudflare_workers_${name}`);
    }
    for (const name of ["Fingerprint_0280AC0A", "Tag_D54D8736"]) {
      await bench.terraform("state", "rm", `terraform_data.worker_Classes_${name}`);
    }
    await declare({ ...fourth, version: "six", adopted: true });
    await applyAndExpectNothingLeft();

    expect(await say("ROOM", "lobby", "nine")).toEqual({
      version: "six",
      said: ["eight", "nine"],
    });
  }, 180_000);

  test("are not guessed at where the account has a step that the stack does not know", async () => {
    await declare({ ...first, version: "seven" });
    const result = await bench.terraform("plan", "-no-color");

    expect(result.code).toBe(1);
    expect(result.stderr.replaceAll(/[│\s]+/g, " ")).toContain(
      'The Worker rooms has the migration tag "v4", which is none of this stack\'s: v1.',
    );
  }, 60_000);
});

const CLASS = `{
  constructor(ctx, env) {
    super(ctx, env);
    ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS said (text TEXT)");
  }
  say(text) {
    this.ctx.storage.sql.exec("INSERT INTO said VALUES (?)", text);
    return this.ctx.storage.sql.exec("SELECT text FROM said").toArray().map((row) => row.text);
  }
  version() { return VERSION; }
}`;

/** `/<binding>/<room>?text=…` says something in a room and answers all that was said there. */
const FETCH = `export default {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    const [, name, room] = pathname.split("/");
    if (!env[name]) return new Response("no " + name, { status: 404 });
    const object = env[name].getByName(room);
    const said = await object.say(searchParams.get("text"));
    return Response.json({ version: await object.version(), said });
  },
};`;

const renderBundle = ({ version, classes }: Declared): string =>
  [
    'import { DurableObject } from "cloudflare:workers";',
    `const VERSION = ${JSON.stringify(version)};`,
    ...classes.map((name) => `export class ${name} extends DurableObject ${CLASS}`),
    FETCH,
  ].join("\n");

const READER = FETCH;
