import { errorFrame } from "./error-frame.js";
import { type ClientFrame, type ErrorFrame, isId, limits } from "./protocol.js";

/** Reads what a page sent; what it must not send becomes the error frame to answer with. */
export function parseClientFrame(data: unknown): ClientFrame | ErrorFrame {
  if (typeof data !== "string")
    return errorFrame("not-text", "A frame must be text, not binary data.");
  if (data.length > limits.frameLength)
    return errorFrame(
      "too-long",
      `The frame has ${data.length} characters; ${limits.frameLength} are allowed.`,
    );
  let frame: unknown;
  try {
    frame = JSON.parse(data);
  } catch {
    return errorFrame(
      "not-json",
      'The frame is not JSON. Send {"type":"say","id":"…","text":"…"}.',
    );
  }
  if (typeof frame !== "object" || frame === null || Array.isArray(frame))
    return errorFrame("not-json", "The frame is not a JSON object.");
  const { type, id, text } = frame as Readonly<Record<string, unknown>>;
  const known = typeof id === "string" && isId(id) ? id : undefined;
  if (type !== "say" && type !== "ask")
    return errorFrame(
      "unknown-type",
      `The frame's type is ${show(type)}; "say" and "ask" are known.`,
      known,
    );
  if (known === undefined)
    return errorFrame(
      "invalid",
      `"id" must have 1 to ${limits.idLength} letters, digits or hyphens, such as a UUID.`,
    );
  if (typeof text !== "string") return errorFrame("invalid", '"text" must be a string.', known);
  // What the storage cannot hold as it is must not be stored as something else.
  const words = text.replace(/\p{Surrogate}/gu, "\uFFFD").trim();
  if (words === "") return errorFrame("invalid", "The message is empty.", known);
  if (words.length > limits.textLength)
    return errorFrame(
      "too-long",
      `The message has ${words.length} characters; ${limits.textLength} are allowed.`,
      known,
    );
  const command = /^\/ai(?:\s+|$)/.exec(words);
  if (type === "ask" || !command) return { type, id: known, text: words };
  const question = words.slice(command[0].length);
  if (question === "") return errorFrame("invalid", "Write a question after /ai.", known);
  return { type: "ask", id: known, text: question };
}

const show = (value: unknown): string =>
  value === undefined ? "missing" : (JSON.stringify(value)?.slice(0, 40) ?? "missing");
