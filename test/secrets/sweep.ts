import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { sep } from "node:path";
import type { Secret } from "./canary.js";
import { keptJestOutput } from "./jest-output.js";
import { readNotes } from "./run-notes.js";
import { type CanaryHit, handedIn, scanForCanaries } from "./scan-for-canaries.js";

/** Looks for every secret of the run in what jest has printed and in all that is left, and removes that. */
export async function sweep(temporary: string): Promise<readonly CanaryHit[]> {
  for (const { file } of readNotes("handedIn")) handedIn.add(file);
  const secrets = [
    ...new Map(readNotes("secret").map((secret) => [secret.value, secret] as const)).values(),
  ];
  const hits = [...(await scanForCanaries(temporary, { texts: keptJestOutput(), secrets }))];
  for (const folder of unseen(temporary)) hits.push(...(await lookInto(folder, secrets)));
  return hits;
}

/** Folders of tests that nobody has looked into yet. */
function unseen(temporary: string): readonly string[] {
  const looked = readNotes("looked").map(({ folder }) => folder + sep);
  return readNotes("made")
    .map(({ folder }) => folder)
    .filter((folder) => !looked.some((one) => (folder + sep).startsWith(one)))
    .filter((folder) => !(folder.startsWith(temporary + sep) && existsSync(folder)));
}

async function lookInto(folder: string, secrets: readonly Secret[]): Promise<readonly CanaryHit[]> {
  if (!existsSync(folder)) {
    return [{ secret: "anything", form: "as nobody looked before it was removed", where: folder }];
  }
  const hits = await scanForCanaries(folder, { secrets });
  await rm(folder, { recursive: true, maxRetries: 5 });
  return hits.map((hit) => ({ ...hit, where: `${folder}: ${hit.where}` }));
}
