import { z } from "zod";
import { ApiError, apiErrorCodes } from "../api-error.js";
import { pagingUpTo, queryFlag, searchText } from "../list-query.js";
import { parse } from "../parse.js";

const text = z.string().nullable();

const fields = {
  name: z.string().min(1),
  // The documentation's words; whether upper case is taken is in no source, and a URL has none by custom.
  slug: z
    .string()
    .regex(
      /^[a-zA-Z0-9]+(-[a-zA-Z0-9]+)*$/,
      "must be letters and digits in words joined by hyphens",
    ),
  base_url: z.string(),
};

const optional = z
  .object({
    description: text,
    link: text,
    curl_example: text,
    js_example: text,
    enable: z.boolean(),
    beta: z.boolean(),
    position: z.number().nullable(),
    headers: z.string().refine(isHeaders, "must be the JSON of an object of texts").nullable(),
  })
  .partial();

const newProvider = z.strictObject({ ...fields, ...optional.shape });
const patch = newProvider.partial();

export type NewCustomProvider = z.output<typeof newProvider>;
export type CustomProviderPatch = z.output<typeof patch>;

/** Body of a POST. Messages never quote it: headers may be credentials. @throws {ApiError} 400 */
export function parseNewCustomProvider(body: unknown): NewCustomProvider {
  return checkBaseUrl(parse(newProvider, body, "validation"));
}

/** Body of a PATCH; what is null is taken away. @throws {ApiError} 400 */
export function parseCustomProviderPatch(body: unknown): CustomProviderPatch {
  return checkBaseUrl(parse(patch, body, "validation"));
}

function checkBaseUrl<Given extends { readonly base_url?: string | undefined }>(
  given: Given,
): Given {
  const { base_url: url } = given;
  if (url === undefined || (url.startsWith("https://") && URL.canParse(url))) return given;
  throw new ApiError(400, [
    {
      code: apiErrorCodes.customProviderBaseUrl,
      message: "base_url must be a valid HTTPS URL starting with https://",
      path: ["body", "base_url"],
    },
  ]);
}

function isHeaders(json: string): boolean {
  try {
    const headers: unknown = JSON.parse(json);
    return (
      typeof headers === "object" &&
      headers !== null &&
      !Array.isArray(headers) &&
      Object.values(headers).every((value) => typeof value === "string")
    );
  } catch {
    return false;
  }
}

/** Query of a list. */
export const customProviderQuery = z.strictObject({
  ...pagingUpTo(100),
  enable: queryFlag.optional(),
  beta: queryFlag.optional(),
  search: searchText,
  order_by: z
    .string()
    .regex(/^(name|slug|created_at|modified_at)( (ASC|DESC))?$/i, 'must be such as "name ASC"')
    .default("name ASC"),
});
