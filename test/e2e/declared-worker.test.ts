import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { TerraformOutput } from "cdktf";
import { Queue, Worker, workerBindings } from "../../lib/index.js";
import { canary } from "../secrets/canary.js";
import { Workbench } from "./workbench.js";

const BINDINGS = workerBindings({
  SUM: { type: "workflow", className: "Sum" },
  COUNTER: { type: "durable_object_namespace", className: "Counter" },
  TITLE: { type: "plain_text" },
  API: { type: "service" },
  KEY: { type: "secrets_store_secret" },
});

const SECRET = canary("a secret of a store");

/** A Worker whose env is declared, with everything around it: each deploy must leave nothing to do. */
describe("a Worker with a declared env under Terraform", () => {
  let bench: Workbench;
  let storeId: string;

  const declare = async (version: string, cpuMs: number) => {
    const bundle = join(bench.directory, "worker.js");
    await writeFile(bundle, renderBundle(version));
    bench.synth((stack) => {
      const other = new Worker(stack, "other", { bundle });
      const worker = new Worker(stack, "worker", {
        bundle,
        declaration: BINDINGS,
        bindings: {
          TITLE: "Sums",
          API: other,
          KEY: { type: "secrets_store_secret", storeId, secretName: "KEY" },
        },
        migrations: [{ newSqliteClasses: ["Counter"] }],
        crons: ["0 3 * * *"],
        queueConsumers: [{ queue: new Queue(stack, "jobs") }],
        placement: { mode: "smart" },
        limits: { cpuMs },
        tailConsumers: [other],
        logpush: true,
      });
      new TerraformOutput(stack, "url", { value: worker.url });
    });
  };

  const synthesized = () => join(bench.stackDirectory, "cdk.tf.json");

  const get = async (path: string) =>
    (await fetch(`${await bench.output("url")}${path}`)).json() as Promise<unknown>;

  const deploy = async (version: string, cpuMs: number) => {
    await declare(version, cpuMs);
    await bench.apply();
    expect((await bench.plan()).changes.map(({ address }) => address)).toEqual([]);
  };

  beforeAll(async () => {
    bench = await Workbench.start();
    // Secrets that several Workers share are made beside Terraform, which would have them in its state.
    const { body } = await bench.api("POST", "/secrets_store/stores", [{ name: "default" }]);
    storeId = (body.result as [{ id: string }])[0].id;
    await bench.api("POST", `/secrets_store/stores/${storeId}/secrets`, [
      { name: "KEY", value: SECRET, scopes: ["workers"] },
    ]);
    await deploy("one", 50);
  }, 180_000);

  afterAll(async () => {
    await bench?.close();
  });

  test("finds what was declared", async () => {
    expect(await get("/")).toEqual({
      version: "one",
      names: ["API", "COUNTER", "KEY", "SUM", "TITLE"],
      title: "Sums",
      key: SECRET.length,
      counted: 1,
      other: "one",
    });
  });

  test("runs its workflow", async () => {
    expect(await get("/sum?a=1")).toMatchObject({ status: "complete", output: 2 });
  });

  test("keeps the shared secret out of synth, plan and state", async () => {
    await declare("two", 50);
    const { text } = await bench.plan();

    expect(text).toContain("cloudflare_workers_script");
    for (const held of [text, await bench.readState(), await readFile(synthesized(), "utf8")]) {
      expect(held).not.toContain(SECRET);
    }
  }, 60_000);

  test("changes its code, then its limits, in place", async () => {
    await deploy("two", 50);
    await deploy("two", 60);

    expect(await get("/")).toMatchObject({ version: "two", counted: 2 });
  }, 180_000);

  test("is removed with all that is around it", async () => {
    const { stdout, code } = await bench.terraform("destroy", "-auto-approve", "-no-color");

    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringContaining("Destroy complete!"),
    });
    expect((await bench.api("GET", "/workers/scripts")).body.result).toEqual([]);
  }, 120_000);
});

const renderBundle = (version: string): string => `
import { DurableObject, WorkflowEntrypoint } from "cloudflare:workers";
const version = ${JSON.stringify(version)};
export class Sum extends WorkflowEntrypoint {
  async run(event, step) { return step.do("add", async () => event.payload.a + 1); }
}
export class Counter extends DurableObject {
  async count() {
    const counted = ((await this.ctx.storage.get("counted")) ?? 0) + 1;
    await this.ctx.storage.put("counted", counted);
    return counted;
  }
}
export default {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/version") return new Response(version);
    if (pathname === "/sum") {
      const instance = await env.SUM.create({ params: { a: Number(searchParams.get("a")) } });
      let status = await instance.status();
      while (["queued", "running"].includes(status.status)) {
        await scheduler.wait(20);
        status = await instance.status();
      }
      return Response.json(status);
    }
    return Response.json({
      version,
      names: Object.keys(env).sort(),
      title: env.TITLE,
      key: (await env.KEY.get()).length,
      counted: await env.COUNTER.getByName("all").count(),
      other: await (await env.API.fetch("https://other/version")).text(),
    });
  },
  scheduled() {},
  queue() {},
};`;
