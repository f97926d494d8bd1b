import { Lazy, TerraformLocal, type TerraformStack, TerraformVariable, Token } from "cdktf";
import fc, { type Arbitrary } from "fast-check";
import { SecretVariable } from "../../lib/index.js";
import { TerraformData } from "../../lib/terraform-data.js";

/** What a generated value may hold: the value itself, or something of the stack that stands for it. */
export type Declared<Value> =
  | Placeholder
  | (Value extends SecretVariable
      ? never
      : Value extends readonly (infer Item)[]
        ? readonly Declared<Item>[]
        : Value extends object
          ? { readonly [Key in keyof Value]: Declared<Value[Key]> }
          : Value);

/** A value that only a stack can make: generated values are compared, printed and shrunk without one. */
export class Placeholder {
  readonly #shown: string;
  readonly #make: (stack: TerraformStack, id: string) => unknown;

  constructor(
    shown: string,
    make: (stack: TerraformStack, id: string) => unknown,
    misplaced = false,
  ) {
    this.#shown = shown;
    this.#make = make;
    this.misplaced = misplaced;
  }

  /** Whether it stands for something that only Terraform finds wrong: synth cannot tell, and does not judge. */
  readonly misplaced: boolean;

  make(stack: TerraformStack, id: string): unknown {
    return this.#make(stack, id);
  }

  [fc.toStringMethod](): string {
    return this.#shown;
  }

  toJSON(): string {
    return this.#shown;
  }
}

/** What stands for a value: synth knows it late, plans know it, or only the apply does. */
const references = {
  lazy: (_stack, _id, value) => Lazy.anyValue({ produce: () => value }),
  local: (stack, id, value) => new TerraformLocal(stack, id, value).expression,
  variable: (stack, id, value) =>
    new TerraformVariable(stack, id, {
      type: typeof value === "boolean" ? "bool" : typeof value,
      default: value,
    }).value,
  unknown: (stack, id, value) =>
    new TerraformData(stack, id, { input: value as never }).interpolationForAttribute("output"),
} as const satisfies Record<
  string,
  (stack: TerraformStack, id: string, value: string | number | boolean) => unknown
>;

/** Tokens of values, of every kind. */
export function tokenOf(values: Arbitrary<string | number | boolean>): Arbitrary<Placeholder> {
  const kinds = fc.constantFrom(...(Object.keys(references) as (keyof typeof references)[]));
  return fc
    .tuple(values, kinds)
    .map(
      ([value, kind]) =>
        new Placeholder(`${kind}(${JSON.stringify(value)})`, (stack, id) =>
          asToken(value, references[kind](stack, id, value)),
        ),
    );
}

/** Elements of the stack themselves, in place of what they stand for, and an object that leads back to itself. */
const things = {
  variable: (stack, id) => new TerraformVariable(stack, id, { default: "text" }),
  local: (stack, id) => new TerraformLocal(stack, id, "text"),
  stack: (stack) => stack,
  circle: () => {
    const circle: Record<string, unknown> = {};
    circle.itself = circle;
    return circle;
  },
} as const satisfies Record<string, (stack: TerraformStack, id: string) => unknown>;

export const stackThing: Arbitrary<Placeholder> = fc
  .constantFrom(...(Object.keys(things) as (keyof typeof things)[]))
  .map((kind) => new Placeholder(`the ${kind} itself`, things[kind]));

function asToken(value: string | number | boolean, reference: unknown): unknown {
  if (typeof value === "boolean") return Token.asAny(reference);
  return typeof value === "number" ? Token.asNumber(reference) : Token.asString(reference);
}

/** Variables a stack declares for secrets, by what {@link secret} picks. */
export const secretNames = ["property_one", "property_two", "property_three"] as const;

/** A secret as a prop takes it: the variable, or its token. */
export const secret: Arbitrary<Placeholder> = fc
  .tuple(fc.constantFrom(...secretNames), fc.boolean())
  .map(
    ([name, asText]) =>
      new Placeholder(`secret(${name}${asText ? ", as a token" : ""})`, (stack) => {
        const variable =
          (stack.node.tryFindChild(name) as SecretVariable | undefined) ??
          new SecretVariable(stack, name);
        return asText ? variable.stringValue : variable;
      }),
  );

/** A generated value with the stack's own things in it. */
export function realize(stack: TerraformStack, value: unknown, id: string): unknown {
  if (value instanceof Placeholder) return value.make(stack, id);
  if (Array.isArray(value))
    return value.map((item, index) => realize(stack, item, `${id}-${index}`));
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item], index) => [
      key,
      realize(stack, item, `${id}-${index}`),
    ]),
  );
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" &&
  value !== null &&
  [Object.prototype, null].includes(Object.getPrototypeOf(value));

/** The same, where no prop takes it. */
export const misplaced = (placeholders: Arbitrary<Placeholder>): Arbitrary<Placeholder> =>
  placeholders.map(
    (one) => new Placeholder(`misplaced ${one.toJSON()}`, (stack, id) => one.make(stack, id), true),
  );

/** Whether there is something in it that only Terraform finds wrong. */
export function holdsMisplaced(value: unknown): boolean {
  if (value instanceof Placeholder) return value.misplaced;
  return value instanceof Object && Object.values(value).some(holdsMisplaced);
}
