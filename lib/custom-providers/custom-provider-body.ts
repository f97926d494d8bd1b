import { SecretVariable } from "../secret-variable.js";
import { escapeTemplate } from "../terraform-text.js";
import { renderJsonVar } from "../workers/json-var.js";
import type { CustomProviderProps } from "./custom-provider-props.js";

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
    name: escapeText(props.name) ?? slug,
    slug,
    base_url: props.baseUrl,
    enable: props.enable ?? true,
    beta: props.beta ?? false,
    ...given("description", escapeText(props.description)),
    ...given("link", escapeText(props.link)),
    ...given("curl_example", escapeText(props.curlExample)),
    ...given("js_example", escapeText(props.jsExample)),
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
        value instanceof SecretVariable ? value.stringValue : value,
      ]),
    ),
  );

const escapeText = (text: string | undefined): string | undefined =>
  typeof text === "string" ? escapeTemplate(text) : text;

const given = (key: string, value: unknown): Record<string, unknown> =>
  value === undefined ? {} : { [key]: value };
