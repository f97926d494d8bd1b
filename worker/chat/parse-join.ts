import { isId, limits } from "./protocol.js";

/** Who joins, as the socket's URL says. */
export interface Join {
  /** The person's private id: whoever joins with it is them. */
  readonly person: string;
  readonly name: string;
  /** The last `seq` up to which the page has every message, finished; see `resumeAfter`. */
  readonly after: number | undefined;
}

/**
 * Reads the query of `GET /rooms/{room}/socket?name=Ada&person={id}&after={seq}`; a string says
 * what is wrong with it.
 */
export function parseJoin(query: { get(name: string): string | null }): Join | string {
  const name = (query.get("name") ?? "").replace(/[\s\p{C}]+/gu, " ").trim();
  if (name === "" || name.length > limits.nameLength)
    return `"name" must have 1 to ${limits.nameLength} characters, such as ?name=Ada.`;
  const person = query.get("person") ?? crypto.randomUUID();
  if (!isId(person))
    return `"person" must have 1 to ${limits.idLength} letters, digits or hyphens, such as a UUID.`;
  const after = query.get("after") ?? undefined;
  if (after !== undefined && !/^\d{1,15}$/.test(after))
    return '"after" must be a whole number: the "seq" of the last message you have.';
  return { person, name, after: after === undefined ? after : Number(after) };
}
