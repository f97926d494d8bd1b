import { lstat, readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { CANARY_MARK, knownSecrets, type Secret } from "./canary.js";
import { note, type RunNotes } from "./run-notes.js";
import { type SecretForm, secretForms } from "./secret-forms.js";
import { unpack } from "./unpack.js";

/** A secret that is readable where none may be. Its value is not told. */
export interface CanaryHit {
  readonly secret: string;
  readonly where: string;
  readonly form: string;
}

export interface ScanOptions {
  /** What is looked through beside the files, by what it is: what a command printed. */
  readonly texts?: Readonly<Record<string, string>>;

  /** Files that hold secrets because the test itself wrote them there. @default none */
  readonly except?: readonly string[];

  /** What is looked for. @default every secret of this test file, and the mark of those of others */
  readonly secrets?: readonly Secret[];
}

/** Files that hold secrets because a test wrote them there, by their whole path. */
export const handedIn = new Set<string>();

/** Programs of others; nothing is written into them. */
const notOurs = [join(".terraform", "providers"), "node_modules"];

/** Looks for secrets in all files of a folder, however they are written or packed. */
export async function scanForCanaries(
  folder: string | undefined,
  { texts = {}, except = [], secrets }: ScanOptions = {},
): Promise<readonly CanaryHit[]> {
  const scan = new Scan(secrets ?? knownSecrets());
  for (const [what, text] of Object.entries(texts)) scan.look(what, Buffer.from(text));
  for (const file of folder === undefined ? [] : await filesIn(folder)) {
    const name = relative(folder as string, file);
    if (except.includes(name) || handedIn.has(file)) continue;
    const bytes = await readFile(file).catch(unlessGone);
    if (bytes !== undefined) scan.look(name, bytes);
  }
  return scan.end();
}

/** @throws with the names of secrets and files, where one is readable */
export async function expectNoCanary(
  folder: string | undefined,
  options?: ScanOptions,
): Promise<void> {
  const hits = await scanForCanaries(folder, options);
  if (hits.length > 0) throw new Error(readable(hits));
}

/** Looks for secrets in a text that no test keeps, such as an error. @throws where one is readable */
export function expectNoCanaryIn(what: string, text: string): void {
  const scan = new Scan(knownSecrets());
  scan.look(what, Buffer.from(text));
  const hits = scan.end();
  if (hits.length > 0) throw new Error(readable(hits));
}

export const readable = (hits: readonly CanaryHit[]): string =>
  `A secret is readable where none may be:\n${[
    ...new Set(hits.map(({ secret, where, form }) => `  ${secret}, ${form}: in ${where}`)),
  ].join("\n")}`;

/** The mark alone: half of a secret, or one that another test file knows. */
const OF_OTHERS = "a secret, or half of one";
const markForms = secretForms(CANARY_MARK);

interface Needle {
  readonly secret: string;
  readonly forms: readonly SecretForm[];
}

class Scan {
  readonly #hits: CanaryHit[] = [];
  readonly #started = performance.now();
  /** Canaries are looked for where their mark is, which any form of one has in it. */
  readonly #marked: readonly Needle[];
  readonly #unmarked: readonly Needle[];
  #files = 0;
  #bytes = 0;

  constructor(secrets: readonly Secret[]) {
    const needles = (isMarked: boolean): readonly Needle[] =>
      secrets
        .filter(({ value }) => value.includes(CANARY_MARK) === isMarked)
        .map(({ name, value }) => ({ secret: name, forms: secretForms(value) }));
    this.#marked = needles(true);
    this.#unmarked = needles(false);
  }

  look(where: string, bytes: Buffer): void {
    this.#files++;
    this.#bytes += bytes.length;
    const mark = markForms.find((form) => bytes.includes(form.bytes));
    const marked = mark === undefined ? [] : hitsIn(this.#marked, where, bytes);
    const half = { secret: OF_OTHERS, where, form: mark?.form ?? "" };
    this.#hits.push(...(mark !== undefined && marked.length === 0 ? [half] : marked));
    this.#hits.push(...hitsIn(this.#unmarked, where, bytes));
    for (const part of unpack(bytes)) this.look(`${where} (${part.name})`, part.bytes);
  }

  end(): readonly CanaryHit[] {
    const scan: RunNotes["scan"] = {
      files: this.#files,
      bytes: this.#bytes,
      hits: this.#hits.length,
      milliseconds: performance.now() - this.#started,
    };
    note("scan", scan);
    return this.#hits;
  }
}

const hitsIn = (needles: readonly Needle[], where: string, bytes: Buffer): readonly CanaryHit[] =>
  needles.flatMap(({ secret, forms }) => {
    const hit = forms.find((form) => bytes.includes(form.bytes));
    return hit === undefined ? [] : [{ secret, where, form: hit.form }];
  });

async function filesIn(folder: string): Promise<readonly string[]> {
  const files: string[] = [];
  for (const name of (await readdir(folder).catch(unlessGone)) ?? []) {
    const path = join(folder, name);
    const found = await lstat(path).catch(unlessGone);
    if (found?.isDirectory() && !notOurs.some((one) => path.endsWith(one))) {
      files.push(...(await filesIn(path)));
    }
    if (found?.isFile()) files.push(path);
  }
  return files;
}

/** What a process that ends takes away is in nothing that stays. */
function unlessGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
