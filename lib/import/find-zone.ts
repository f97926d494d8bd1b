import { type CloudflareReader, isRow, NotAvailableError, type Row } from "./cloudflare-reader.js";

const PERMISSION = "Zone: Read";

export type FoundZone = { readonly zoneId: string } | { readonly problem: string };

/**
 * The zone that a hostname is in: of those of the account, the one with the longest name that the hostname ends with.
 * A custom domain's own answer does not tell it.
 * @throws {ImportError} where the API does not answer
 */
export async function findZone(api: CloudflareReader, hostname: string): Promise<FoundZone> {
  const problem = (reason: string): FoundZone => ({
    problem: `The zone of the custom domain ${hostname} is not known, so its zoneId is left to be written: ${reason}`,
  });
  const labels = hostname.split(".");
  // A zone has a dot in its name.
  const names = labels.slice(0, -1).map((_, index) => labels.slice(index).join("."));
  try {
    for (const name of names) {
      const [zone, ...more] = await zonesNamed(api, name);
      if (more.length > 0) return problem(`the account has several zones of the name ${name}.`);
      if (zone !== undefined) return { zoneId: String(zone.id) };
    }
  } catch (error) {
    if (!(error instanceof NotAvailableError)) throw error;
    return problem(error.message);
  }
  return problem(
    `the API shows this token none of ${names.join(", ")}. It shows zones only to a token with the permission "${PERMISSION}" on them.`,
  );
}

async function zonesNamed(api: CloudflareReader, name: string): Promise<readonly Row[]> {
  const query = { name, "account.id": api.accountId };
  const zones = await api.list("/zones", { query, permission: PERMISSION });
  // Whatever the query was taken for.
  return zones.filter(
    (zone) =>
      typeof zone.id === "string" &&
      zone.name === name &&
      (!isRow(zone.account) || zone.account.id === api.accountId),
  );
}
