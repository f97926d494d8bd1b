import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { Miniflare } from "miniflare";
import type { ContainerImage } from "../../../emulator/containers/container-engine.js";
import { LocalEngine } from "../../../emulator/containers/local-engine.js";
import { CANARY_MARK, canary } from "../../secrets/canary.js";
import { temporaryDirectory } from "../state/temporary-directory.js";
import { isAlive, until, writeService } from "./echo-service.js";
import { IMAGE, startWorkerd } from "./engine-in-workerd.js";

interface Answer {
  readonly version: string;
  readonly pid: number;
  readonly file: string;
  readonly environment: Readonly<Record<string, string>>;
}

const ended: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});

async function startEngine(settings?: unknown) {
  const folder = await temporaryDirectory();
  ended.push(folder.remove);
  await writeService(folder.path);
  const image: { current: ContainerImage | undefined } = {
    current: { reference: "registry.example/echo:1", directory: folder.path },
  };
  const log: string[] = [];
  const engine = new LocalEngine({
    image: (name) => (name === IMAGE ? image.current : undefined),
    log: (line) => log.push(line),
  });
  await engine.start();
  ended.push(() => engine.close());
  const workerd = await startWorkerd(engine.socketPath(), settings);
  // A test may have ended it already.
  ended.push(() => workerd.dispose().catch(() => {}));
  return { engine, workerd, log, image, directory: folder.path };
}

const call = async (workerd: Miniflare, path: string): Promise<Response> =>
  (await workerd.dispatchFetch(`http://test${path}`)) as unknown as Response;
const json = async <Body>(workerd: Miniflare, path: string): Promise<Body> =>
  (await (await call(workerd, path)).json()) as Body;

