import { customDomainRules } from "../custom-domains/custom-domain.js";
import { validateCustomProviderProps } from "../custom-providers/custom-provider-validation.js";
import { datasetRules } from "../datasets/dataset.js";
import { dynamicRouteRules } from "../dynamic-routes/dynamic-route-validation.js";
import { validateGatewayPolicyProps } from "../gateway-policies/gateway-policy-validation.js";
import { applyRules } from "../prop-rules.js";
import { validateProviderKeyProps } from "../provider-keys/provider-key-validation.js";
import { isRow, type Row } from "./cloudflare-reader.js";
import { type Code, Expression } from "./code.js";
import { type Declaration, type FreeNames, ofGateway } from "./declaration.js";
import { withTokens } from "./judge-gateway.js";
import type { ExistingGateway, ExistingRoute } from "./read-gateway.js";
import { renderRouteCode } from "./route-code.js";
import { hasCredentials, withoutCredentials } from "./url-credentials.js";

/** Stands where only its reader knows what to write; synth refuses it. */
const TO_FILL_IN = "…";

/** Everything of a gateway beside itself, in an order that declares before use. */
export function declareResources(
  existing: ExistingGateway,
  gatewayId: string,
  names: FreeNames,
): readonly Declaration[] {
  // Only its id is asked for by the checks.
  const gateway = { gatewayId, declaredId: gatewayId };
  const check = <Props>(
    validate: (props: Props) => readonly string[],
    props: Readonly<Record<string, Code | undefined>>,
  ) => validate({ ...(withTokens(given(props)) as object), gateway } as Props);

  const datasetVariables = new Map<string, string>();
  return [
    ...existing.customProviders.map((row) => {
      const props = customProviderProps(row);
      return {
        className: "CustomProvider",
        name: `${text(row.slug)}-provider`,
        props,
        importFrom: [text(row.id)],
        objects: 1,
        comment: [
          ...headersComment(row.headers),
          ...(hasCredentials(text(row.base_url))
            ? ["Its URL has a user in it, which is not written here: send it by a header."]
            : []),
          ...unknownKeys(row, customProviderKeys),
        ],
        problems: validateCustomProviderProps(withTokens(given(props)) as never),
      };
    }),
    ...existing.providerKeys.map((row) => {
      const props = providerKeyProps(row);
      return {
        className: "ProviderKey",
        name: [text(row.provider_slug), text(row.alias, "default"), "key"]
          .filter((word) => word !== "default")
          .join("-"),
        props: ofGateway(props),
        importFrom: [text(row.id)],
        objects: 1,
        comment: unknownKeys(row, providerKeyKeys),
        problems: check(validateProviderKeyProps, props),
      };
    }),
    ...existing.routes.map((route) => declareRoute(route, check)),
    ...existing.policies.map((row) => {
      const props = policyProps(row);
      return {
        className: "GatewayPolicy",
        name: `${text(row.name)}-policy`,
        props: ofGateway(props),
        importFrom: [text(row.id)],
        objects: 1,
        comment: unknownKeys(row, policyKeys),
        problems: check(validateGatewayPolicyProps, props),
      };
    }),
    ...existing.customDomains.map((row) => {
      const hostname = text(row.hostname);
      const zoneId = typeof row.zone_id === "string" ? row.zone_id : TO_FILL_IN;
      const props = { hostname, zoneId };
      return {
        className: "CustomDomain",
        name: `${hostname}-domain`,
        props: ofGateway(props),
        importFrom: [],
        objects: 1,
        comment: [
          ...(zoneId === TO_FILL_IN
            ? [`The API does not tell the zone: write the id of the one that ${hostname} is in.`]
            : []),
          ...unknownKeys(row, customDomainKeys),
        ],
        problems: check((given: never) => applyRules(customDomainRules, given), props),
      };
    }),
    ...existing.datasets.map((row) => {
      const variable = names.variable(text(row.name), "dataset");
      datasetVariables.set(text(row.id), variable);
      const props = datasetProps(row);
      return {
        className: "Dataset",
        name: `${text(row.name)}-dataset`,
        props: ofGateway(props),
        importFrom: [text(row.id)],
        objects: 1,
        variable,
        comment: unknownKeys(row, datasetKeys),
        problems: check((given: never) => applyRules(datasetRules, given), props),
      };
    }),
    ...existing.evaluations.map((row) => ({
      className: "Evaluation",
      name: `${text(row.name)}-evaluation`,
      props: ofGateway(evaluationProps(row, datasetVariables)),
      importFrom: [text(row.id)],
      objects: 1,
      comment: unknownKeys(row, evaluationKeys),
    })),
  ];
}

