import { isToken } from "../../terraform-text.js";
import { hasHalfCharacter } from "../../text-checks.js";

/** An object whose keys are known at synth: no array, no token. */
export const isWrittenObject = (value: unknown): value is Record<string, unknown> =>
  value instanceof Object && !Array.isArray(value) && !isToken(value);

/** An array of texts, one at least, none of them empty; a token in it is fine. */
export const hasTexts = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((text) => typeof text === "string" && text.trim() !== "");

/** Whether a name reaches its destination: JavaScript loses one on the way, and Terraform each with half a character. */
export const isPassedOn = (name: string): boolean =>
  name !== "__proto__" && !hasHalfCharacter(name);
