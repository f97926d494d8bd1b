import type { ErrorCode, ErrorFrame } from "./protocol.js";

/** @param id The id of the frame it is about, when it could be read. */
export const errorFrame = (code: ErrorCode, message: string, id?: string): ErrorFrame => ({
  type: "error",
  code,
  message,
  ...(id !== undefined && { id }),
});
