import { ApiError, type apiErrorCodes } from "./api-error.js";

/** Largest bodies taken, in bytes; Cloudflare takes 100 MB on its smaller plans. */
export const bodyLimits = { json: 16 * 1024 * 1024, multipart: 100 * 1024 * 1024 } as const;

type Code = keyof typeof apiErrorCodes;

/**
 * @param code what a body that is no JSON is refused with.
 * @throws {ApiError} 400
 */
export async function readJson(request: Request, code: Code): Promise<unknown> {
  const bytes = await readBytes(request, bodyLimits.json, code);
  if (bytes.length === 0) throw ApiError.of(400, code, "The body is empty; JSON was expected.");
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    // The parser's message quotes the body, which may hold a secret.
    throw ApiError.of(400, code, "The body is not JSON in UTF-8.");
  }
}

/** @throws {ApiError} 400 */
export async function readMultipart(request: Request, code: Code): Promise<FormData> {
  const contentType = request.headers.get("content-type") ?? "";
  if (!/^multipart\/form-data\s*;/i.test(contentType)) {
    const got = contentType === "" ? "no content type" : `"${contentType}"`;
    throw ApiError.of(400, code, `multipart/form-data was expected; got ${got}.`);
  }
  const bytes = await readBytes(request, bodyLimits.multipart, code);
  try {
    return await new Response(bytes, { headers: { "content-type": contentType } }).formData();
  } catch {
    throw ApiError.of(400, code, "The body is not multipart/form-data as its content type says.");
  }
}

async function readBytes(
  request: Request,
  limit: number,
  code: Code,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > limit) {
      throw ApiError.of(400, code, `The body is larger than ${limit} bytes, the most taken here.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}
