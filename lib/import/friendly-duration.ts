const units = [
  ["d", 86_400],
  ["h", 3_600],
  ["m", 60],
  ["s", 1],
] as const;

/** Seconds as a person writes them, such as "1h"; a number where they are none. */
export function friendlyDuration(seconds: number): string | number {
  const unit = units.find(([, size]) => seconds >= size && seconds % size === 0);
  return unit === undefined || !Number.isSafeInteger(seconds)
    ? seconds
    : `${seconds / unit[1]}${unit[0]}`;
}
