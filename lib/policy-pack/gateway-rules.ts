import type { IConstruct } from "constructs";
import { AiGateway } from "../ai-gateway/ai-gateway.js";
import type { AiGatewayProps } from "../ai-gateway/ai-gateway-props.js";
import type { SpendLimit } from "../ai-gateway/settings/spend-limits.js";
import { durationInSeconds } from "../duration.js";
import { isToken } from "../terraform-text.js";
import { isUsingProviders, type UsedProvider } from "../uses-providers.js";
import type { PolicyFinding, PolicyRule } from "./policy-rule.js";

type Check = PolicyRule["check"];

const ofGateway =
  (check: (props: AiGatewayProps) => PolicyFinding | undefined): Check =>
  (construct: IConstruct) => {
    const finding = construct instanceof AiGateway ? check(construct.props) : undefined;
    return finding === undefined ? [] : [finding];
  };

export const checkAuthentication: Check = ofGateway(({ authentication }) =>
  authentication === true
    ? undefined
    : {
        prop: "authentication",
        got: authentication,
        allowed: "true",
        why: "whoever learns the gateway's URL could spend your money",
      },
);

export const checkSpendLimit: Check = ofGateway(({ spendLimits }) => {
  const limits: readonly SpendLimit[] = Array.isArray(spendLimits) ? spendLimits : [];
  if (limits.some((limit) => countsEveryRequest(limit) && isOn(limit))) {
    return undefined;
  }
  const unknown = limits.findIndex((limit) => countsEveryRequest(limit) && isToken(limit.enabled));
  return unknown === -1
    ? {
        prop: "spendLimits",
        got: spendLimits,
        allowed: "one or more limits, one of them without model, provider and metadata",
        why: "nothing else ends the spending of all requests together",
      }
    : {
        prop: `spendLimits[${unknown}].enabled`,
        got: limits[unknown]?.enabled,
        allowed: "true",
        why: "no other limit ends the spending of all requests together",
      };
});

const countsEveryRequest = ({ model, provider, metadata }: SpendLimit): boolean =>
  [model, provider, metadata].every((filter) => filter === undefined);

const isOn = ({ enabled = true }: SpendLimit): boolean => enabled !== false && !isToken(enabled);

export const checkLogsWithoutPayload: Check = ofGateway(({ collectLogs }) =>
  collectLogs === false
    ? undefined
    : {
        prop: "collectLogs",
        got: collectLogs,
        allowed: "false",
        why: "a gateway that logs keeps prompts and answers of every request that does not say cf-aig-collect-log-payload: false itself",
      },
);

export const checkMaxCacheTtl = (seconds: number): Check =>
  ofGateway(({ cacheTtl = 0 }) =>
    !isToken(cacheTtl) && durationInSeconds(cacheTtl) <= seconds
      ? undefined
      : {
          prop: "cacheTtl",
          got: cacheTtl,
          allowed: `${seconds.toLocaleString("en-US")} seconds or less`,
          why: "answers would be given again for longer",
        },
  );

export const checkAllowedProviders =
  (allowed: readonly string[]): Check =>
  (construct) =>
    providersOf(construct)
      .filter(({ provider }) => !allowed.includes(provider))
      .map(({ provider, where }) => ({
        prop: where,
        got: provider,
        allowed: allowed.map((slug) => JSON.stringify(slug)).join(" or "),
        why: "prompts go to no other provider",
      }));

function providersOf(construct: IConstruct): readonly UsedProvider[] {
  if (isUsingProviders(construct)) return construct.usedProviders;
  const limits = construct instanceof AiGateway ? construct.props.spendLimits : undefined;
  if (!Array.isArray(limits)) return [];
  return (limits as readonly SpendLimit[]).flatMap(({ provider }, index) =>
    (Array.isArray(provider) ? provider : []).map((slug) => ({
      provider: slug,
      where: `spendLimits[${index}].provider`,
    })),
  );
}
