import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { bundleWorker } from "../../worker/bundle.js";
import { removeFolder, temporaryFolder } from "../secrets/temporary-folder.js";

let folder: string;
beforeAll(async () => {
  folder = temporaryFolder("bundle-test-");
});
afterAll(() => removeFolder(folder));

describe("bundleWorker", () => {
  test("makes one ES module of the chat Worker that imports what the runtime brings", async () => {
    // GIVEN the project's Worker
    // WHEN it is bundled
    const outfile = await bundleWorker({ outfile: join(folder, "worker.js") });

    // THEN one module comes out, with its handler and classes, without a map
    const text = await readFile(outfile, "utf8");
    expect(text).toMatch(/^export \{\n {2}Room,\n {2}SummarizeRoom,\n {2}\w+ as default\n\};$/m);
    expect(text).not.toMatch(/\brequire\(|sourceMappingURL/m);
    // AND the only imports are the runtime's
    expect(text).toMatch(/^import .* from "cloudflare:workers";$/m);
    expect(text).not.toMatch(/^import (?!.* from "cloudflare:)/m);
  });

  test("gives the same bytes twice, so that an unchanged Worker is no change to Terraform", async () => {
    // GIVEN two runs, into different folders
    const [first, second] = await Promise.all(
      ["a", "b"].map((name) => bundleWorker({ outfile: join(folder, name, "worker.js") })),
    );

    // WHEN their outputs are compared
    // THEN they are equal
    expect(await readFile(first ?? "")).toEqual(await readFile(second ?? ""));
  });

  test("takes a package's build for Workers", async () => {
    // GIVEN a package with one build for Workers and one for others
    const at = join(folder, "node_modules/two-faced");
    await writeFiles(at, {
      "package.json": '{"name":"two-faced","exports":{"workerd":"./a.js","default":"./b.js"}}',
      "a.js": 'export const face = "workerd";',
      "b.js": 'export const face = "default";',
    });
    const entry = join(folder, "entry.js");
    await writeFile(entry, 'export { face as default } from "two-faced";');

    // WHEN a Worker that uses it is bundled
    const outfile = await bundleWorker({ entry, outfile: join(folder, "face.js") });

    // THEN the build for Workers is in it
    expect(await readFile(outfile, "utf8")).toContain('"workerd"');
  });

  test("fails with file, line and source of a mistake", async () => {
    // GIVEN a Worker that imports what is not there
    const entry = join(folder, "broken.ts");
    await writeFile(entry, 'import "./nowhere.js";\nexport default {};\n');

    // WHEN it is bundled
    const failure = await bundleWorker({ entry, outfile: join(folder, "no.js") }).catch(String);

    // THEN the message shows where
    expect(failure).toContain(`The Worker ${entry} cannot be bundled`);
    expect(failure).toContain('Could not resolve "./nowhere.js"');
    expect(failure).toContain("broken.ts:1:7");
  });
});

async function writeFiles(at: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(at, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(at, name), text);
}
