export interface TokenUsage {
  readonly tokensIn: number | null;
  readonly tokensOut: number | null;
}

const unknown: TokenUsage = { tokensIn: null, tokensOut: null };

/** The names providers give the two numbers. */
const inputNames = ["prompt_tokens", "input_tokens", "promptTokenCount"];
const outputNames = ["completion_tokens", "output_tokens", "candidatesTokenCount"];
/** In a JSON string a quote is escaped, so an answer that talks about usage does not match. */
const usageKeys = ['"usage":', '"usageMetadata":'];

/**
 * Counts the tokens of an answer from what the provider says it used: the last such object in the
 * text, event streams and JSON alike. Anthropic's streams give the input first and the output
 * last, which is why several parts of the text may be given.
 */
export function readTokenUsage(parts: readonly string[]): TokenUsage {
  let { tokensIn, tokensOut } = unknown;
  for (const part of parts) {
    for (const object of findUsageObjects(part)) {
      tokensIn = pick(object, inputNames) ?? tokensIn;
      tokensOut = pick(object, outputNames) ?? tokensOut;
    }
  }
  return { tokensIn, tokensOut };
}

/** The first and the last one: those between say nothing they do not. */
function findUsageObjects(text: string): Record<string, unknown>[] {
  for (const key of usageKeys) {
    const last = text.lastIndexOf(key);
    if (last < 0) continue;
    const first = text.indexOf(key);
    const places = first === last ? [last] : [first, last];
    return places.flatMap((place) => {
      const object = readObject(text, place + key.length);
      return object ? [object] : [];
    });
  }
  return [];
}

function readObject(text: string, from: number): Record<string, unknown> | undefined {
  const start = text.indexOf("{", from);
  if (start < 0 || text.slice(from, start).trim() !== "") return undefined;
  let depth = 0;
  for (let index = start; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x7b) depth++;
    else if (code === 0x7d && --depth === 0) {
      try {
        return JSON.parse(text.slice(start, index + 1));
      } catch {
        return undefined;
      }
    }
  }
  return undefined;
}

function pick(object: Record<string, unknown>, names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = object[name];
    if (typeof value === "number") return value;
  }
  return undefined;
}
