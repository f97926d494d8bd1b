import { TerraformLocal, type TerraformStack, Token } from "cdktf";
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

/** Tokens of values: a local's, which plans know, and a resource's, which only the apply knows. */
export function tokenOf(values: Arbitrary<string | number | boolean>): Arbitrary<Placeholder> {
  return fc
    .tuple(values, fc.boolean())
    .map(
      ([value, known]) =>
        new Placeholder(`${known ? "local" : "unknown"}(${JSON.stringify(value)})`, (stack, id) =>
          asToken(
            value,
            known
              ? new TerraformLocal(stack, id, value).expression
              : new TerraformData(stack, id, { input: value as never }).interpolationForAttribute(
                  "output",
                ),
          ),
        ),
    );
}

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
