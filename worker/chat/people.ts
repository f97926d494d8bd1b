import { limits, type PeopleFrame, type Person } from "./protocol.js";

/** What a socket keeps while the room hibernates. */
export interface Seat {
  readonly room: string;
  readonly person: Person;
  /** When it was taken, in milliseconds since 1970. */
  readonly since: number;
}

/** Everybody once, under the last name they came with, in the order they came. */
export function listPeople(seats: Iterable<Seat>): Pick<PeopleFrame, "people" | "count"> {
  const people = new Map<string, Person>();
  for (const { person } of [...seats].sort((a, b) => a.since - b.since))
    people.set(person.id, person);
  return { people: [...people.values()].slice(0, limits.people), count: people.size };
}