describe("the stand-in for a Docker engine", () => {
  test("runs an image's command as a local process that ctx.container reaches", async () => {
    // GIVEN
    const { workerd, log } = await startEngine();
    // WHEN
    await call(workerd, "/?verb=start&env=EXTRA=from-the-class");
    const answer = await json<Answer>(workerd, "/hello");
    // THEN
    expect(answer).toMatchObject({
      version: "1",
      file: "good day",
      environment: { GREETING: "hello", MODE: "two words", EXTRA: "from-the-class" },
    });
    expect(await json(workerd, "/?verb=state")).toEqual({ running: true });
    expect(log.join("\n")).toContain(
      "[container registry.example/echo:1] without Docker: the image registry.example/echo:1 runs as a local process.",
    );
    await until(() => log.some((line) => line.endsWith("service 1 listens")), "its output");
  });

  test("gives a container nothing of the emulator's own environment", async () => {
    // GIVEN
    process.env.TEST_SECRET_OF_THE_EMULATOR = canary("a variable of the emulator's environment");
    const { workerd } = await startEngine();
    // WHEN
    await call(workerd, "/?verb=start");
    const { environment } = await json<Answer>(workerd, "/");
    delete process.env.TEST_SECRET_OF_THE_EMULATOR;
    // THEN
    expect(JSON.stringify(environment)).not.toContain(CANARY_MARK);
  });

  test("runs two containers of one image side by side although both have port 8080", async () => {
    // GIVEN
    const { workerd } = await startEngine();
    // WHEN
    await call(workerd, "/?name=a&verb=start");
    await call(workerd, "/?name=b&verb=start");
    const a = await json<Answer>(workerd, "/?name=a");
    const b = await json<Answer>(workerd, "/?name=b");
    // THEN
    expect(a.pid).not.toBe(b.pid);
    expect(a.environment.PORT).not.toBe(b.environment.PORT);
  });

  test("has ended the process when destroy resolves, and starts again under the same name", async () => {
    // GIVEN
    const { workerd } = await startEngine();
    await call(workerd, "/?verb=start");
    const first = await json<Answer>(workerd, "/");
    // WHEN
    await call(workerd, "/?verb=destroy");
    // THEN
    expect(isAlive(first.pid)).toBe(false);
    await call(workerd, "/?verb=start");
    const second = await json<Answer>(workerd, "/");
    expect(second.pid).not.toBe(first.pid);
  });

  test("tells the class by monitor how a container ended", async () => {
    // GIVEN
    const { workerd } = await startEngine();
    await call(workerd, "/?verb=start");
    await json(workerd, "/");
    // WHEN
    await call(workerd, "/?verb=signal");
    // THEN
    const state = () => json<{ end?: string }>(workerd, "/?verb=state");
    await until(async () => (await state()).end !== undefined, "the end");
    expect((await state()).end).toBe("0");
  });

  test("fails when an image has no folder, naming the image and what to do", async () => {
    // GIVEN
    const { workerd, image, log } = await startEngine();
    image.current = { reference: "registry.example/elsewhere:1" };
    // WHEN
    await call(workerd, "/?verb=start").catch(() => {});
    // THEN
    await until(() => log.length > 0, "a line");
    expect(log.join("\n")).toContain("the image registry.example/elsewhere:1 cannot be run");
    expect(log.join("\n")).toContain("Give the Container a directory, or start Docker.");
  });

  test("refuses a port the image does not expose", async () => {
    // GIVEN
    const { workerd } = await startEngine();
    await call(workerd, "/?verb=start");
    await json(workerd, "/");
    // WHEN
    const response = await call(workerd, "/?port=9999");
    // THEN
    expect(await response.text()).toContain("port 9999 is not exposed by the image");
  });

  test("says that a program has to listen on $PORT when it does not", async () => {
    // GIVEN
    const { workerd, directory, log } = await startEngine();
    await writeFile(join(directory, "server.mjs"), "setInterval(() => {}, 1000);");
    await call(workerd, "/?verb=start");
    // WHEN
    const deaf = () => log.find((line) => line.includes("nothing listens on port"));
    await until(async () => {
      await call(workerd, "/?attempts=1");
      return deaf() !== undefined;
    }, "it is said");
    // THEN
    expect(deaf()).toContain("which stands for 8080. Without Docker a program must listen on");
  });

  test("carries a WebSocket into a container", async () => {
    // GIVEN
    const { workerd } = await startEngine();
    // WHEN
    const answer = await call(workerd, "/socket?class=DECLARED&echo=hello");
    // THEN
    expect(await answer.text()).toBe("echo: hello");
  });

  test("starts what is new behind the name after a rollout, without a new workerd", async () => {
    // GIVEN
    const { workerd, engine, directory } = await startEngine();
    await call(workerd, "/?class=DECLARED");
    const before = await json<Answer>(workerd, "/?class=DECLARED");
    // WHEN
    await writeService(directory, { version: "2" });
    await engine.rollOut(IMAGE);
    // THEN
    expect(isAlive(before.pid)).toBe(false);
    await until(
      async () =>
        (await json<{ status: string }>(workerd, "/?class=DECLARED&status")).status.startsWith(
          "stopped",
        ),
      "the class knows",
    );
    expect((await json<Answer>(workerd, "/?class=DECLARED")).version).toBe("2");
  });

  test("keeps a container over a new workerd", async () => {
    // GIVEN
    const { workerd, engine } = await startEngine();
    await call(workerd, "/?class=DECLARED");
    const before = await json<Answer>(workerd, "/?class=DECLARED");
    // WHEN
    await workerd.dispose();
    const next = await startWorkerd(engine.socketPath());
    ended.push(() => next.dispose());
    // THEN
    expect((await json<Answer>(next, "/?class=DECLARED")).pid).toBe(before.pid);
  });

  test("leaves no process behind at close", async () => {
    // GIVEN
    const { workerd, engine } = await startEngine();
    await call(workerd, "/?verb=start");
    const { pid } = await json<Answer>(workerd, "/");
    // WHEN
    await engine.close();
    // THEN
    expect(isAlive(pid)).toBe(false);
  });
});

describe("a declared container", () => {
  test("fails where no Container construct uploaded it, and says what to do", async () => {
    // GIVEN
    const { workerd } = await startEngine("no settings");
    // WHEN
    const answer = await call(workerd, "/?class=DECLARED");
    // THEN
    expect(answer.status).toBe(500);
    expect(await answer.text()).toContain("elsewhere extend Container of @cloudflare/containers");
  });

  test("starts at the first request, sleeps when idle, and starts again", async () => {
    // GIVEN
    const { workerd } = await startEngine({
      defaultPort: 8080,
      sleepAfter: "2s",
      envVars: { COLOR: "blue" },
    });
    // WHEN
    const first = await json<Answer>(workerd, "/?class=DECLARED");
    // THEN
    expect(first.environment).toMatchObject({ COLOR: "blue", GREETING: "hello" });
    await until(() => !isAlive(first.pid), "it sleeps");
    const second = await json<Answer>(workerd, "/?class=DECLARED");
    expect(second.pid).not.toBe(first.pid);
  });
});
