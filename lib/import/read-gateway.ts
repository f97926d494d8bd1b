import {
  customProvidersPath,
  dynamicRoutesPath,
  gatewayPath,
  gatewaysPath,
  providerConfigsPath,
} from "../../protocol/urls.js";
import { didYouMean } from "../nearest-word.js";
import { type CloudflareReader, isRow, NotAvailableError, type Row } from "./cloudflare-reader.js";
import { findZone } from "./find-zone.js";
import { ImportError } from "./import-error.js";

/** A dynamic route with the version that serves. */
export interface ExistingRoute {
  readonly id: string;
  readonly name: string;
  readonly versionId: string;
  readonly elements: readonly Row[];
}

/** A gateway and all that belongs to it, as the API answers it. */
export interface ExistingGateway {
  readonly gateway: Row;
  readonly routes: readonly ExistingRoute[];
  readonly providerKeys: readonly Row[];
  readonly policies: readonly Row[];
  readonly customDomains: readonly Row[];
  readonly datasets: readonly Row[];
  readonly evaluations: readonly Row[];
  /** Those of the account that any of the above names. */
  readonly customProviders: readonly Row[];
  /** What the account or the token does not let be read. */
  readonly unread: readonly string[];
}

/**
 * Reads a gateway and what belongs to it.
 * @throws {ImportError} where there is none of the id, or the API does not answer
 */
export async function readGateway(
  api: CloudflareReader,
  gatewayId: string,
): Promise<ExistingGateway> {
  const { accountId } = api;
  const own = gatewayPath(accountId, encodeURIComponent(gatewayId));
  const gateway = await findGateway(api, own, gatewayId);
  const unread: string[] = [];
  // Not every account has them, nor every token the right to them.
  const ifOffered = async (kind: string, path: string): Promise<readonly Row[]> => {
    try {
      return await api.list(path);
    } catch (error) {
      if (!(error instanceof NotAvailableError)) throw error;
      unread.push(
        `The gateway's ${kind} could not be read, so there are none here: ${error.message}`,
      );
      return [];
    }
  };
  const routes = await readRoutes(api, gatewayId);
  const found = {
    gateway,
    routes,
    providerKeys: await api.list(providerConfigsPath(accountId, gatewayId)),
    policies: await ifOffered("policies", `${own}/policies`),
    customDomains: await withZones(
      api,
      await ifOffered("custom domains", `${own}/custom-domains`),
      unread,
    ),
    datasets: await ifOffered("datasets", `${own}/datasets`),
    evaluations: await ifOffered("evaluations", `${own}/evaluations`),
  };
  const named = JSON.stringify(found);
  const customProviders = /custom-/.test(named)
    ? await ifOffered("custom providers", customProvidersPath(accountId))
    : [];
  return {
    ...found,
    customProviders: customProviders.filter(({ slug }) =>
      // As a whole text, or in front of a model.
      new RegExp(`"custom-${escapeRegExp(String(slug))}["/]`).test(named),
    ),
    unread,
  };
}

/** Custom domains, each with its zone as far as the token may look it up. */
async function withZones(
  api: CloudflareReader,
  domains: readonly Row[],
  unread: string[],
): Promise<readonly Row[]> {
  const found: Row[] = [];
  for (const domain of domains) {
    const hostname = String(domain.hostname ?? "");
    const zone =
      typeof domain.zone_id === "string"
        ? { zoneId: domain.zone_id }
        : await findZone(api, hostname);
    if ("problem" in zone) unread.push(zone.problem);
    found.push("zoneId" in zone ? { ...domain, zone_id: zone.zoneId } : domain);
  }
  return found;
}

async function findGateway(api: CloudflareReader, path: string, gatewayId: string): Promise<Row> {
  try {
    // Another text would be the path of something else.
    if (/^[\w-]+$/.test(gatewayId)) return await api.read(path);
  } catch (error) {
    if (!(error instanceof NotAvailableError) || error.status !== 404) throw error;
  }
  const ids = (await api.list(gatewaysPath(api.accountId))).map(({ id }) => String(id)).sort();
  const there =
    ids.length === 0 ? "The account has no gateway." : `The account has: ${ids.join(", ")}.`;
  throw new ImportError(
    `There is no gateway ${JSON.stringify(gatewayId)} in the account ${api.accountId}. ${there}` +
      didYouMean(gatewayId, ids),
  );
}

async function readRoutes(
  api: CloudflareReader,
  gatewayId: string,
): Promise<readonly ExistingRoute[]> {
  const path = dynamicRoutesPath(api.accountId, gatewayId);
  const pick = ({ data }: Row) => (isRow(data) ? data.routes : undefined);
  const rows = await api.list(path, { pick });
  const routes: ExistingRoute[] = [];
  for (const { id } of rows) {
    if (typeof id !== "string") {
      throw new ImportError(`GET ${path} was answered with a route that has no id.`);
    }
    routes.push(await readRoute(api, `${path}/${encodeURIComponent(id)}`));
  }
  return routes;
}

async function readRoute(api: CloudflareReader, path: string): Promise<ExistingRoute> {
  const { id, name, deployment } = await api.read(path);
  const versionId = isRow(deployment) ? String(deployment.version_id ?? "") : "";
  if (versionId === "") {
    throw new ImportError(
      `The route ${JSON.stringify(name)} has no version that serves. Deploy one in the dashboard, or delete the route.`,
    );
  }
  const version = await api.read(`${path}/versions/${encodeURIComponent(versionId)}`);
  const elements = elementsOf(version);
  if (elements === undefined) {
    throw new ImportError(
      `The API does not tell the graph of the route ${JSON.stringify(name)}, version ${versionId}.`,
    );
  }
  return { id: String(id), name: String(name), versionId, elements };
}

/** Answers were seen with the graph in `data`, as a value or as text, and with or without `elements`. */
function elementsOf({ elements, data }: Row): readonly Row[] | undefined {
  const graph = [elements, typeof data === "string" ? parseJson(data) : data].find(Array.isArray);
  return graph?.every(isRow) ? graph : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const escapeRegExp = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\-]/g, "\\$&");
