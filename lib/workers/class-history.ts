import { didYouMean } from "../nearest-word.js";
import { shorten, show, wrongValue } from "../prop-rules.js";
import { isToken } from "../terraform-text.js";
import { checkClassName } from "./class-name.js";

/**
 * One step in the history of a Worker's Durable Object classes, in the words of Wrangler's configuration. A
 * step that was deployed is never changed: what comes later is another step.
 *
 * @see https://developers.cloudflare.com/durable-objects/reference/durable-objects-migrations/
 */
export interface ClassMigration {
  /**
   * Name of the step, kept by Cloudflare to know how far it came.
   * @default "v1", "v2" and so on, by position
   */
  readonly tag?: string;

  /** Classes that begin here; their objects have SQLite storage. */
  readonly newSqliteClasses?: readonly string[];

  /** Classes that have another name from here on; their objects and data stay. */
  readonly renamedClasses?: readonly { readonly from: string; readonly to: string }[];

  /** Classes that end here. **All their objects and data are deleted.** */
  readonly deletedClasses?: readonly string[];

  /** Classes taken over from another Worker, with objects and data. */
  readonly transferredClasses?: readonly {
    readonly from: string;
    /** Name of the other Worker; its `scriptName`, where it is in the stack, has it deployed first. */
    readonly fromScript: string;
    readonly to: string;
  }[];
}

const words = [
  "newSqliteClasses",
  "renamedClasses",
  "deletedClasses",
  "transferredClasses",
] as const;

/** A Worker's classes, as its migrations leave them. */
export class ClassHistory {
  readonly #steps: { readonly tag: string; readonly migration: ClassMigration }[] = [];
  /** Class → tag of the step that gave it its name. */
  readonly #classes = new Map<string, string>();
  /** Class → tag of the step that took it away, for a better message. */
  readonly #gone = new Map<string, string>();
  readonly #problems: string[] = [];

  /** What is wrong with the steps. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  get tags(): readonly string[] {
    return this.#steps.map(({ tag }) => tag);
  }

  /** Names of the classes there are after the last step. */
  get classes(): readonly string[] {
    return [...this.#classes.keys()];
  }

  /** Tag of the step that gave a class its name; undefined where there is no such class. */
  tagOf(className: string): string | undefined {
    return this.#classes.get(className);
  }

  /** Tag of the step that deleted or renamed a class. */
  goneAt(className: string): string | undefined {
    return this.#gone.get(className);
  }

  add(migration: ClassMigration): void {
    const at = `migrations[${this.#steps.length}]`;
    const tag = migration?.tag ?? `v${this.#steps.length + 1}`;
    const problem = formProblem(at, migration);
    if (problem !== undefined) {
      this.#problems.push(problem);
      return;
    }
    this.#checkTag(at, tag);
    this.#checkWords(at, migration);
    this.#steps.push({ tag, migration });
    for (const { from, to } of migration.renamedClasses ?? []) {
      this.#end(`${at}.renamedClasses`, from, tag);
      this.#begin(`${at}.renamedClasses`, to, tag);
    }
    for (const { to } of migration.transferredClasses ?? []) {
      this.#begin(`${at}.transferredClasses`, to, tag);
    }
    for (const className of migration.deletedClasses ?? []) {
      this.#end(`${at}.deletedClasses`, className, tag);
    }
    for (const className of migration.newSqliteClasses ?? []) {
      this.#begin(`${at}.newSqliteClasses`, className, tag);
    }
  }

  /** The steps as the provider spells them. */
  render(): Readonly<Record<string, unknown>>[] {
    return this.#steps.map(({ migration }) => ({
      new_sqlite_classes: orUndefined(migration.newSqliteClasses),
      renamed_classes: orUndefined(migration.renamedClasses),
      deleted_classes: orUndefined(migration.deletedClasses),
      transferred_classes: orUndefined(
        migration.transferredClasses?.map(({ from, fromScript, to }) => ({
          from,
          from_script: fromScript,
          to,
        })),
      ),
    }));
  }

  /** The steps in words, for a plan. */
  describe(): readonly string[] {
    return this.#steps.map(({ tag, migration }) => {
      const { newSqliteClasses = [], renamedClasses = [], deletedClasses = [] } = migration;
      const parts = [
        ...newSqliteClasses.map((name) => `begins ${name}`),
        ...renamedClasses.map(({ from, to }) => `renames ${from} to ${to}`),
        ...(migration.transferredClasses ?? []).map(
          ({ from, fromScript, to }) => `takes over ${from} of ${fromScript} as ${to}`,
        ),
        ...deletedClasses.map((name) => `DELETES ${name} with all its data`),
      ];
      return `${tag} ${parts.join(", ")}`;
    });
  }

  #begin(at: string, className: string, tag: string): void {
    const first = this.#classes.get(className);
    if (first !== undefined) {
      this.#problems.push(
        `${at}: got ${show(className)}, which is a class since ${first}. A class begins once; remove it here, or choose another name.`,
      );
      return;
    }
    this.#classes.set(className, tag);
  }

  #end(at: string, className: string, tag: string): void {
    if (this.#classes.delete(className)) {
      this.#gone.set(className, tag);
      return;
    }
    const { classes } = this;
    this.#problems.push(
      `${at}: got ${show(className)}, which is no class at this step; ${classes.length === 0 ? "there are none" : `there are ${classes.join(", ")}`}. Correct the name; steps that were deployed stay in front as they were.`,
    );
  }

  #checkTag(at: string, tag: unknown): void {
    if (typeof tag !== "string" || tag === "") {
      this.#problems.push(`${at}.tag: got ${show(tag)}; allowed is a text, such as "v1".`);
      return;
    }
    if (this.tags.includes(tag)) {
      this.#problems.push(
        `${at}.tag: ${show(tag)} is the tag of an earlier step; each step has a tag of its own.`,
      );
    }
    const later = this.tags.find((earlier) => numberOf(earlier) > numberOf(tag));
    if (later !== undefined) {
      this.#problems.push(
        `${at}.tag: got ${show(tag)} after ${show(later)}; steps stay in the order they were deployed in, and new ones go to the end.`,
      );
    }
  }

  #checkWords(at: string, migration: ClassMigration): void {
    const unknown = Object.keys(migration).find((key) => ![...words, "tag"].includes(key));
    if (unknown === "newClasses") {
      this.#problems.push(
        `${at}.newClasses: classes have SQLite storage here. Write newSqliteClasses; a step the account has already is not sent again.`,
      );
    } else if (unknown !== undefined) {
      this.#problems.push(
        `${at}.${shorten(unknown)}: there is no such word; the words are tag, ${words.join(", ")}.${didYouMean(unknown, ["tag", ...words])}`,
      );
    } else if (words.every((word) => (migration[word] ?? []).length === 0)) {
      this.#problems.push(`${at}: the step says nothing; it needs one of ${words.join(", ")}.`);
    }
  }
}

