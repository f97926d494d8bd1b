import { wrongValue } from "../prop-rules.js";

/** The name of a class as a bundle exports it. Not a token: the history of classes is known at synth. */
export const checkClassName = (prop: string, name: unknown): string | undefined =>
  typeof name === "string" && /^[A-Za-z_$][\w$]*$/.test(name)
    ? undefined
    : wrongValue(prop, name, 'the name of an exported class, such as "Room"');
