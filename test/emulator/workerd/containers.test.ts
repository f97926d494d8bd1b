import { afterEach, describe, expect, test } from "@jest/globals";
import { containerImageName } from "../../../emulator/containers/container-engine.js";
import { LocalEngine } from "../../../emulator/containers/local-engine.js";
import { removeFolder, temporaryFolder } from "../../secrets/temporary-folder.js";
import { writeService } from "../containers/echo-service.js";
import { openHost, put, script } from "./host-fixture.js";

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const code = `
import { DurableObject } from "cloudflare:workers";
export class Service extends DurableObject {
  async fetch() {
    if (!this.ctx.container.running) this.ctx.container.start({ env: { PORT: "8080" } });
    for (;;) {
      try { return await this.ctx.container.getTcpPort(8080).fetch("http://container/hi"); }
      catch { await scheduler.wait(50); }
    }
  }
}
export default { fetch: (request, env) => env.SERVICE.get(env.SERVICE.idFromName("a")).fetch(request) }`;

describe("a class with a container", () => {
  test("reaches the program of its image", async () => {
    // GIVEN an engine that runs programs of this machine
    const directory = temporaryFolder("container-");
    open.push({ close: () => removeFolder(directory) });
    await writeService(directory);
    const image = containerImageName("0123456789abcdef0123456789abcdef");
    const engine = new LocalEngine({ image: () => ({ reference: image, directory }) });
    await engine.start();
    const opened = await openHost({ containerEngine: engine.socketPath() });
    open.push(opened, engine);

    // WHEN
    const url = await put(
      opened.host,
      script("service", code, {
        bindings: [{ type: "durable_object_namespace", name: "SERVICE", class_name: "Service" }],
        durableObjects: [
          { className: "Service", storageKey: "service", sqlite: true, container: { image } },
        ],
      }),
    );

    // THEN
    expect(await (await fetch(url)).json()).toMatchObject({ version: "1", url: "/hi" });
  });
});
