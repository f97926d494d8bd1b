import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

export const root = join(__dirname, "../..");

/** What an example is: code of a stack, of a Worker, or of a program that uses the emulator. */
export type ExampleKind = "stack" | "worker" | "emulator";

export interface Example {
  /** File and line it stands at. */
  readonly place: string;
  readonly kind: ExampleKind;
  readonly code: string;
  /** Examples before it on the same page, which it may build on. */
  readonly earlier: readonly Example[];
}

/** Folders whose docstrings are public, and what their examples are. */
const sources = { lib: "stack", worker: "worker" } as const;

/** Every TypeScript example of the pages and of the public docstrings. */
export function readExamples(): readonly Example[] {
  const pages = ["README.md", ...filesBelow("docs", ".md")].flatMap(readPage);
  const docstrings = Object.entries(sources).flatMap(([folder, kind]) =>
    filesBelow(folder, ".ts").flatMap((file) => readDocstrings(file, kind)),
  );
  return [...pages, ...docstrings];
}

/** A fence is ```` ```ts ````; a second word says what it is where it is no stack. */
const fence = /^ *```ts(?: (stack|worker|emulator))?\n([\s\S]*?)^ *```$/gm;

function readPage(file: string): Example[] {
  const text = readFileSync(join(root, file), "utf8");
  const examples: Example[] = [];
  for (const { 1: word, 2: code = "", index } of text.matchAll(fence)) {
    const kind = (word as ExampleKind | undefined) ?? kindOf(code);
    const place = `${file}:${lineAt(text, index)}`;
    examples.push({ place, kind, code, earlier: [...examples] });
  }
  return examples;
}

function readDocstrings(file: string, kind: ExampleKind): Example[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/^ *\* @example\n *\* ```ts\n([\s\S]*?)^ *\* ```$/gm)].map(
    ({ 1: block = "", index }) => ({
      place: `${file}:${lineAt(text, index)}`,
      kind,
      code: block.replace(/^ *\* ?/gm, ""),
      earlier: [],
    }),
  );
}

/** Where no word says it: what it imports does. */
const kindOf = (code: string): ExampleKind => {
  if (/cdktf-cloudflare-ai-gateway\/worker/.test(code)) return "worker";
  return /cdktf-cloudflare-ai-gateway\/emulator/.test(code) ? "emulator" : "stack";
};

const lineAt = (text: string, index: number): number => text.slice(0, index).split("\n").length;

function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => !file.startsWith(join("docs", "reference")))
    .sort();
}
