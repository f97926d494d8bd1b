export const otelContentTypes = ["json", "protobuf"] as const;

export type OtelContentType = (typeof otelContentTypes)[number];

/** Where traces go, in the words of the REST API. The values of `headers` and `authorization` are secrets. */
export interface OtelSetting {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly authorization?: string;
  readonly content_type: OtelContentType;
}

/** Usage events for Stripe's metering, in the words of the REST API. `authorization` is a secret. */
export interface StripeSetting {
  readonly authorization: string;
  readonly usage_events: readonly { readonly payload: string }[];
}
