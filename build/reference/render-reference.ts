import { type ApiItem, type DocComment, docComment, signature } from "./api-item.js";

/** What one entry of the package offers, as a page. */
export function renderReference(module: string, items: readonly ApiItem[]): string {
  const shown = items.filter(isPublic);
  // An overload is shown below its first one.
  const first = shown.filter((item) => shown.find(({ name }) => name === item.name) === item);
  const list = first.map((item) => {
    const { summary = "" } = docComment(item) ?? {};
    return `- [\`${nameOf(item)}\`](#${anchor(item)})${summary && `: ${oneLine(summary)}`}`;
  });
  return [
    `# \`${module}\``,
    "Generated from the declarations and their doc comments.",
    list.join("\n"),
    ...shown.map(renderItem),
    "",
  ].join("\n\n");
}

/** What the reader of the reference would miss: a class about which nothing is said, an optional prop without its default. */
export function missingDocs(items: readonly ApiItem[]): readonly string[] {
  return items.filter(isPublic).flatMap((item) => {
    const own = item.kind === "Class" && !docComment(item)?.summary ? [`${item.name}`] : [];
    const props = (item.kind === "Interface" && item.name?.endsWith("Props") && item.members) || [];
    const members = props.filter(isPublic).flatMap((prop) => {
      const doc = docComment(prop);
      const place = `${item.name}.${prop.name}`;
      if (!doc?.summary) return [place];
      const hasDefault = doc.tags.some(({ name }) => name === "default");
      return prop.isOptional && !hasDefault ? [`${place}: no @default`] : [];
    });
    return [...own, ...members];
  });
}

const isPublic = ({ docComment: text = "", name = "" }: ApiItem): boolean =>
  !text.includes("@internal") && !name.startsWith("_");

function renderItem(item: ApiItem): string {
  const { kind, members = [] } = item;
  const parts = [`## \`${nameOf(item)}\``, ...renderDoc(docComment(item))];
  if (kind === "Class" || kind === "Interface") {
    parts.push(code(firstLine(item)), ...renderMembers(members.filter(isPublic)));
  } else {
    parts.push(code(signature(item)));
  }
  return parts.join("\n\n");
}

const firstLine = (item: ApiItem): string => signature(item).replace(/\s+/g, " ");

/** Without the number that API Extractor gives a name which a global one has, too. */
const nameOf = ({ name = "" }: ApiItem): string => name.replace(/_\d+$/, "");

function renderMembers(members: readonly ApiItem[]): string[] {
  const isProperty = ({ kind }: ApiItem) => kind === "PropertySignature" || kind === "Property";
  const rows = members.filter(isProperty).map(renderProperty);
  const table =
    rows.length === 0
      ? []
      : [["| name | type | what it is |", "|---|---|---|", ...rows].join("\n")];
  const methods = members
    .filter((member) => !isProperty(member))
    .map((member) =>
      [`### \`${member.name ?? "constructor"}\``, code(signature(member))]
        .concat(renderDoc(docComment(member)))
        .join("\n\n"),
    );
  return [...table, ...methods];
}

function renderProperty(item: ApiItem): string {
  const { summary = "", details = "", tags = [] } = docComment(item) ?? {};
  const type = signature(item).replace(/^(?:static |readonly )*[\w"'-]+\??: /, "");
  const facts = tags.map(({ name, text }) => `*${name}:* ${oneLine(text)}`);
  const text = [oneLine(summary), oneLine(details), ...facts].filter((part) => part !== "");
  return `| \`${item.name}${item.isOptional ? "?" : ""}\` | ${cell(`\`${oneLine(type)}\``)} | ${cell(text.join("<br>"))} |`;
}

function renderDoc(doc: DocComment | undefined): string[] {
  if (!doc) return [];
  const tags = doc.tags
    .filter(({ name }) => name !== "module")
    .map(({ name, text }) => (name === "example" ? text : `*${name}:* ${text}`));
  return [doc.summary, doc.details, ...tags].filter((part) => part !== "");
}

const code = (text: string): string => `\`\`\`ts\n${text}\n\`\`\``;
const cell = (text: string): string => text.replace(/\|/g, "\\|");
const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();
const anchor = (item: ApiItem): string =>
  nameOf(item)
    .toLowerCase()
    .replace(/[^\w-]/g, "");
