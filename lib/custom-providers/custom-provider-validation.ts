import { deletionProtectionRule } from "../deletion-protection.js";
import {
  applyRules,
  checkBoolean,
  checkInteger,
  isRecord,
  type PropRules,
  type Rule,
  shorten,
  show,
  showNoText,
} from "../prop-rules.js";
import { checkCustomSlug } from "../provider-slug.js";
import { SecretVariable } from "../secret-variable.js";
import { isToken } from "../terraform-text.js";
import { checkText } from "../text-checks.js";
import { showUrl } from "../url-credentials.js";
import { isSecretHeader } from "./custom-provider-body.js";
import type { CustomProviderProps } from "./custom-provider-props.js";

type TextProp = "name" | "description" | "link" | "curlExample" | "jsExample";

const textRule = (prop: TextProp, name: string): readonly Rule<CustomProviderProps>[] => [
  { name, check: (props) => checkText(prop, props[prop]) },
];

/** What a custom provider's props are checked for. */
export const customProviderRules: PropRules<CustomProviderProps> = {
  baseUrl: [{ name: "custom-provider-base-url", check: ({ baseUrl }) => checkBaseUrl(baseUrl) }],
  slug: [{ name: "custom-provider-slug", check: ({ slug }) => checkCustomSlug("slug", slug) }],
  name: textRule("name", "custom-provider-name"),
  description: textRule("description", "custom-provider-description"),
  link: textRule("link", "custom-provider-link"),
  enable: [
    { name: "custom-provider-enable", check: ({ enable }) => checkBoolean("enable", enable) },
  ],
  beta: [{ name: "custom-provider-beta", check: ({ beta }) => checkBoolean("beta", beta) }],
  curlExample: textRule("curlExample", "custom-provider-curl-example"),
  jsExample: textRule("jsExample", "custom-provider-js-example"),
  position: [
    {
      name: "custom-provider-position",
      check: ({ position }) =>
        checkInteger("position", position, {
          min: 0,
          max: Number.MAX_SAFE_INTEGER,
          unit: "places",
        }),
    },
  ],
  headers: [
    { name: "custom-provider-headers", check: ({ headers }) => checkHeaders(headers) },
    { name: "custom-provider-plain-credential", check: ({ headers }) => checkPlain(headers) },
  ],
  deletionProtection: deletionProtectionRule("custom-provider-deletion-protection"),
};

/** All that is wrong with a custom provider's props. What only Terraform knows is not judged. */
export const validateCustomProviderProps = (props: CustomProviderProps): readonly string[] =>
  applyRules(customProviderRules, props);

function checkBaseUrl(url: unknown): string | undefined {
  if (isToken(url)) {
    return undefined;
  }
  const allowed = 'an https URL without query and user, such as "https://api.example.com"';
  if (typeof url !== "string" || !URL.canParse(url)) {
    return `baseUrl: got ${showUrl(url)}; allowed is ${allowed}.`;
  }
  const { protocol, username, password, search, hash } = new URL(url);
  if (username !== "" || password !== "") {
    // What is in front of the "@" may be a credential.
    return `baseUrl: got a URL with a user; allowed is ${allowed}. Send a credential by headers.`;
  }
  return protocol === "https:" && search === "" && hash === ""
    ? undefined
    : `baseUrl: got ${showUrl(url)}; allowed is ${allowed}.`;
}

function checkHeaders(headers: unknown): string | undefined {
  if (headers === undefined) {
    return undefined;
  }
  if (!isRecord(headers)) {
    return `headers: got ${showNoText(headers)}; allowed is an object of texts, such as { "x-team": "chat" }.`;
  }
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) {
      return `headers: got the name ${show(name)}; allowed is the name of an HTTP header, such as "x-team".`;
    }
    // The value is not shown: it may be a credential.
    if (!(value instanceof SecretVariable) && typeof value !== "string") {
      return `headers.${shorten(name)}: got a value of type ${typeof value}; allowed is a text or a SecretVariable.`;
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what no header may hold
    if (typeof value === "string" && !isToken(value) && /[\0-\x08\n-\x1f\x7f]/.test(value)) {
      return `headers.${shorten(name)}: got a text with a control character, such as a line break; no header can hold it.`;
    }
  }
  return undefined;
}

/** Names of headers that hold nothing else than credentials. */
const credential =
  /^(proxy-)?authorization$|^cookie$|(^|[-_])(api[-_]?key|key|token|secret|password)$/i;

function checkPlain(headers: CustomProviderProps["headers"]): string | undefined {
  if (typeof headers !== "object" || headers === null) {
    return undefined;
  }
  const [name] =
    Object.entries(headers).find(
      ([header, value]) => credential.test(header) && !isSecretHeader(value),
    ) ?? [];
  return name === undefined
    ? undefined
    : `headers.${shorten(name)}: got a text; a credential would be readable in the synthesized JSON, in plans and in the state. Pass new SecretVariable(stack, "…"), or a text with its stringValue.`;
}
