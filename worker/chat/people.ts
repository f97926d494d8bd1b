import { limits, type PeopleFrame, type Person } from "./protocol.js";

/** Everybody once, under the last name they came with, in the order they came. */
export function listPeople(seats: Iterable<Person>): Pick<PeopleFrame, "people" | "count"> {
  const people = new Map<string, Person>();
  for (const person of seats) people.set(person.id, person);
  return { people: [...people.values()].slice(0, limits.people), count: people.size };
}
