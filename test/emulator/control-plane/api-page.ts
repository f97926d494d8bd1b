import { readFileSync } from "node:fs";
import { join } from "node:path";

const page = readFileSync(join(__dirname, "../../../docs/emulator-api.md"), "utf8");
const [answeredPart = "", refusedPart = ""] = page.split(/^## Known, and refused with 501$/m);

/** The calls in the tables of a part of the page, such as "GET /accounts/:account/queues". */
function callsIn(part: string): readonly string[] {
  let base = "";
  return part.split("\n").flatMap((line) => {
    base = /^Below `(\/[^`]+)`/.exec(line)?.[1] ?? base;
    const [, methods, path] = /^\| ([A-Z, ]+) \| `([^`]+)` \|/.exec(line) ?? [];
    const below = path === "/" ? "" : path;
    return methods?.split(", ").map((method) => `${method} ${base}${below}`) ?? [];
  });
}

/** What docs/emulator-api.md says is answered, and what it says is refused. */
export const documentedCalls = {
  answered: callsIn(answeredPart),
  refused: callsIn(refusedPart),
} as const;
