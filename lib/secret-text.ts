import { shorten, show } from "./prop-rules.js";
import { SecretVariable } from "./secret-variable.js";
import { isToken } from "./terraform-text.js";

/** A secret: a {@link SecretVariable}, or a token of another ephemeral value. */
export type SecretText = SecretVariable | string;

/** The token that stands for a secret. */
export const secretToken = (secret: SecretText): string =>
  secret instanceof SecretVariable ? secret.stringValue : secret;

/**
 * A secret that is written out: it would be readable in the synthesized JSON. The value itself never goes
 * into the message.
 *
 * @param variable A name for the variable that should hold it
 */
export function checkSecret(prop: string, secret: unknown, variable: string): string | undefined {
  if (secret instanceof SecretVariable || isToken(secret)) {
    return undefined;
  }
  const got =
    typeof secret === "string"
      ? "a literal text; it would be readable in the synthesized JSON"
      : `${show(secret)}; allowed is a SecretVariable`;
  return `${prop}: got ${got}. Write new SecretVariable(stack, ${show(variable)}) and export TF_VAR_${shorten(variable)}=…`;
}
