import { Expression } from "./code.js";

/** A value that is in no code: it comes in by a Terraform variable. */
export class SecretExpression extends Expression {
  readonly variable: string;

  constructor(variable: string) {
    super(`new SecretVariable(stack, ${JSON.stringify(variable)})`);
    this.variable = variable;
  }
}

/** The secrets that the code asks for, each by a variable of its own. */
export class Secrets {
  /** Variables, and what each is the value of. */
  readonly declared = new Map<string, string>();

  /**
   * @param words what the variable is called, in whatever spelling
   * @param purpose what it is the value of
   */
  declare(words: string, purpose: string): SecretExpression {
    const base = words
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "_")
      .replaceAll(/^_+|_+$/g, "");
    const name = /^[a-z]/.test(base) ? base : `secret_${base}`;
    let variable = name;
    // Of the same name as the API's token, it would be that one's value.
    for (let number = 2; this.declared.has(variable) || variable === TOKEN; number++) {
      variable = `${name}_${number}`;
    }
    this.declared.set(variable, purpose);
    return new SecretExpression(variable);
  }
}

/** The variable of `Cloudflare` itself. */
const TOKEN = "cloudflare_api_token";
