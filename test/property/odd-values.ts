import fc, { type Arbitrary } from "fast-check";
import { misplaced, secret, stackThing, tokenOf } from "./placeholders.js";

/** Texts that something on the way may take for something else: templates, quotes, keys of every object. */
const traps = [
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's own expression
  "${var.cloudflare_api_token}",
  "%{ if true }",
  "$${x}",
  "%%{x}",
  "}",
  "${",
  "%{",
  "a$",
  '"quoted"',
  "back\\slash",
  "line\nbreak",
  "\r\n",
  "tab\t",
  "\b\f",
  "nul\u0000",
  "$(body.id)",
  "#.x|@y",
  "a.b",
  "*",
  "__proto__",
  "constructor",
  "toString",
  "length",
  "e\u0301",
  "日本語",
  "👩‍👩‍👧",
  "\u2028",
  // Half a character, which no text of Terraform has.
  "\ud83d",
  "\udc69",
  "<&>",
  "null",
  "true",
  "1e3",
  " ",
] as const;

/** A text that is not empty, odd more often than not. */
export const oddText: Arbitrary<string> = fc.oneof(
  { weight: 40, arbitrary: fc.constantFrom(...traps).map((trap) => `a${trap}`) },
  { weight: 20, arbitrary: fc.constantFrom(...traps) },
  { weight: 30, arbitrary: fc.string({ minLength: 1, maxLength: 12, unit: "binary" }) },
  { weight: 30, arbitrary: fc.string({ minLength: 1, maxLength: 12 }) },
  // Seldom: Terraform takes longer for one than for a gateway.
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1_000, max: 20_000 }).map((n) => "long".repeat(n / 4)),
  },
);

/** Values that plain JavaScript lets through. */
export const anything: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(
    undefined,
    null,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    -0,
    -1,
    1.5,
    Number.MAX_SAFE_INTEGER + 1,
    "",
    [],
    [null],
    {},
    1n,
    Symbol("symbol"),
    () => 1,
    new Date(0),
    /x/,
    new Map([["a", 1]]),
    new Uint8Array(2),
    Object.create(null),
    new String("boxed"),
    Promise.resolve("later"),
    "huge".repeat(25_000),
  ),
  oddText,
  fc.boolean(),
  fc.double(),
  fc.anything({ maxDepth: 2, maxKeys: 3, withNullPrototype: true }),
  misplaced(secret),
  misplaced(tokenOf(fc.constantFrom<string | number | boolean>("text", 1, true))),
  misplaced(stackThing),
);

/** Numbers at, beside and between two bounds. */
export const numberAround = (min: number, max: number): Arbitrary<number> =>
  fc.oneof(fc.constantFrom(min - 1, max + 1, min + 0.5), fc.double());

/** A valid object or array with something wrong at one place of it, at any depth. */
export function spoilt(valid: Arbitrary<unknown>): Arbitrary<unknown> {
  return fc
    .tuple(valid, fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), mistake, oddText)
    .map(([value, path, mistaken, name]) => spoil(value, path, mistaken, name));
}

type Mistake = (right: unknown) => unknown;

/** Something else altogether, or nearly what is right. */
const mistake: Arbitrary<Mistake> = fc.oneof(
  anything.map((wrong) => () => wrong),
  fc.nat({ max: 11 }).map((pick) => (right: unknown) => {
    const near = nearly(right);
    return near[pick % near.length];
  }),
);

/** What somebody may write who means another value: beside it, in another form, too little or too much of it. */
function nearly(right: unknown): readonly unknown[] {
  if (typeof right === "number") return [right + 1, right - 1, right + 0.5, -right, `${right}`];
  if (typeof right === "boolean") return [`${right}`, Number(right), [right]];
  if (typeof right === "string") {
    return [
      `${right} `,
      ` ${right}`,
      right.toUpperCase(),
      right.slice(1),
      [right],
      `${right}\ud83d`,
    ];
  }
  if (Array.isArray(right)) return [[...right, ...right], right[0], { ...right }, right.slice(1)];
  if (!(right instanceof Object) || right.constructor !== Object) return [[right]];
  const entries = Object.entries(right);
  const [[first, value] = ["first", 1], ...others] = entries;
  return [
    [right],
    Object.fromEntries(others),
    Object.fromEntries([[`${first}s`, value], ...others]),
    { ...right, [`${first}s`]: value },
    { ...right, [first]: undefined },
    { ...right, [first]: null },
    entries,
  ];
}

function spoil(value: unknown, path: readonly number[], wrong: Mistake, name: string): unknown {
  const [step, ...rest] = path;
  if (step === undefined || !(value instanceof Object)) return wrong(value);
  const keys = Object.keys(value);
  const at = keys[step % (keys.length + 1)] ?? name;
  const item = (value as Record<string, unknown>)[at];
  const put = spoil(Object.hasOwn(value, at) ? item : undefined, rest, wrong, name);
  if (Array.isArray(value)) {
    return at === name
      ? [...value, put]
      : value.map((one, index) => (String(index) === at ? put : one));
  }
  return value.constructor === Object
    ? Object.fromEntries([...Object.entries(value), [at, put]])
    : wrong(value);
}
