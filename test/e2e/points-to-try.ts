import type { RecordedCall } from "../../emulator/index.js";

/**
 * How many points of each deploy are tried, spread over all of them. `KILL_POINTS=all` tries every one, which takes
 * hours; another text is a pattern, and tried are the calls it fits: `KILL_POINTS='^(POST|PUT|PATCH|DELETE)'` those that
 * change something.
 */
const wanted = process.env.KILL_POINTS ?? "3";
const count = wanted === "all" ? Infinity : Number(wanted);

/** The points of all calls, or as many of them as are wanted. */
export function pointsToTry<Point>(
  calls: readonly RecordedCall[],
  pointsOf: (nth: number, isWrite: boolean) => readonly Point[],
): readonly Point[] {
  const all = calls.flatMap(({ method, path }, index) =>
    Number.isNaN(count) && !new RegExp(wanted).test(`${method} ${path}`)
      ? []
      : pointsOf(index + 1, method !== "GET"),
  );
  if (all.length === 0 || count <= 0) {
    throw new Error(`KILL_POINTS=${wanted}: nothing is tried of ${calls.length} calls`);
  }
  if (Number.isNaN(count) || count >= all.length) return all;
  return Array.from({ length: count }, (_, index) =>
    all.at(Math.floor(((index + 0.5) * all.length) / count)),
  ).filter((point) => point !== undefined);
}

/** Says at once how far it is: it takes long, and Jest shows what a test says at its end. */
export const tell = (line: string): unknown => process.stderr.write(`${line}\n`);
