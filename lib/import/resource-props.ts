import { withoutCredentials } from "../url-credentials.js";
import { isRow, type Row } from "./cloudflare-reader.js";
import { type Code, Expression } from "./code.js";

type Props = Readonly<Record<string, Code | undefined>>;

const times = ["created_at", "modified_at", "updated_at", "account_id", "account_tag"];
/** What an answer of each kind has, as far as this version knows. */
export const customProviderKeys = [
  ...["id", "slug", "name", "base_url", "description", "link", "enable", "beta", "curl_example"],
  ...["js_example", "position", "headers", "logo", ...times],
];
export const providerKeyKeys = [
  ...["id", "gateway_id", "provider_slug", "alias", "default_config", "secret_id"],
  ...["secret_preview", "rate_limit", "rate_limit_period", ...times],
];
export const policyKeys = ["id", "name", "actor", "resource", "condition", "action", ...times];
export const customDomainKeys = [
  ...["id", "hostname", "domain", "zone_id", "gateway_id", "status", "cname_target", ...times],
];
export const datasetKeys = ["id", "gateway_id", "name", "enable", "filters", ...times];
export const evaluationKeys = [
  ...["id", "gateway_id", "name", "datasets", "processed", "results", "total_logs", ...times],
];

/** What a newer API answers is told, not dropped. */
export const unknownKeys = (row: Row, known: readonly string[]): readonly string[] => {
  const unknown = Object.keys(row).filter((key) => !known.includes(key) && row[key] !== null);
  return unknown.length === 0
    ? []
    : [`Not declared, because this version does not know it: ${unknown.join(", ")}.`];
};

export function customProviderProps(row: Row): Props {
  return {
    slug: text(row.slug),
    name: row.name === row.slug ? undefined : optional(row.name),
    baseUrl: withoutCredentials(text(row.base_url)),
    description: optional(row.description),
    link: optional(row.link),
    enable: row.enable === false ? false : undefined,
    beta: row.beta === true ? true : undefined,
    curlExample: optional(row.curl_example),
    jsExample: optional(row.js_example),
    position: typeof row.position === "number" ? row.position : undefined,
  };
}

/** Their values may be credentials, and stay where they are. */
export function headersComment(headers: unknown): readonly string[] {
  if (typeof headers !== "string" || headers === "" || headers === "{}") {
    return [];
  }
  const names = headerNames(headers);
  return [
    `Its headers${names.length > 0 ? ` (${names.join(", ")})` : ""} stay as they are. To manage them, declare headers, each value a`,
    "text or, where it is a secret, a SecretVariable.",
  ];
}

function headerNames(json: string): readonly string[] {
  try {
    const parsed: unknown = JSON.parse(json);
    return isRow(parsed) ? Object.keys(parsed).map((name) => JSON.stringify(name)) : [];
  } catch {
    return [];
  }
}

export function providerKeyProps(row: Row): Props {
  const alias = text(row.alias, "default");
  // Cloudflare was seen to answer 0 and 1.
  const isDefault = row.default_config === true || Number(row.default_config) === 1;
  const { rate_limit: limit, rate_limit_period: period } = row;
  const limited = typeof limit === "number" && limit > 0;
  return {
    providerSlug: text(row.provider_slug),
    alias: alias === "default" ? undefined : alias,
    secret: { secretId: text(row.secret_id) },
    defaultConfig: isDefault === (alias === "default") ? undefined : isDefault,
    rateLimit: limited ? limit : undefined,
    rateLimitPeriod: limited && typeof period === "number" && period !== 60 ? period : undefined,
  };
}

export function policyProps(row: Row): Props {
  const action = isRow(row.action) ? row.action : {};
  const { technique, ...shown } = action;
  return {
    name: text(row.name),
    actor: row.actor === "company:all" ? undefined : optional(row.actor),
    resource: row.resource === "*" || row.resource === null ? undefined : (row.resource as Code),
    condition: row.condition === "true" ? undefined : optional(row.condition),
    action: (technique === undefined || technique === "named-interval" ? shown : action) as Code,
  };
}

export const datasetProps = (row: Row): Props => ({
  name: text(row.name),
  enable: row.enable === false ? false : undefined,
  filters: Array.isArray(row.filters) && row.filters.length > 0 ? (row.filters as Code) : undefined,
});

export function evaluationProps(row: Row, variables: ReadonlyMap<string, string>): Props {
  const datasets = (Array.isArray(row.datasets) ? row.datasets : []).filter(isRow);
  const results = (Array.isArray(row.results) ? row.results : []).filter(isRow);
  const types = [...new Set(results.map((result) => text(result.evaluation_type_id)))];
  return {
    name: text(row.name),
    datasets: datasets.map(({ id }) => {
      const variable = variables.get(text(id));
      const known = JSON.stringify(text(id));
      return new Expression(variable ?? `Dataset.fromDatasetId(stack, ${known}, ${known})`);
    }),
    evaluationTypeIds: types.length === 0 ? undefined : types,
  };
}

/** A member of an answer as a text. */
export const text = (value: unknown, otherwise = ""): string =>
  value === undefined || value === null ? otherwise : String(value);

/** A text that says something. */
const optional = (value: unknown): string | undefined =>
  typeof value === "string" && value.trim() !== "" ? value : undefined;