/** What is wrong with the form of a step, which plain JavaScript lets through; the first of it. */
function formProblem(at: string, migration: ClassMigration): string | undefined {
  if (typeof migration !== "object" || migration === null) {
    return wrongValue(at, migration, 'a step such as { newSqliteClasses: ["Room"] }');
  }
  return words
    .filter((word) => migration[word] !== undefined)
    .map((word) => {
      const classes: unknown = migration[word];
      return Array.isArray(classes)
        ? classes.map((entry) => entryProblem(`${at}.${word}`, word, entry)).find(Boolean)
        : wrongValue(`${at}.${word}`, classes, `an array, such as [${examples[word]}]`);
    })
    .find(Boolean);
}

function entryProblem(at: string, word: (typeof words)[number], entry: unknown) {
  if (word === "newSqliteClasses" || word === "deletedClasses") {
    return checkClassName(at, entry);
  }
  if (typeof entry !== "object" || entry === null) {
    return wrongValue(at, entry, `an object, such as ${examples[word]}`);
  }
  const { from, to, fromScript } = entry as Record<string, unknown>;
  const hasScript = isToken(fromScript) || (typeof fromScript === "string" && fromScript !== "");
  return (
    checkClassName(`${at}.from`, from) ??
    checkClassName(`${at}.to`, to) ??
    (word === "renamedClasses" || hasScript
      ? undefined
      : wrongValue(`${at}.fromScript`, fromScript, "the name of the other Worker"))
  );
}

const examples = {
  newSqliteClasses: '"Room"',
  deletedClasses: '"Room"',
  renamedClasses: '{ from: "Room", to: "Hall" }',
  transferredClasses: '{ from: "Room", fromScript: "old-worker", to: "Room" }',
} as const;

/** The number of a tag such as "v2"; NaN, which is neither before nor after, for other tags. */
const numberOf = (tag: string): number => Number(/^v(\d+)$/.exec(tag)?.[1] ?? Number.NaN);

const orUndefined = <Item>(items: readonly Item[] | undefined): readonly Item[] | undefined =>
  items === undefined || items.length === 0 ? undefined : items;
