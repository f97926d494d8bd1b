/** The part of an API Extractor model that the reference shows. */
export interface ApiItem {
  readonly kind: string;
  readonly name?: string;
  readonly docComment?: string;
  readonly isOptional?: boolean;
  readonly isStatic?: boolean;
  readonly isReadonly?: boolean;
  readonly excerptTokens?: readonly { readonly text: string }[];
  readonly members?: readonly ApiItem[];
}

/** The declaration as it was written, on one line where it is short. */
export function signature({ excerptTokens = [] }: ApiItem): string {
  return excerptTokens
    .map(({ text }) => text)
    .join("")
    .replace(/^export (?:declare )?/, "")
    .replace(/;$/, "")
    .trim();
}

/** A doc comment, taken apart: the prose, and each tag with its text. */
export interface DocComment {
  readonly summary: string;
  readonly details: string;
  readonly tags: readonly { readonly name: string; readonly text: string }[];
}

/** @returns undefined where there is none */
export function docComment({ docComment: text = "" }: ApiItem): DocComment | undefined {
  const lines = text
    .replace(/^\/\*\*|\*\/\s*$/g, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, "").trimEnd());
  const blocks: { name: string; lines: string[] }[] = [{ name: "", lines: [] }];
  let fenced = false;
  for (const line of lines) {
    if (line.startsWith("```")) fenced = !fenced;
    const tag = fenced ? null : /^\s*@(\w+)\s?(.*)$/.exec(line);
    if (tag) blocks.push({ name: tag[1] ?? "", lines: [tag[2] ?? ""] });
    else blocks.at(-1)?.lines.push(line);
  }
  const [prose, ...tags] = blocks.map(({ name, lines: own }) => ({
    name,
    text: withLinks(own.join("\n").trim()),
  }));
  const [summary = "", ...details] = (prose?.text ?? "").split(/\n\s*\n/);
  if (summary === "" && tags.length === 0) return undefined;
  // A `@default` may stand at the end of a sentence.
  const inline = /^([\s\S]*?)\s*@default ([\s\S]*)$/.exec(summary);
  return {
    summary: inline?.[1] ?? summary,
    details: details.join("\n\n"),
    tags: inline ? [{ name: "default", text: inline[2] ?? "" }, ...tags] : tags,
  };
}

/** `{@link Name}` and `{@link Name | text}` as code. */
const withLinks = (text: string): string =>
  text.replace(/\{@link ([^}|]+?)(?:\s*\|\s*([^}]+))?\}/g, (_, target: string, label?: string) =>
    label ? label : `\`${target}\``,
  );
