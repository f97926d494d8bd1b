import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { createContainerEngine } from "../../../emulator/containers/create-container-engine.js";
import { DockerEngine, SIDECAR_IMAGE } from "../../../emulator/containers/docker-engine.js";
import { LocalEngine } from "../../../emulator/containers/local-engine.js";
import { removeFolder, temporaryFolder } from "../../secrets/temporary-folder.js";

test("the sidecar's image is the one the installed miniflare names", async () => {
  const source = await readFile(require.resolve("miniflare"), "utf8");
  expect(source).toContain(`"${SIDECAR_IMAGE}"`);
});

test("a Docker engine is used when it answers, and stood in for when not", async () => {
  // GIVEN
  const directory = temporaryFolder("docker-");
  const dockerSocket = join(directory, "docker.sock");
  const image = () => undefined;
  // WHEN
  const without = await createContainerEngine({ image, dockerSocket });
  const docker = createServer((_, response) => response.end("OK"));
  await new Promise<void>((resolve) => docker.listen(dockerSocket, resolve));
  const engine = await createContainerEngine({ image, dockerSocket });
  // THEN
  expect(without).toBeInstanceOf(LocalEngine);
  expect(engine).toBeInstanceOf(DockerEngine);
  expect(engine.socketPath()).toBe(`unix:${dockerSocket}`);
  await new Promise((resolve) => docker.close(resolve));
  await without.close();
  await removeFolder(directory);
});
