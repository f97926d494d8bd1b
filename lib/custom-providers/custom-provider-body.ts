import { escapeTexts } from "../escape-texts.js";
import { type SecretText, secretToken } from "../secret-text.js";
import { SecretVariable } from "../secret-variable.js";
import { isToken } from "../terraform-text.js";
import { renderJsonVar } from "../workers/json-var.js";
import type { CustomProviderProps } from "./custom-provider-props.js";

/** Whether a header is a secret: a token may stand for an ephemeral value, so each counts as one. */
export const isSecretHeader = (value: unknown): value is SecretText =>
  value instanceof SecretVariable || isToken(value);

/** What stands for headers that are sent apart: none, until they are. */
const SENT_APART = "{}";

/**
 * Props as the body of POST and PATCH. An optional text without a prop is left out: that a new provider takes `null`
 * for it is in no source. One that is removed is sent as `null`, as the API shows it where there is none.
 */
export function renderCustomProviderBody(
  slug: string,
  props: CustomProviderProps,
  hasSecret: boolean,
): Readonly<Record<string, unknown>> {
  const { headers } = props;
  return {
    name: escapeTexts(props.name) ?? slug,
    slug,
    base_url: props.baseUrl,
    enable: props.enable ?? true,
    beta: props.beta ?? false,
    ...given("description", escapeTexts(props.description)),
    ...given("link", escapeTexts(props.link)),
    ...given("curl_example", escapeTexts(props.curlExample)),
    ...given("js_example", escapeTexts(props.jsExample)),
    ...given("position", props.position),
    // Without headers the key is left out, so that a removal of the last secret is a change, which takes it away.
    ...(Object.keys(headers ?? {}).length === 0
      ? {}
      : { headers: hasSecret ? SENT_APART : renderHeaders(headers ?? {}) }),
  };
}

/** The API takes headers as one text, which is JSON. */
export const renderHeaders = (headers: NonNullable<CustomProviderProps["headers"]>): string =>
  renderJsonVar(
    Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        // Of another type it is reported, and may be none of JSON.
        value instanceof SecretVariable || typeof value === "string" ? secretToken(value) : "",
      ]),
    ),
  );

const given = (key: string, value: unknown): Record<string, unknown> =>
  value === undefined ? {} : { [key]: value };
