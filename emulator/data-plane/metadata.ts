export type Metadata = Readonly<Record<string, string | number | boolean>>;

const none: Metadata = {};
const MAX_ENTRIES = 5;

/**
 * The metadata a header carries, by the product's rules: one null or object among the values loses
 * them all, names that begin with `cf.` are reserved and left out, five of the rest are kept.
 */
export function readMetadata(header: string | undefined): Metadata {
  if (header === undefined) return none;
  let value: unknown;
  try {
    // Node reads header bytes as latin1; what was sent is UTF-8.
    value = JSON.parse(Buffer.from(header, "latin1").toString("utf8"));
  } catch {
    return none;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return none;
  const entries = Object.entries(value);
  if (entries.some(([, one]) => typeof one === "object")) return none;
  return Object.fromEntries(
    entries.filter(([key]) => !key.startsWith("cf.")).slice(0, MAX_ENTRIES),
  );
}
