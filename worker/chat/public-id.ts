/** Bytes of a public id: enough that nobody finds another private id that leads to it. */
const LENGTH = 16;

/**
 * What a room calls a person, made of the id they join with. That id is theirs alone: whoever knows
 * it is that person. So it is neither kept nor told to anybody, and nothing leads back to it.
 *
 * It has a dot, which no id from a page has: joining with it is refused.
 *
 * @param room The room's own id: the same person has another public id in another room.
 */
export async function publicId(room: DurableObjectId, person: string): Promise<string> {
  const bytes = new TextEncoder().encode(`${room} ${person}`);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const hex = Array.from(hash.subarray(0, LENGTH), (byte) => byte.toString(16).padStart(2, "0"));
  return `p.${hex.join("")}`;
}
