import { customDomainRules } from "../custom-domains/custom-domain.js";
import { validateCustomProviderProps } from "../custom-providers/custom-provider-validation.js";
import { datasetRules } from "../datasets/dataset.js";
import { dynamicRouteRules } from "../dynamic-routes/dynamic-route-validation.js";
import { validateGatewayPolicyProps } from "../gateway-policies/gateway-policy-validation.js";
import { applyRules } from "../prop-rules.js";
import { CONFIGS_PER_PAGE } from "../provider-keys/provider-key-blocks.js";
import { tooManyKeys, validateProviderKeyProps } from "../provider-keys/provider-key-validation.js";
import { hasCredentials } from "../url-credentials.js";
import type { Code } from "./code.js";
import { type Declaration, type FreeNames, ofGateway } from "./declaration.js";
import { withTokens } from "./judge-gateway.js";
import type { ExistingGateway, ExistingRoute } from "./read-gateway.js";
import {
  customDomainKeys,
  customProviderKeys,
  customProviderProps,
  datasetKeys,
  datasetProps,
  evaluationKeys,
  evaluationProps,
  headersComment,
  policyKeys,
  policyProps,
  providerKeyKeys,
  providerKeyProps,
  text,
  unknownKeys,
} from "./resource-props.js";
import { renderRouteCode } from "./route-code.js";

/** Stands where only its reader knows what to write; synth refuses it. */
const TO_FILL_IN = "…";

export interface DeclareOptions {
  readonly gatewayId: string;
  /** The variable that the gateway is in. */
  readonly variable: string;
  readonly names: FreeNames;
}

/** Everything of a gateway beside itself, in an order that declares before use. */
export function declareResources(
  existing: ExistingGateway,
  { gatewayId, variable: gatewayVariable, names }: DeclareOptions,
): readonly Declaration[] {
  const own = ofGateway(gatewayVariable);
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
        // Changed by PATCH.
        updates: 1,
        comment: [
          ...headersComment(row.headers),
          ...(hasCredentials(text(row.base_url))
            ? ["Its URL has a credential in it, which is not written here: send it by a header."]
            : []),
          ...unknownKeys(row, customProviderKeys),
        ],
        problems: validateCustomProviderProps(withTokens(given(props)) as never),
      };
    }),
    ...existing.providerKeys.map((row, index) => {
      const props = providerKeyProps(row);
      return {
        className: "ProviderKey",
        name: [text(row.provider_slug), text(row.alias, "default"), "key"]
          .filter((word) => word !== "default")
          .join("-"),
        props: own(props),
        importFrom: [text(row.id)],
        objects: 1,
        // Read in a list, and deleted by its own path.
        updates: 1,
        comment: unknownKeys(row, providerKeyKeys),
        problems: [
          ...check(validateProviderKeyProps, props),
          ...(index === CONFIGS_PER_PAGE ? [tooManyKeys(CONFIGS_PER_PAGE)] : []),
        ],
      };
    }),
    ...existing.routes.map((route) => declareRoute(route, own, check)),
    ...existing.policies.map((row) => {
      const props = policyProps(row);
      return {
        className: "GatewayPolicy",
        name: `${text(row.name)}-policy`,
        props: own(props),
        importFrom: [text(row.id)],
        objects: 1,
        // Changed with ?commit=true.
        updates: 1,
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
        props: own(props),
        importFrom: [],
        objects: 1,
        comment: [
          ...(zoneId === TO_FILL_IN
            ? [`The zone could not be found out: write the id of the one that ${hostname} is in.`]
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
        props: own(props),
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
      props: own(evaluationProps(row, datasetVariables)),
      importFrom: [text(row.id)],
      objects: 1,
      comment: unknownKeys(row, evaluationKeys),
    })),
  ];
}

function declareRoute(
  { id, name, versionId, elements }: ExistingRoute,
  own: ReturnType<typeof ofGateway>,
  check: (
    validate: (props: never) => readonly string[],
    props: Readonly<Record<string, Code | undefined>>,
  ) => readonly string[],
): Declaration {
  const { graph, problems } = renderRouteCode(elements);
  return {
    className: "DynamicRoute",
    name: `${name}-route`,
    props: own({ name, graph, version: versionId }),
    importFrom: [id],
    // The route, and which version serves: PATCH and POST.
    objects: 2,
    updates: 2,
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

/** Props that are there, as a stack is given them. */
const given = (props: Readonly<Record<string, Code | undefined>>): Code =>
  Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined));
