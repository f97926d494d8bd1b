import {
  existsSync,
  readdirSync,
  renameSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { App, TerraformStack, Testing } from "cdktf";
import { Cloudflare, Worker, type WorkerAssets } from "../../../lib/index.js";
import { ASSET_MAX_COUNT, readAssetFolder } from "../../../lib/workers/asset-folder.js";
import { ignoreMatcher } from "../../../lib/workers/assets-ignore.js";
import { canary } from "../../secrets/canary.js";
import { handIn } from "../../secrets/temporary-folder.js";
import { newFolder, newStack, problemsOf } from "../new-stack.js";
import { bundle, scriptOf } from "./new-worker.js";

function newWorker(assets: WorkerAssets, stack = newStack()): TerraformStack {
  new Worker(stack, "worker", { bundle, assets });
  return stack;
}

function directoryOf(stack: TerraformStack): string {
  return (scriptOf(stack).assets as { directory: string }).directory;
}

const staged = (stack: TerraformStack): string[] =>
  readdirSync(join(Testing.fullSynth(stack), "stacks/chat", directoryOf(stack)), {
    recursive: true,
    withFileTypes: true,
  })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort();

describe("a Worker's assets", () => {
  test("are staged below a path of their own, with _headers and _redirects as settings", () => {
    // GIVEN
    const directory = newFolder({
      "index.html": "<h1>",
      "css/a.css": "a",
      _headers: `/*\n  X-Template: \${a}\n`,
      _redirects: "/old /new 301\n",
      ".env": `SECRET=${canary("a secret in .env")}`,
      ".git/config": "x",
      ".well-known/security.txt": "x",
      ".assetsignore": "*.map\n",
      "a.js.map": "x",
    });

    handIn(
      join(directory, ".env"),
      "is in the folder of assets, and must not be among what is staged",
    );

    // WHEN
    const stack = newWorker({ directory, binding: "ASSETS" });

    // THEN
    expect(staged(stack)).toEqual(["a.css", "index.html", "security.txt"]);
    expect(scriptOf(stack)).toMatchObject({
      assets: {
        directory: expect.stringMatching(/^assets\/worker_Assets_[0-9A-F]{8}\/[0-9a-f]{32}$/),
        config: {
          headers: `/*\n  X-Template: $\${a}\n`,
          redirects: "/old /new 301\n",
          html_handling: "auto-trailing-slash",
          not_found_handling: "none",
        },
      },
      bindings: [{ name: "ASSETS", type: "assets" }],
    });
  });

  test("get another path when a file's content or name changes, and only then", () => {
    // GIVEN
    const directory = newFolder({ "a.html": "1", "b.html": "2" });
    const path = () => directoryOf(newWorker({ directory }));
    const first = path();

    // THEN
    expect(path()).toBe(first);
    writeFileSync(join(directory, "a.html"), "changed");
    const second = path();
    expect(second).not.toBe(first);
    renameSync(join(directory, "a.html"), join(directory, "c.html"));
    expect(path()).not.toBe(second);
  });

  test("of an earlier synth are gone", () => {
    // GIVEN
    const directory = newFolder({ "a.html": "1" });
    const outdir = newFolder({});
    const synthInto = (): string => {
      const stack = newWorker({ directory }, stackIn(outdir));
      (stack.node.root as App).synth();
      return join(outdir, "stacks/chat", directoryOf(stack));
    };
    const first = synthInto();

    // WHEN
    writeFileSync(join(directory, "a.html"), "2");
    const second = synthInto();

    // THEN
    expect([existsSync(first), existsSync(second)]).toEqual([false, true]);
  });

  test.each([true, false, ["/api/*", "!/api/docs/*"]])(
    "keep runWorkerFirst %j as it is",
    (runWorkerFirst) => {
      const directory = newFolder({ "a.html": "1" });

      expect(scriptOf(newWorker({ directory, runWorkerFirst })).assets).toMatchObject({
        config: { run_worker_first: runWorkerFirst },
      });
    },
  );

  test("follow links to files", () => {
    const directory = newFolder({ "a.html": "1" });
    symlinkSync(join(newFolder({ "b.html": "2" }), "b.html"), join(directory, "b.html"));

    expect(staged(newWorker({ directory }))).toEqual(["a.html", "b.html"]);
  });

  test.each<[Record<string, unknown>, string]>([
    [
      { directory: "no/such/folder" },
      'assets.directory: got "no/such/folder"; there is no such folder.',
    ],
    [
      { htmlHandling: "auto" },
      'assets.htmlHandling: got "auto"; allowed is "auto-trailing-slash" or',
    ],
    [{ notFoundHandling: "spa" }, 'assets.notFoundHandling: got "spa"; allowed is "none" or'],
    [
      { runWorkerFirst: ["api"] },
      'assets.runWorkerFirst: got "api"; allowed is true, false, or an array of patterns',
    ],
    [{ runWorkerFirst: "/api/*" }, 'assets.runWorkerFirst: got "/api/*";'],
    [{ folder: "x" }, "assets.folder: there is no such prop;"],
  ])("fail for %j", (assets, message) => {
    const stack = newWorker({ directory: newFolder({ a: "1" }), ...assets } as WorkerAssets);

    expect(problemsOf(stack)).toEqual([expect.stringContaining(`[chat/worker] ${message}`)]);
  });

  test("fail for a file above 25 MiB, and take one of exactly that", () => {
    // GIVEN
    const directory = newFolder({ "big.bin": "", "most.bin": "" });
    truncateSync(join(directory, "big.bin"), 25 * 1024 * 1024 + 1);
    truncateSync(join(directory, "most.bin"), 25 * 1024 * 1024);

    // THEN
    expect(problemsOf(newWorker({ directory }))).toEqual([
      "[chat/worker] assets: big.bin has 25.0 MiB (26,214,401 bytes); allowed are 25 MiB a file. Make it smaller, keep it in R2, or list it in .assetsignore.",
    ]);
  });

  test("fail above 20,000 files", () => {
    const files = Array.from({ length: ASSET_MAX_COUNT + 1 }, (_, index) => [`${index}`, ""]);

    expect(readAssetFolder(newFolder(Object.fromEntries(files))).problems).toEqual([
      "assets: got 20,001 files; allowed are 20,000. List what is not served in .assetsignore.",
    ]);
  });
});

function stackIn(outdir: string): TerraformStack {
  const stack = new TerraformStack(new App({ outdir }), "chat");
  new Cloudflare(stack, "cloudflare", { accountId: "account" });
  return stack;
}

describe(".assetsignore", () => {
  const kept = (pattern: string, ...names: string[]) => {
    const ignored = ignoreMatcher(pattern);
    return names.filter((name) => !ignored(name));
  };

  test.each<[string, string[], string[]]>([
    ["*.map", ["a.map", "js/b.map", "a.js"], ["a.js"]],
    [
      "node_modules",
      ["node_modules/x", "a/node_modules/y", "node_modules.html"],
      ["node_modules.html"],
    ],
    ["/top.txt", ["top.txt", "a/top.txt"], ["a/top.txt"]],
    ["docs/*.md", ["docs/a.md", "docs/x/b.md", "a/docs/c.md"], ["docs/x/b.md", "a/docs/c.md"]],
    ["**/cache/", ["a/cache/x", "cache/y", "cache"], ["cache"]],
    ["a/**", ["a/b", "a/b/c", "b"], ["b"]],
    ["file?.txt", ["file1.txt", "file10.txt"], ["file10.txt"]],
    ["*.txt\n!keep.txt", ["a.txt", "keep.txt"], ["keep.txt"]],
    ["# a comment\n\n", ["# a comment", "a"], ["# a comment", "a"]],
    ["a+b(c)", ["a+b(c)", "aab"], ["aab"]],
  ])("%j keeps of %j only %j", (text, names, expected) => {
    expect(kept(text, ...names)).toEqual(expected);
  });
});
