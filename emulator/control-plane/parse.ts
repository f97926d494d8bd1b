import type { z } from "zod";
import { ApiError, type ApiMessage, apiErrorCodes } from "./api-error.js";

/**
 * Checks a value that came from outside; all faults are told at once.
 *
 * @param code what a fault is refused with.
 * @param options.root what the paths in the messages start from, such as "body".
 * @param options.showValues whether a message may quote the value, for all or by its path; never where it
 * may be a secret.
 * @throws {ApiError} 400
 */
export function parse<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  code: keyof typeof apiErrorCodes,
  {
    root = "body",
    showValues = false,
  }: { root?: string; showValues?: boolean | ((path: readonly PropertyKey[]) => boolean) } = {},
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues.flatMap((issue): ApiMessage[] => {
    const path = [root, ...issue.path.filter((key) => typeof key !== "symbol")];
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({
        code: apiErrorCodes[code],
        message: `${[...path.slice(1), key].join(".")}: unknown; Cloudflare has no such setting.`,
        path: [...path, key],
      }));
    }
    const shown = typeof showValues === "function" ? showValues(issue.path) : showValues;
    const got = shown ? ` (got ${quote(valueAt(value, issue.path))})` : "";
    const name = path.slice(1).join(".") || root;
    return [{ code: apiErrorCodes[code], message: `${name}: ${issue.message}${got}`, path }];
  });
  throw new ApiError(400, errors);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (inner as Record<PropertyKey, unknown> | null | undefined)?.[key],
    value,
  );
}

function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
