/** A span of time: whole seconds, or a text such as "30s", "5m", "1h" or "7d". */
export type Duration = number | `${number}${"s" | "m" | "h" | "d"}`;

const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** The span in seconds. What is none stays as it is: whoever checks the number says so. */
export function durationInSeconds(duration: Duration): number {
  const [, amount, unit = ""] =
    typeof duration === "string" ? (/^(\d+)([smhd])$/.exec(duration) ?? []) : [];
  const factor = seconds[unit];
  return factor === undefined ? (duration as number) : Number(amount) * factor;
}
