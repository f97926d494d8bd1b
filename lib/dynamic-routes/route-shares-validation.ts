import { show } from "../prop-rules.js";
import type { RouteGraphRule } from "./route-graph-rule.js";
import type { LooseElement } from "./route-paths.js";

/** @see https://developers.cloudflare.com/ai-gateway/features/dynamic-routing/ */
const MAX_SHARES = 5;

/** What a percentage's outputs are checked for. */
export const shareRules: readonly RouteGraphRule[] = [
  {
    name: "dynamic-route-share",
    check: (elements) =>
      splits(elements).flatMap(({ id, shares }) =>
        shares
          .filter((share) => percentOf(share) === undefined)
          .map(
            (share) =>
              `graph: output ${show(share)} of ${show(id)}: got no share; allowed is a percentage above 0 and up to 100 with at most two decimals, such as "10%", or "else".`,
          ),
      ),
  },
  {
    name: "dynamic-route-share-count",
    check: (elements) =>
      splits(elements)
        .filter(({ shares }) => shares.length > MAX_SHARES)
        .map(
          ({ id, shares }) =>
            `graph: outputs of ${show(id)}: got ${shares.length} shares; allowed are ${MAX_SHARES}, and "else" for the rest. Let one of them lead to another percentage.`,
        ),
  },
  {
    name: "dynamic-route-share-sum",
    check: (elements) => splits(elements).flatMap(checkSum),
  },
];

interface Split {
  readonly id: string;
  readonly shares: readonly string[];
  readonly hasElse: boolean;
}

const splits = (elements: readonly LooseElement[]): readonly Split[] =>
  elements
    .filter(({ type }) => type === "percentage")
    .map(({ id, outputs }) => ({
      id,
      shares: Object.keys(outputs).filter((name) => name !== "else"),
      hasElse: "else" in outputs,
    }));

function checkSum({ id, shares, hasElse }: Split): readonly string[] {
  const percents = shares.map(percentOf);
  if (percents.includes(undefined)) return [];
  const hundredths = percents.reduce<number>(
    (sum, percent = 0) => sum + Math.round(percent * 100),
    0,
  );
  const subject = `graph: shares of ${show(id)}: got ${hundredths / 100} % together`;
  if (!hasElse) {
    return hundredths === 10_000
      ? []
      : [`${subject}; allowed is 100 %. Add "else" for the rest, or correct the shares.`];
  }
  return hundredths < 10_000 && shares.length > 0
    ? []
    : [
        `${subject} beside "else"; allowed is more than 0 % and less than 100 %, so that both sides get requests. Correct the shares, or remove the percentage.`,
      ];
}

function percentOf(share: string): number | undefined {
  const percent = /^(\d{1,3}(?:\.\d{1,2})?)%$/.exec(share)?.[1];
  return percent !== undefined && Number(percent) > 0 && Number(percent) <= 100
    ? Number(percent)
    : undefined;
}
