/** A value of one field, and what else it may hold. */
interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly words?: readonly string[];
  /** Forms of Quartz beside `*`, `,`, `-` and `/`. */
  readonly special?: RegExp;
  readonly allowed: string;
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/** Sunday is 1, unlike in a crontab. */
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/**
 * Cloudflare's five fields.
 * @see https://developers.cloudflare.com/workers/configuration/cron-triggers/#supported-cron-expressions
 */
const fields: readonly Field[] = [
  { name: "minute", min: 0, max: 59, allowed: "0 to 59" },
  { name: "hour", min: 0, max: 23, allowed: "0 to 23" },
  {
    name: "day of month",
    min: 1,
    max: 31,
    special: /^(?:L|LW|(?:[1-9]|[12]\d|3[01])W)$/i,
    allowed: "1 to 31, L (last day), LW (last weekday) or 15W (weekday nearest to the 15th)",
  },
  { name: "month", min: 1, max: 12, words: MONTHS, allowed: "1 to 12 or JAN to DEC" },
  {
    name: "day of week",
    min: 1,
    max: 7,
    words: WEEKDAYS,
    special: /^(?:[1-7]|sun|mon|tue|wed|thu|fri|sat)(?:L|#[1-5])$/i,
    allowed: "1 (Sunday) to 7 (Saturday), SUN to SAT, 6L (last Friday) or 2#1 (first Monday)",
  },
];

const FORM =
  'five fields: minute, hour, day of month, month, day of week, such as "*/30 * * * *" or "0 9 * * MON-FRI", in UTC';

/** What is wrong with a cron expression in Cloudflare's syntax, and what is allowed; undefined when nothing is. */
export function cronProblem(expression: unknown): string | undefined {
  if (typeof expression !== "string") {
    return `allowed is ${FORM}`;
  }
  const parts = expression.split(" ");
  if (parts.length !== fields.length || parts.includes("")) {
    const hint =
      parts.filter(Boolean).length === 6 ? "; there is no field for seconds or years" : "";
    return `allowed are ${FORM}, one space between them${hint}`;
  }
  for (const [index, field] of fields.entries()) {
    const part = parts[index] as string;
    const wrong = part.split(",").find((item) => !isItem(item, field));
    if (wrong !== undefined) {
      return `${JSON.stringify(wrong)} is no ${field.name}; allowed is ${field.allowed}, with "*", "," (list), "-" (range) and "/" (step)`;
    }
  }
  return undefined;
}

/** `*`, a value, a range, any of these with a step, or a special form. */
function isItem(item: string, field: Field): boolean {
  if (field.special?.test(item)) {
    return true;
  }
  const [range = "", step, ...more] = item.split("/");
  if (more.length > 0 || (step !== undefined && !isStep(step, field))) {
    return false;
  }
  if (range === "*") {
    return true;
  }
  const ends = range.split("-").map((end) => numberOf(end, field));
  const [first, last] = ends;
  return (
    first !== undefined &&
    (ends.length === 1 || (ends.length === 2 && last !== undefined && first <= last))
  );
}

const isStep = (step: string, { max }: Field): boolean =>
  /^\d+$/.test(step) && Number(step) >= 1 && Number(step) <= max;

function numberOf(text: string, { min, max, words }: Field): number | undefined {
  const word = words?.indexOf(text.toLowerCase()) ?? -1;
  if (word >= 0) {
    return min + word;
  }
  return /^\d{1,2}$/.test(text) && Number(text) >= min && Number(text) <= max
    ? Number(text)
    : undefined;
}
