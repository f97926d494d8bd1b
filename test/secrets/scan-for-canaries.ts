import { appendFileSync } from "node:fs";
import { lstat, readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { CANARY_MARK, knownCanaries } from "./canary.js";
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
}

/** Programs of others; nothing is written into them. */
const notOurs = [join(".terraform", "providers"), "node_modules"];

/** Looks for every secret of this test file, and for the mark of those of others, in all files of a folder. */
export async function scanForCanaries(
  folder: string | undefined,
  { texts = {}, except = [] }: ScanOptions = {},
): Promise<readonly CanaryHit[]> {
  const looked = { files: 0, bytes: 0 };
  const needles = allNeedles();
  const hits: CanaryHit[] = [];
  const scan = (where: string, bytes: Buffer): void => {
    looked.files++;
    looked.bytes += bytes.length;
    hits.push(...hitsIn(needles, where, bytes));
    for (const part of unpack(bytes)) scan(`${where} (${part.name})`, part.bytes);
  };
  for (const [what, text] of Object.entries(texts)) scan(what, Buffer.from(text));
  for (const file of folder === undefined ? [] : await filesIn(folder)) {
    const name = relative(folder as string, file);
    if (!except.includes(name)) scan(name, await readFile(file));
  }
  noteScan({ canaries: [...knownCanaries().keys()], ...looked, hits: hits.length });
  return hits;
}

/** @throws with the names of secrets and files, where one is readable */
export async function expectNoCanary(
  folder: string | undefined,
  options?: ScanOptions,
): Promise<void> {
  const hits = await scanForCanaries(folder, options);
  if (hits.length > 0) {
    const lines = hits.map(({ secret, where, form }) => `  ${secret}, ${form}: in ${where}`);
    throw new Error(`A secret is readable where none may be:\n${[...new Set(lines)].join("\n")}`);
  }
}

type Needles = ReadonlyMap<string, readonly SecretForm[]>;

const allNeedles = (): Needles =>
  new Map([
    ...[...knownCanaries()].map(([name, value]) => [name, secretForms(value)] as const),
    [OF_OTHERS, secretForms(CANARY_MARK)] as const,
  ]);

/** The mark alone: half of a secret, or one that another test file knows. */
const OF_OTHERS = "a secret, or half of one";

function hitsIn(needles: Needles, where: string, bytes: Buffer): readonly CanaryHit[] {
  const found = [...needles].flatMap(([secret, forms]) => {
    const hit = forms.find((form) => bytes.includes(form.bytes));
    return hit === undefined ? [] : [{ secret, where, form: hit.form }];
  });
  const named = found.filter(({ secret }) => secret !== OF_OTHERS);
  return named.length > 0 ? named : found;
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const files: string[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    // A file that a process which ends takes away is in no folder that stays.
    const found = await lstat(path).catch(() => undefined);
    if (found?.isDirectory() && !notOurs.some((one) => path.endsWith(one))) {
      files.push(...(await filesIn(path)));
    }
    if (found?.isFile()) files.push(path);
  }
  return files;
}

/** One scan, for the sum of the whole run. */
function noteScan(scan: object): void {
  const notes = process.env.CANARY_SCANS;
  if (notes !== undefined)
    appendFileSync(join(notes, `${process.pid}`), `${JSON.stringify(scan)}\n`);
}
