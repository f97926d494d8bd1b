import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { TerraformOutput, type TerraformStack } from "cdktf";
import { buildSync } from "esbuild";
import { Container, type ContainerProps, Worker } from "../../lib/index.js";
import { isAlive, until, writeService } from "../emulator/containers/echo-service.js";
import { lacksIdentity } from "./lacks-identity.js";
import { Workbench } from "./workbench.js";

interface Answer {
  readonly version: string;
  readonly pid: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** A service behind a Worker, deployed by the real Terraform; its steps build on each other. */
describe("a container under Terraform", () => {
  const log: string[] = [];
  let bench: Workbench;
  let service: string;
  let bundles: { readonly container: string; readonly worker: string };

  const bundle = async (name: string, code: string) => {
    const source = join(bench.directory, `${name}.ts`);
    const outfile = join(bench.directory, `${name}.js`);
    await writeFile(source, code);
    buildSync({
      entryPoints: [source],
      outfile,
      bundle: true,
      format: "esm",
      target: "es2022",
      external: ["cloudflare:*", "node:*"],
      nodePaths: [join(__dirname, "../../node_modules")],
      logLevel: "error",
    });
    return outfile;
  };

  const bundleClass = (className: string, comment = "") =>
    bundle(
      "container",
      `import { DeclaredContainer } from ${JSON.stringify(join(__dirname, "../../worker/container/index.ts"))};
       export class ${className} extends DeclaredContainer {}
       console.log(${JSON.stringify(comment)});
       export default { fetch: () => new Response(null, { status: 404 }) };`,
    );

  const declare = (props: Partial<ContainerProps> = {}, applicationId?: string) =>
    bench.synth((stack: TerraformStack) => {
      const container = new Container(stack, "echo", {
        bundle: bundles.container,
        className: "Echo",
        scriptName: "echo",
        image: "registry.example/echo:1",
        directory: service,
        ports: [8080],
        environment: { COLOR: "blue" },
        sleepAfter: "2s",
        ...props,
      });
      if (applicationId !== undefined) container.importFrom(applicationId);
      const worker = new Worker(stack, "worker", {
        bundle: bundles.worker,
        scriptName: "front",
        bindings: { ECHO: container },
      });
      new TerraformOutput(stack, "url", { value: worker.url });
    });

  const ask = async (name = "one"): Promise<Answer> => {
    const response = await fetch(`${await bench.output("url")}/?name=${name}`);
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return (await response.json()) as Answer;
  };

  beforeAll(async () => {
    bench = await Workbench.start({ log: (line) => log.push(line) });
    service = join(bench.directory, "service");
    await mkdir(service);
    await writeService(service);
    bundles = {
      container: await bundleClass("Echo"),
      worker: await bundle(
        "worker",
        `export default {
           fetch(request, env) {
             const name = new URL(request.url).searchParams.get("name");
             return env.ECHO.get(env.ECHO.idFromName(name)).fetch(request);
           },
         };`,
      ),
    };
  });
  afterAll(() => bench.close());

  test("starts at the first request, with the declared port and environment", async () => {
    // GIVEN
    declare();
    await bench.apply();
    // WHEN
    const answer = await ask();
    // THEN
    expect(answer.environment).toMatchObject({ COLOR: "blue", GREETING: "hello" });
    expect(log.join("\n")).toContain(
      "without Docker: the image registry.example/echo:1 runs as a local process",
    );
  }, 120_000);

  test("plans nothing the second time", async () => {
    expect((await bench.plan()).changes).toEqual([]);
  }, 60_000);

  test("sleeps when idle and starts again", async () => {
    // GIVEN
    const first = await ask();
    // WHEN
    await until(() => !isAlive(first.pid), "it sleeps");
    // THEN
    expect((await ask()).pid).not.toBe(first.pid);
  }, 60_000);

  test("takes new settings and new code in place, and plans nothing after", async () => {
    // GIVEN
    const { pid } = await ask();
    bundles = { ...bundles, container: await bundleClass("Echo", "second version") };
    declare({ maxInstances: 5, environment: { COLOR: "red" } });
    // WHEN
    const { changes } = await bench.plan();
    await bench.apply();
    // THEN
    const done = changes.map(
      ({ address, change }) => `${address.split("_").at(-2)} ${change.actions.join()}`,
    );
    expect(done.sort()).toEqual(["Application update", "Version update"]);
    // What runs goes on as it was started.
    await until(() => !isAlive(pid), "it sleeps");
    expect((await ask()).environment.COLOR).toBe("red");
    expect((await bench.plan()).changes).toEqual([]);
  }, 120_000);

  test("rolls out another image in place", async () => {
    // GIVEN
    await writeService(service, { version: "2" });
    const props = {
      image: "registry.example/echo:2",
      instanceType: "basic" as const,
      sleepAfter: "1h",
    };
    declare(props);
    // WHEN
    await bench.apply();
    // THEN
    await until(async () => (await ask()).version === "2", "the new image");
    const { body } = await bench.api("GET", "/containers/applications");
    expect(body.result).toMatchObject([
      { name: "echo", configuration: { image: "registry.example/echo:2", memory_mib: 1024 } },
    ]);
    expect((await bench.plan()).changes).toEqual([]);
  }, 120_000);

  test("is there after a restart of the emulator", async () => {
    // GIVEN
    const before = await ask();
    // WHEN
    await bench.restart();
    // THEN
    expect(isAlive(before.pid)).toBe(false);
    expect((await ask()).version).toBe("2");
    declare({ image: "registry.example/echo:2", instanceType: "basic", sleepAfter: "1h" });
    expect((await bench.plan()).changes).toEqual([]);
  }, 120_000);

  test("keeps its namespace when the class is renamed", async () => {
    // GIVEN
    const namespaces = async () =>
      (await bench.api("GET", "/workers/durable_objects/namespaces")).body.result as {
        id: string;
        class: string;
      }[];
    const [before] = await namespaces();
    bundles = { ...bundles, container: await bundleClass("Renamed") };
    // WHEN
    declare({ className: "Renamed", renamedFrom: ["Echo"], image: "registry.example/echo:2" });
    await bench.apply();
    // THEN
    expect(await namespaces()).toMatchObject([{ id: before?.id, class: "Renamed" }]);
    expect((await ask()).version).toBe("2");
    expect((await bench.plan()).changes).toEqual([]);
  }, 120_000);

  test("is taken over by import when Terraform knows nothing of it", async () => {
    // GIVEN
    const applications = async () =>
      (await bench.api("GET", "/containers/applications")).body.result as { id: string }[];
    const [before] = await applications();
    const props = {
      className: "Renamed",
      renamedFrom: ["Echo"],
      image: "registry.example/echo:2",
      sleepAfter: "1h",
    };
    await rm(bench.stateFile);
    await bench.api("DELETE", "/workers/scripts/front");
    // WHEN
    declare(props, before?.id);
    await bench.apply();
    // THEN
    expect((await applications()).map(({ id }) => id)).toEqual([before?.id]);
    expect((await ask()).version).toBe("2");
    declare(props);
    expect((await bench.plan()).changes).toEqual([]);
  }, 120_000);

  const needsIdentity = lacksIdentity("to refresh what is gone") ? test.skip : test;

  needsIdentity(
    "is made again, all of it, where somebody deleted it",
    async () => {
      const { result } = (await bench.api("GET", "/containers/applications")).body;
      const [application] = result as readonly { readonly id: string }[];
      for (const path of [
        `/containers/applications/${application?.id}`,
        "/workers/scripts/front",
        "/workers/scripts/echo",
      ]) {
        expect((await bench.api("DELETE", path)).body.errors).toEqual([]);
      }

      await bench.apply();

      expect((await bench.plan()).changes).toEqual([]);
      expect((await ask("again")).environment).toMatchObject({ GREETING: "hello" });
    },
    120_000,
  );

  test("leaves nothing behind when destroyed", async () => {
    // GIVEN
    const { pid } = await ask();
    // WHEN
    const { code, stderr } = await bench.terraform("destroy", "-auto-approve", "-no-color");
    // THEN
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(isAlive(pid)).toBe(false);
    const { body } = await bench.api("GET", "/containers/applications");
    expect(body.result).toEqual([]);
    expect((await bench.api("GET", "/workers/workers/echo")).status).toBe(404);
  }, 120_000);
});
