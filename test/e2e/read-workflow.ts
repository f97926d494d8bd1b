/** A value of a workflow file. */
export type Yaml = string | readonly Yaml[] | { readonly [key: string]: Yaml };

interface Line {
  readonly indent: number;
  readonly text: string;
  readonly raw: string;
}

/**
 * Reads the YAML that workflow files are written in: nested maps, lists, `|` texts, one-line lists of words. Whatever
 * else YAML can say is refused, so that nothing is read otherwise than GitHub would.
 */
export function readYaml(text: string): Yaml {
  const lines = text.split("\n").map((raw) => ({
    raw,
    indent: raw.length - raw.trimStart().length,
    text: withoutComment(raw).trim(),
  }));
  const [value, rest] = readBlock(lines, 0);
  if (skipEmpty(rest).length > 0) throw new Error(`Not read: ${rest[0]?.raw}`);
  return value;
}

const withoutComment = (raw: string): string =>
  /^\s*#/.test(raw) ? "" : raw.replace(/\s#\s.*$/, "");

const skipEmpty = (lines: readonly Line[]): readonly Line[] => {
  const first = lines.findIndex(({ text }) => text !== "");
  return first === -1 ? [] : lines.slice(first);
};

type Read = readonly [value: Yaml, rest: readonly Line[]];

function readBlock(lines: readonly Line[], least: number): Read {
  const from = skipEmpty(lines);
  const [first] = from;
  if (first === undefined || first.indent < least) return ["", from];
  return first.text.startsWith("- ") ? readList(from, first.indent) : readMap(from, first.indent);
}

function readList(lines: readonly Line[], indent: number): Read {
  const items: Yaml[] = [];
  let rest = skipEmpty(lines);
  for (let [line] = rest; line?.indent === indent && line.text.startsWith("- "); [line] = rest) {
    const text = line.text.slice(2);
    // The item's first key stands where the others of the item do.
    const item = { raw: line.raw, text, indent: indent + 2 };
    const [value, after]: Read = isEntry(text)
      ? readMap([item, ...rest.slice(1)], indent + 2)
      : [readScalar(text), rest.slice(1)];
    items.push(value);
    rest = skipEmpty(after);
  }
  return [items, rest];
}

function readMap(lines: readonly Line[], indent: number): Read {
  const map: Record<string, Yaml> = {};
  let rest = skipEmpty(lines);
  for (let [line] = rest; line?.indent === indent && isEntry(line.text); [line] = rest) {
    const [, key = "", text = ""] = /^([\w-]+):(?: (.*))?$/.exec(line.text) ?? [];
    if (key in map) throw new Error(`Twice: ${line.raw}`);
    const below = rest.slice(1);
    const [value, after]: Read =
      text === "|"
        ? readText(below, indent)
        : text === ""
          ? readBlock(below, indent + 1)
          : [readScalar(text), below];
    map[key] = value;
    rest = skipEmpty(after);
  }
  if (rest[0] !== undefined && rest[0].indent >= indent)
    throw new Error(`Not read: ${rest[0].raw}`);
  return [map, rest];
}

function readText(lines: readonly Line[], indent: number): Read {
  const end = lines.findIndex((line) => line.raw.trim() !== "" && line.indent <= indent);
  const own = end === -1 ? lines : lines.slice(0, end);
  const cut = own[0]?.indent ?? 0;
  const text = own.map(({ raw }) => raw.slice(cut)).join("\n");
  return [`${text.trimEnd()}\n`, end === -1 ? [] : lines.slice(end)];
}

const isEntry = (text: string): boolean => /^[\w-]+:(?: |$)/.test(text);

function readScalar(text: string): Yaml {
  const list = /^\[([\w, -]*)\]$/.exec(text)?.[1];
  if (list !== undefined) return list.split(",").map((word) => word.trim());
  const quoted = /^"([^"\\]*)"$/.exec(text)?.[1];
  if (quoted !== undefined) return quoted;
  // What YAML reads as something else than these characters.
  if (/^["'[\]{}&*!|>%@`]/.test(text) || /: /.test(text)) throw new Error(`Not read: ${text}`);
  return text;
}