function declareRoute(
  { id, name, versionId, elements }: ExistingRoute,
  check: (
    validate: (props: never) => readonly string[],
    props: Readonly<Record<string, Code | undefined>>,
  ) => readonly string[],
): Declaration {
  const { graph, problems } = renderRouteCode(elements);
  return {
    className: "DynamicRoute",
    name: `${name}-route`,
    props: ofGateway({ name, graph, version: versionId }),
    importFrom: [id],
    // The route, and which version serves.
    objects: 2,
    comment: ["The version that serves. Without it, the graph is uploaded as a new one."],
    problems: [
      ...check((given: never) => applyRules(dynamicRouteRules, given), {
        name,
        version: versionId,
      }),
      ...problems,
    ],
  };
}

const times = ["created_at", "modified_at", "updated_at", "account_id", "account_tag"];
const customProviderKeys = [
  ...["id", "slug", "name", "base_url", "description", "link", "enable", "beta", "curl_example"],
  ...["js_example", "position", "headers", "logo", ...times],
];
const providerKeyKeys = [
  ...["id", "gateway_id", "provider_slug", "alias", "default_config", "secret_id"],
  ...["secret_preview", "rate_limit", "rate_limit_period", ...times],
];
const policyKeys = ["id", "name", "actor", "resource", "condition", "action", ...times];
const customDomainKeys = [
  ...["id", "hostname", "domain", "zone_id", "gateway_id", "status", "cname_target", ...times],
];
const datasetKeys = ["id", "gateway_id", "name", "enable", "filters", ...times];
const evaluationKeys = [
  ...["id", "gateway_id", "name", "datasets", "processed", "results", "total_logs", ...times],
];

/** What a newer API answers is told, not dropped. */
const unknownKeys = (row: Row, known: readonly string[]): readonly string[] => {
  const unknown = Object.keys(row).filter((key) => !known.includes(key) && row[key] !== null);
  return unknown.length === 0
    ? []
    : [`Not declared, because this version does not know it: ${unknown.join(", ")}.`];
};

function customProviderProps(row: Row): Readonly<Record<string, Code | undefined>> {
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
function headersComment(headers: unknown): readonly string[] {
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

function providerKeyProps(row: Row): Readonly<Record<string, Code | undefined>> {
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

function policyProps(row: Row): Readonly<Record<string, Code | undefined>> {
  const action = isRow(row.action) ? row.action : {};
  const { technique, ...shown } = action;
  return {
    name: text(row.name),
    actor: row.actor === "company:all" ? undefined : optional(row.actor),
    resource: row.resource === "*" ? undefined : (row.resource as Code | undefined),
    condition: row.condition === "true" ? undefined : optional(row.condition),
    action: (technique === undefined || technique === "named-interval" ? shown : action) as Code,
  };
}

const datasetProps = (row: Row): Readonly<Record<string, Code | undefined>> => ({
  name: text(row.name),
  enable: row.enable === false ? false : undefined,
  filters: Array.isArray(row.filters) && row.filters.length > 0 ? (row.filters as Code) : undefined,
});

function evaluationProps(
  row: Row,
  variables: ReadonlyMap<string, string>,
): Readonly<Record<string, Code | undefined>> {
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

/** Props that are there, as a stack is given them. */
const given = (props: Readonly<Record<string, Code | undefined>>): Code =>
  Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined));

const text = (value: unknown, otherwise = ""): string =>
  value === undefined || value === null ? otherwise : String(value);

/** A text that says something. */
const optional = (value: unknown): string | undefined =>
  typeof value === "string" && value.trim() !== "" ? value : undefined;
