import { type ApiError, type ApiMessage, apiErrorCodes } from "./api-error.js";

export interface ResultInfo {
  readonly page: number;
  readonly per_page: number;
  readonly count: number;
  readonly total_count: number;
  /** Custom providers alone have it. */
  readonly total_pages?: number;
}

/** The answer of a call that did what was asked. */
export function success(result: unknown, status = 200, resultInfo?: ResultInfo): Response {
  return Response.json(
    {
      success: true,
      errors: [],
      messages: [],
      result,
      ...(resultInfo ? { result_info: resultInfo } : {}),
    },
    { status },
  );
}

/** The answer of a call that changed nothing. */
export function failure({ status, errors, hint }: ApiError): Response {
  const messages: ApiMessage[] = hint
    ? [{ code: errors[0]?.code ?? apiErrorCodes.emulatorFailed, message: hint }]
    : [];
  return Response.json(
    { success: false, errors, messages, result: null },
    {
      status,
      // Cloudflare's clients repeat a 5xx with growing pauses, unless told that it is no use.
      headers: status >= 500 ? { "x-should-retry": "false" } : {},
    },
  );
}

/** One page of a list; a page past the end is empty, which is how Cloudflare's clients stop. */
export function page<Item>(
  items: readonly Item[],
  { page, perPage }: { readonly page: number; readonly perPage: number },
): { readonly items: readonly Item[]; readonly info: ResultInfo } {
  const start = (page - 1) * perPage;
  const shown = items.slice(start, start + perPage);
  return {
    items: shown,
    info: { page, per_page: perPage, count: shown.length, total_count: items.length },
  };
}
