import { type CloudflareProps, gatewayProviders } from "./cloudflare-props.js";
import { didYouMean } from "./nearest-word.js";
import { checkWord, isRecord, type PropRules, shorten, show, wrongValue } from "./prop-rules.js";
import { isToken } from "./terraform-text.js";
import { matches } from "./text-checks.js";

/** What the account's props are checked for; what names the account and its APIs is refused at once. */
export const cloudflareRules: PropRules<CloudflareProps> = {
  accountId: [],
  baseUrl: [],
  aiGatewayBaseUrl: [],
  workersDevSubdomain: [
    {
      name: "cloudflare-workers-dev-subdomain",
      check: ({ workersDevSubdomain }) =>
        workersDevSubdomain === undefined || matches(workersDevSubdomain, /^[a-z0-9-]+$/i)
          ? undefined
          : wrongValue(
              "workersDevSubdomain",
              workersDevSubdomain,
              'the account\'s name below workers.dev, letters, digits and hyphens, such as "acme"',
            ),
    },
  ],
  providerVersions: [
    {
      name: "cloudflare-provider-versions",
      check: ({ providerVersions }) => checkVersions(providerVersions),
    },
  ],
  gatewayProvider: [
    {
      name: "cloudflare-gateway-provider",
      check: ({ gatewayProvider }) =>
        isToken(gatewayProvider)
          ? `gatewayProvider: got a token; allowed is ${gatewayProviders.map(show).join(" or ")}, written out.`
          : checkWord("gatewayProvider", gatewayProvider, gatewayProviders),
    },
  ],
};

const versionedProviders: readonly string[] = ["restful", "cloudflare"];

/** Operators, numbers and pre-releases; Terraform judges the rest. */
const versionConstraint = /^(?=.*\d)[\w\s.,<>=!~+-]+$/;

function checkVersions(versions: unknown): string | undefined {
  const example = 'such as { restful: "0.25.2", cloudflare: "5.14.0" }';
  if (versions === undefined) return undefined;
  if (!isRecord(versions)) return wrongValue("providerVersions", versions, `an object, ${example}`);
  for (const [name, version] of Object.entries(versions)) {
    if (!versionedProviders.includes(name)) {
      return `providerVersions.${shorten(name)}: there is no such provider; there are ${versionedProviders.join(" and ")}.${didYouMean(name, versionedProviders)}`;
    }
    // Terraform reads it before anything else, so it is no token.
    if (
      version !== undefined &&
      (typeof version !== "string" || !versionConstraint.test(version))
    ) {
      return wrongValue(`providerVersions.${name}`, version, `a version constraint, ${example}`);
    }
  }
  return undefined;
}
