import type { SecretText } from "../secret-text.js";

export interface CustomProviderProps {
  /**
   * Where the provider's API is, such as `https://api.example.com`: `https` and without a query. The path of a request
   * is put behind it.
   */
  readonly baseUrl: string;

  /**
   * Its name in URLs, unique in the account: letters and digits in words joined by hyphens. Requests name it with
   * `custom-` in front. Changed in place.
   * @default from the construct's path: `chat/internal` becomes `chat-internal`
   */
  readonly slug?: string;

  /** Name people see. @default the slug */
  readonly name?: string;

  /** What it is for, as people see it. @default none */
  readonly description?: string;

  /** URL of the provider's documentation. @default none */
  readonly link?: string;

  /**
   * Whether requests may use it.
   * @default true; the API's own default is false, which would declare a provider that nobody can use
   */
  readonly enable?: boolean;

  /** Marks it as not settled yet. @default false */
  readonly beta?: boolean;

  /** Example of a call with curl. @default none */
  readonly curlExample?: string;

  /** Example of a call in JavaScript. @default none */
  readonly jsExample?: string;

  /** Place in lists, 0 or more. @default Cloudflare's choice */
  readonly position?: number;

  /**
   * Headers that the gateway adds to each request to the provider. A credential is given as a SecretVariable, or in
   * a text: `Bearer ${variable.stringValue}`. With one, or any other token, none of the values is in plan and state, and
   * a change by others is not seen.
   * @default none
   */
  readonly headers?: Readonly<Record<string, SecretText>>;

  /**
   * Refuses every plan that would delete the provider.
   * @default true in a production stage, otherwise false
   */
  readonly deletionProtection?: boolean;
}
