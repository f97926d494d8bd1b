import { createHash } from "node:crypto";
import type { Construct } from "constructs";

export interface DefaultNameOptions {
  /** Longest name, in characters. */
  readonly maxLength: number;
  /** Whether words may contain `_`. */
  readonly underscores: boolean;
}

const HASH_LENGTH = 8;

/**
 * A stable name from a construct's path: lower-case words joined by single hyphens.
 *
 * A plain `<stack>/<id>` reads as it is written: `chat/gateway` becomes `chat-gateway`. Every other
 * path gets a hash of itself as a suffix, so that no two paths share a name: `A/b` and `a/b`, but also
 * `my-stack/chat` and `my/stack-chat`, which differ only in what is a hyphen and what is a slash.
 */
export function defaultName(construct: Construct, options: DefaultNameOptions): string {
  return nameFromPath(construct.node.path, options);
}

/** {@link defaultName}, without a construct. */
export function nameFromPath(path: string, { maxLength, underscores }: DefaultNameOptions): string {
  if (path.length <= maxLength && (underscores ? plainWithUnderscores : plain).test(path)) {
    return path.replace("/", "-");
  }
  const words = path
    .toLowerCase()
    .split(underscores ? /[^a-z0-9_]+/ : /[^a-z0-9]+/)
    .join("-")
    .slice(0, maxLength - HASH_LENGTH - 1);
  const hash = createHash("sha256").update(path).digest("hex").slice(0, HASH_LENGTH);
  return [...words.split("-"), hash].filter((word) => word !== "").join("-");
}

// Paths whose name can be read back: two ids, hyphens in the stack's only, so that the last hyphen of the
// name stands for the slash.
const plain = /^[a-z0-9]+(?:-[a-z0-9]+)*\/[a-z0-9]+$/;
const plainWithUnderscores = /^[a-z0-9_]+(?:-[a-z0-9_]+)*\/[a-z0-9_]+$/;
