import { mkdirSync, mkdtempSync, realpathSync, symlinkSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { require as load } from "tsx/cjs/api";

// Jest loads this file itself, without the configuration that finds "./x.js" in x.ts.
const { keepJestOutput }: typeof import("./jest-output.js") = load("./jest-output.ts", __filename);

/**
 * Before all tests: a folder of this run alone for all that anything leaves in the system's temporary one, and beside
 * it what the run's processes note.
 */
export default function startScans(): void {
  // The path of a socket may have no more than 103 characters on some systems.
  const around = tmpdir().length > 30 ? "/tmp" : tmpdir();
  const run = realpathSync(mkdtempSync(join(around, "tests-")));
  process.env.CANARY_SCANS = join(run, "notes");
  const temporary = join(run, "tmp");
  for (const folder of [process.env.CANARY_SCANS, temporary]) mkdirSync(folder);
  // What our own sources were compiled to is kept from run to run.
  const compiled = `tsx-${process.geteuid?.() ?? userInfo().username}`;
  mkdirSync(join(tmpdir(), compiled), { recursive: true });
  symlinkSync(join(tmpdir(), compiled), join(temporary, compiled));
  process.env.SHARED_TMPDIR = tmpdir();
  process.env.TMPDIR = temporary;
  keepJestOutput();
}
