import { type OtelContentType, otelContentTypes } from "../../../protocol/gateway-exports.js";
import { checkWord, type Rule, show, showNoText, unknownKeys } from "../../prop-rules.js";
import { checkSecret, type SecretText, secretToken } from "../../secret-text.js";
import { isToken } from "../../terraform-text.js";
import { credentialsInQuery } from "../../url-credentials.js";
import { isPassedOn, isWrittenObject } from "./written-out.js";

/**
 * Where the gateway sends traces of its requests, in OpenTelemetry's protocol.
 * @see https://developers.cloudflare.com/ai-gateway/observability/otel-integration/
 */
export interface OtelExporter {
  /** Where traces are posted, http or https. Not a secret: keys go into headers, none into its query. */
  readonly url: string;

  /** Headers beside `authorization`. Their values are secrets. @default none */
  readonly headers?: Readonly<Record<string, SecretText>>;

  /** Value of the header `authorization`. @default none */
  readonly authorization?: SecretText;

  /** @default "json" */
  readonly contentType?: OtelContentType;
}

interface Props {
  readonly otel?: readonly OtelExporter[];
}

/** An exporter without its secrets: what may be in a plan and in the state. */
export interface ShownOtel {
  readonly url: string;
  readonly headers: Readonly<Record<string, never>>;
  readonly content_type: OtelContentType;
}

/** No exporter is no export. */
export function renderShownOtel(exporters: readonly OtelExporter[]): readonly ShownOtel[] | null {
  return exporters.length === 0
    ? null
    : exporters.map(({ url, contentType = "json" }) => ({
        url,
        headers: {},
        content_type: contentType,
      }));
}

/** The exporters whole, with tokens for the secrets; undefined where there are none. */
export function renderSecretOtel(exporters: readonly OtelExporter[]): object[] | undefined {
  if (!exporters.some(hasSecrets)) {
    return undefined;
  }
  return exporters.map(({ url, headers = {}, authorization, contentType = "json" }) => ({
    url,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, secretToken(value)]),
    ),
    ...(authorization !== undefined && { authorization: secretToken(authorization) }),
    content_type: contentType,
  }));
}

const hasSecrets = ({ headers = {}, authorization }: OtelExporter): boolean =>
  authorization !== undefined || Object.keys(headers).length > 0;

type Entry = { readonly prop: string; readonly exporter: Record<string, unknown> };

const each = (
  name: string,
  check: (entry: Entry) => string | readonly string[] | undefined,
): Rule<Props> => ({
  name,
  check: ({ otel }) => entries(otel).flatMap((entry) => check(entry) ?? []),
});

const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

const known: readonly string[] = [
  "url",
  "headers",
  "authorization",
  "contentType",
] satisfies (keyof OtelExporter)[];

export const otelRules: readonly Rule<Props>[] = [
  { name: "gateway-otel", check: ({ otel }) => checkForm(otel) },
  each("gateway-otel-prop", ({ prop, exporter }) => unknownKeys(prop, exporter, known)),
  each("gateway-otel-url", ({ prop, exporter: { url } }) => checkUrl(`${prop}.url`, url)),
  each("gateway-otel-header", ({ prop, exporter: { headers, authorization } }) => {
    const names = isWrittenObject(headers) ? Object.keys(headers) : [];
    return [
      ...(headers === undefined || isWrittenObject(headers)
        ? []
        : [
            `${prop}.headers: got ${showNoText(headers)}; allowed is an object of names and secrets, such as { "x-api-key": secret }.`,
          ]),
      ...names
        .filter((name) => !isToken(name) && !(headerName.test(name) && isPassedOn(name)))
        .map(
          (name) =>
            `${prop}.headers: got the name ${show(name)}; allowed are letters, digits and hyphens, such as "x-api-key".`,
        ),
      ...(authorization !== undefined && names.some((name) => /^authorization$/i.test(name))
        ? [`${prop}.headers: has authorization, which ${prop}.authorization sets. Write it once.`]
        : []),
    ];
  }),
  each("gateway-otel-secret", ({ prop, exporter: { headers, authorization } }) =>
    [
      ...Object.entries(isWrittenObject(headers) ? headers : {}).map(([name, value]) =>
        checkSecret(`${prop}.headers.${name}`, value, `otel_${variableName(name)}`),
      ),
      authorization === undefined
        ? undefined
        : checkSecret(`${prop}.authorization`, authorization, "otel_authorization"),
    ].filter((problem) => problem !== undefined),
  ),
  each("gateway-otel-content-type", ({ prop, exporter: { contentType } }) =>
    checkWord(`${prop}.contentType`, contentType, otelContentTypes),
  ),
  {
    name: "gateway-otel-same-url",
    check: ({ otel }) => {
      const urls = entries(otel).map(({ exporter }) => exporter.url);
      return urls.flatMap((url, index) => {
        const first = urls.indexOf(url);
        return first === index || typeof url !== "string" || isToken(url)
          ? []
          : [
              `otel[${index}].url: is that of otel[${first}]; each trace would be sent there twice. Remove one.`,
            ];
      });
    },
  },
];

const allowed =
  'allowed is an array such as [{ url: "https://…/v1/traces", authorization: secret }].';

function checkForm(otel: unknown): string | readonly string[] | undefined {
  if (otel === undefined) {
    return undefined;
  }
  if (!Array.isArray(otel) || isToken(otel)) {
    return `otel: got ${isToken(otel) ? "a token" : showNoText(otel)}; ${allowed}`;
  }
  return otel.flatMap((exporter, index) =>
    isWrittenObject(exporter)
      ? []
      : [
          `otel[${index}]: got ${isToken(exporter) ? "a token" : "something else than an object"}; ${allowed}`,
        ],
  );
}

/** The URL itself goes into no message: what is wrong with it may be that it holds a password. */
function checkUrl(prop: string, url: unknown): string | undefined {
  if (isToken(url)) {
    return undefined;
  }
  const parsed = typeof url === "string" && URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
    const got = typeof url === "string" && !/[@?]/.test(url) ? show(url) : "something else";
    return `${prop}: got ${got}; allowed is an http or https URL, such as "https://otel.example.com/v1/traces".`;
  }
  if (parsed.username !== "" || parsed.password !== "") {
    return `${prop}: has a user name or a password in it, which would be readable in the state. Write it as authorization, a SecretVariable.`;
  }
  return credentialsInQuery(parsed).length > 0
    ? `${prop}: has in its query what looks like a credential, such as ?api_key=…, which would be readable in the state. Write it as one of headers, or as authorization, a SecretVariable.`
    : undefined;
}

const entries = (otel: unknown): readonly Entry[] =>
  Array.isArray(otel) && !isToken(otel)
    ? otel.flatMap((exporter: unknown, index) =>
        isWrittenObject(exporter) ? [{ prop: `otel[${index}]`, exporter }] : [],
      )
    : [];

const variableName = (header: string): string =>
  header.toLowerCase().replaceAll(/[^a-z0-9_]/g, "_");
