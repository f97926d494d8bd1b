import { z } from "zod";
import { ApiError } from "../api-error.js";
import { parse } from "../parse.js";

/** @see https://developers.cloudflare.com/api/resources/kv/subresources/namespaces/methods/create/ */
const namespace = z.strictObject({
  title: z.string().max(512, "must have at most 512 characters"),
});

/**
 * The title a POST or PUT gives a namespace.
 * @throws {ApiError} 400/10019
 */
export function parseTitle(body: unknown): string {
  const { title } = parse(namespace, body, "kvTitleMissing", { showValues: true });
  if (title.trim() === "") {
    throw ApiError.of(400, "kvTitleMissing", "title: must not be empty.");
  }
  return title;
}
