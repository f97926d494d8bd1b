/** A way that a secret can be written, and what it then looks like. */
export interface SecretForm {
  readonly form: string;
  readonly bytes: Buffer;
}

/** Every form in which a text is looked for. */
export function secretForms(text: string): readonly SecretForm[] {
  const json = JSON.stringify(text).slice(1, -1);
  const url = encodeURIComponent(text);
  const hex = Buffer.from(text).toString("hex");
  const forms: readonly (readonly [form: string, written: string])[] = [
    ["plain", text],
    ["JSON", json],
    // As Go writes JSON: state files, plans.
    ["JSON", json.replaceAll(/[<>&]/g, unicodeEscape)],
    // JSON in JSON.
    ["JSON", JSON.stringify(json).slice(1, -1)],
    ["URL-encoded", url],
    ["URL-encoded", url.replaceAll(/[!'()*]/g, percentEscape)],
    ["hex", hex],
    ["hex", hex.toUpperCase()],
    ...[0, 1, 2].flatMap((offset) => {
      const written = base64At(text, offset);
      return [
        ["base64", written],
        ["base64", written.replaceAll("+", "-").replaceAll("/", "_")],
      ] as const;
    }),
  ];
  // The plainest form that looks like this.
  const unique = new Map([...forms].reverse().map(([form, written]) => [written, form]));
  return [
    ...[...unique].map(([written, form]) => ({ form, bytes: Buffer.from(written) })),
    { form: "UTF-16", bytes: Buffer.from(text, "utf16le") },
  ];
}

/** What is the same in the base64 of every text that has this one after a number of bytes. */
function base64At(text: string, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]);
  const [from, to] = [offset, bytes.length].map((length) => (length * 8) / 6) as [number, number];
  return bytes.toString("base64").slice(Math.ceil(from), Math.floor(to));
}

const unicodeEscape = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

const percentEscape = (character: string): string =>
  `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
