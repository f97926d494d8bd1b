import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { scriptNameOf } from "../script-key.js";
import type { RuntimeLogLine } from "./messages.js";

/** Everything workerd writes, line by line, in words a person can read. */
export function readRuntimeOutput(stream: Readable, onLine: (line: RuntimeLogLine) => void): void {
  createInterface({ input: stream }).on("line", (line) => {
    const parsed = parseRuntimeLine(line);
    if (parsed !== undefined) onLine(parsed);
  });
}

/** @returns undefined for lines that only tell of workerd's insides. */
export function parseRuntimeLine(line: string): RuntimeLogLine | undefined {
  const { level, message, own } = parseJsonLine(line) ?? {
    level: "error",
    message: line,
    own: true,
  };
  // What workerd marks so is bookkeeping for its makers; a Worker may write the word all the same.
  if (own && message.includes("NOSENTRY")) return undefined;
  if (message.trim() === "" || /LLVM_SYMBOLIZER|CODE_MOVED/.test(message)) return undefined;
  const service = /^service core:user:([^:]+): ([\s\S]*)$/.exec(message);
  const text = cleanRuntimeText(service?.[2] ?? message);
  return service?.[1] === undefined ? { level, text } : { key: service[1], level, text };
}

/**
 * Takes out what is of no use to a Worker's author: workerd's native stack, the place in its own
 * sources, and the made-up root folder of the modules.
 */
export function cleanRuntimeText(text: string): string {
  return text
    .replace(/\n?stack: (\S*@[\da-f]+ ?)+/g, "")
    .replace(/\S+\.(?:c\+\+|h):\d+: failed: (?:remote\.)?(?:jsg\.)?/g, "")
    .replace(/file:\/\/\//g, "")
    .replace(/; jsg\.[\s\S]*$/, "")
    .trimEnd();
}

/** `own`: from workerd itself, which names the place in its sources; a Worker's lines have none. */
function parseJsonLine(line: string): { level: string; message: string; own: boolean } | undefined {
  try {
    const { level, message, source } = JSON.parse(line) as Record<string, unknown>;
    if (typeof message !== "string") return undefined;
    return {
      level: typeof level === "string" ? level : "log",
      message,
      own: typeof source === "string",
    };
  } catch {
    return undefined;
  }
}

/** The start of every line a Worker writes. */
export function renderLogLine({ key, level, text }: RuntimeLogLine): string {
  const mark = level === "error" || level === "warn" ? ` ${level}:` : "";
  return `[${key === undefined ? "worker" : scriptNameOf(key)}]${mark} ${text}`;
}
