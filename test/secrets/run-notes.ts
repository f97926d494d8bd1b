import { appendFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What the processes of a run tell the one that ends it. The folder is outside of all that is looked through. */
export interface RunNotes {
  /** A secret that a test uses. */
  secret: { readonly name: string; readonly value: string };
  /** A folder that a test made. */
  made: { readonly folder: string };
  /** A folder that was looked through. */
  looked: { readonly folder: string };
  /** A file with secrets that a test itself wrote, and what for. */
  handedIn: { readonly file: string; readonly why: string };
  /** One scan, for the sum. */
  scan: {
    readonly files: number;
    readonly bytes: number;
    readonly hits: number;
    readonly milliseconds: number;
  };
}

const folder = (): string | undefined => process.env.CANARY_SCANS;

export function note<Kind extends keyof RunNotes>(kind: Kind, what: RunNotes[Kind]): void {
  const notes = folder();
  if (notes === undefined) return;
  mkdirSync(join(notes, kind), { recursive: true });
  appendFileSync(join(notes, kind, `${process.pid}`), `${JSON.stringify(what)}\n`);
}

export function readNotes<Kind extends keyof RunNotes>(kind: Kind): readonly RunNotes[Kind][] {
  const place = join(folder() ?? "", kind);
  let processes: readonly string[] = [];
  try {
    processes = readdirSync(place);
  } catch {
    // Nobody had anything to say.
  }
  return processes.flatMap((process) =>
    readFileSync(join(place, process), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as RunNotes[Kind]),
  );
}
