import type { Cron } from "croner";

/** A cron expression Cloudflare would refuse, or one the emulator cannot follow. */
export class CronExpressionError extends Error {
  override readonly name = "CronExpressionError";
  /** Whether Cloudflare takes it. */
  readonly legal: boolean;

  constructor(message: string, { legal = false } = {}) {
    super(message);
    this.legal = legal;
  }
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

interface Field {
  readonly what: string;
  readonly min: number;
  readonly max: number;
  /** Names of the values, the lowest first. */
  readonly names?: readonly string[];
  /** Forms of the field beside numbers, ranges and steps; matched in lower case. */
  readonly special?: RegExp;
}

const fields: readonly Field[] = [
  { what: "minute", min: 0, max: 59 },
  { what: "hour", min: 0, max: 23 },
  { what: "day of the month", min: 1, max: 31, special: /^(l|lw|([1-9]|[12]\d|3[01])w)$/ },
  { what: "month", min: 1, max: 12, names: months },
  {
    what: "weekday",
    min: 1,
    max: 7,
    names: weekdays,
    special: /^([1-7]|sun|mon|tue|wed|thu|fri|sat)(l|#[1-5])$/,
  },
];

/**
 * A cron expression as Cloudflare reads it: five fields, in UTC. Weekdays are 1 (Sunday) to 7
 * (Saturday); ranges may wrap (`22-2`), `5/10` counts from 5 on; `L`, `W` and `#` are Quartz's; with a
 * day of the month and a weekday either one is enough.
 *
 * @see https://developers.cloudflare.com/workers/configuration/cron-triggers/
 */
export class CronExpression {
  readonly #calendar: Cron;

  /** @throws {CronExpressionError} */
  constructor(expression: string) {
    const parts = expression.trim().split(/\s+/);
    if (parts.length !== fields.length) {
      throw new CronExpressionError(
        `"${expression}" has ${parts.length} fields; 5 are needed: minute, hour, day of the month, month, weekday.`,
      );
    }
    // What is left for the library to do is the calendar: lists of numbers, and Quartz's forms.
    const plain = fields.map((field, index) => translate(parts[index] as string, field)).join(" ");
    // Loaded here: most emulators have no cron.
    const { Cron } = require("croner") as typeof import("croner");
    this.#calendar = new Cron(plain, {
      mode: "5-part",
      timezone: "UTC",
      alternativeWeekdays: true,
      paused: true,
    });
  }

  /**
   * The first whole minute after `time` that matches; undefined when there is none (30 February).
   * Both in milliseconds since 1970.
   */
  next(time: number): number | undefined {
    return this.#calendar.nextRun(new Date(time))?.getTime();
  }
}

function translate(text: string, field: Field): string {
  const lower = text.toLowerCase();
  if (lower === "*" || field.special?.test(lower)) return lower.toUpperCase();
  if (field.what === "day of the month" && /^l-\d+w?$/.test(lower)) {
    const message = `Not emulated: "${text}", counted from the end of the month; "L" and "LW" are.`;
    throw new CronExpressionError(message, { legal: true });
  }
  const values = new Set(lower.split(",").flatMap((part) => expand(part, field)));
  return [...values].sort((a, b) => a - b).join(",");
}

/** The values of one part of a list: `7`, `mon-fri`, `*` with a step, `5/10`, `8-18/2`. */
function expand(part: string, field: Field): number[] {
  const [range = "", step, ...more] = part.split("/");
  const [first = "", last, ...rest] = range.split("-");
  if (more.length > 0 || rest.length > 0) throw refused(part, field);
  const span = field.max - field.min;
  const width = step === undefined ? 1 : wholeNumber(step);
  if (width === undefined || width < 1 || width > span) throw refused(part, field);
  if (range === "*") return every(field.min, field.max, width, field);
  const from = toValue(first, part, field);
  if (last !== undefined) return every(from, toValue(last, part, field), width, field);
  return step === undefined ? [from] : every(from, field.max, width, field);
}

function every(from: number, to: number, step: number, { min, max }: Field): number[] {
  const size = max - min + 1;
  const count = to >= from ? to - from + 1 : to - from + 1 + size;
  return Array.from(
    { length: Math.ceil(count / step) },
    (_, index) => ((from - min + index * step) % size) + min,
  );
}

function toValue(text: string, part: string, field: Field): number {
  // Quartz's last weekday: Saturday.
  if (field.what === "weekday" && text === "l") return field.max;
  const named = field.names?.indexOf(text) ?? -1;
  const value = named >= 0 ? named + field.min : wholeNumber(text);
  if (value === undefined || value < field.min || value > field.max) throw refused(part, field);
  return value;
}

const wholeNumber = (text: string): number | undefined =>
  /^\d{1,2}$/.test(text) ? Number(text) : undefined;

function refused(part: string, { what, min, max, names }: Field): CronExpressionError {
  const named = names ? `, ${names.join(", ")}` : "";
  return new CronExpressionError(
    `"${part}" is no ${what}: allowed are ${min} to ${max}${named}, ranges (a-b), steps (a/n), lists and *.`,
  );
}
