import { isToken } from "../terraform-text.js";

/** An element as far as its form has been looked at: raw ones may hold anything. */
export interface LooseElement {
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Keys that no element has. */
  readonly unknown: readonly string[];
}

/** Which element leads to which. Edges to nowhere are left out: they have a message of their own. */
export class RoutePaths {
  readonly #elements: readonly LooseElement[];
  readonly #byId: ReadonlyMap<string, LooseElement>;

  constructor(elements: readonly LooseElement[]) {
    this.#elements = elements;
    this.#byId = new Map(elements.map((element) => [element.id, element]));
  }

  /** Elements that no request can come to. None are named where there is nothing to start from. */
  get unreachable(): readonly LooseElement[] {
    const starts = this.#elements.filter(({ type }) => type === "start");
    if (starts.length === 0) return [];
    const reached = closure(starts, (element) => this.#steps(element));
    // By id: of two with one id, either may be meant.
    const ids = new Set([...reached].map(({ id }) => id));
    return this.#elements.filter(({ id }) => !ids.has(id));
  }

  /** Elements from which a request never comes to an end. */
  get endless(): readonly LooseElement[] {
    const before = new Map<LooseElement, LooseElement[]>();
    for (const element of this.#elements) {
      for (const to of this.#steps(element)) {
        before.set(to, [...(before.get(to) ?? []), element]);
      }
    }
    const ends = this.#elements.filter(({ type }) => type === "end");
    const ending = closure(ends, (element) => before.get(element) ?? []);
    return this.#elements.filter((element) => !ending.has(element));
  }

  /** Every way back that a walk through the graph meets, as the ids along it: `["a", "b", "a"]`. */
  get cycles(): readonly (readonly string[])[] {
    const cycles: string[][] = [];
    const done = new Set<LooseElement>();
    const walk = (at: LooseElement, path: readonly LooseElement[]): void => {
      if (path.includes(at)) {
        cycles.push([...path.slice(path.indexOf(at)), at].map(({ id }) => id));
      } else if (!done.has(at)) {
        for (const to of this.#steps(at)) walk(to, [...path, at]);
        done.add(at);
      }
    };
    for (const element of this.#elements) walk(element, []);
    return cycles;
  }

  /** Outputs that lead to no element of the graph. */
  get unknownEdges(): readonly {
    readonly from: LooseElement;
    readonly output: string;
    readonly to: string;
  }[] {
    return this.#elements.flatMap((from) =>
      Object.entries(from.outputs).flatMap(([output, edge]) => {
        const to = targetOf(edge);
        return to === undefined || isToken(to) || this.#byId.has(to) ? [] : [{ from, output, to }];
      }),
    );
  }

  #steps({ outputs }: LooseElement): readonly LooseElement[] {
    return Object.values(outputs).flatMap((edge) => this.#byId.get(targetOf(edge) ?? "") ?? []);
  }
}

/** The id an output leads to; undefined where it has none. */
export function targetOf(edge: unknown): string | undefined {
  const { elementId } = (edge ?? {}) as { readonly elementId?: unknown };
  return typeof elementId === "string" ? elementId : undefined;
}

function closure(
  first: readonly LooseElement[],
  next: (element: LooseElement) => readonly LooseElement[],
): ReadonlySet<LooseElement> {
  const found = new Set(first);
  // A set goes on with what is added to it on the way.
  for (const element of found) {
    for (const more of next(element)) found.add(more);
  }
  return found;
}
