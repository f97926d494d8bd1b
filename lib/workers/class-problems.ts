import { nearestWord } from "../nearest-word.js";
import type { ClassHistory } from "./class-history.js";

/** What a class is used for, in the user's words. */
export interface ClassUse {
  /** The name in `env`. */
  readonly name: string;
  readonly className: string;
  readonly kind: "Durable Object" | "workflow";
}

/** All that is known of a Worker's classes at synth. */
export interface ClassSituation {
  readonly history: ClassHistory;
  readonly uses: readonly ClassUse[];
  /** Names the bundle exports; undefined where they cannot be read. */
  readonly exported: readonly string[] | undefined;
}

/**
 * What is wrong with a Worker's classes, one message for each cause. The whole is judged at once: a class that
 * vanished and one that is new are, together, most often a rename, and telling somebody to begin the new one
 * would put an empty class beside the data.
 */
export function classProblems({ history, uses, exported }: ClassSituation): readonly string[] {
  const problems: string[] = [];
  const namesOf = (className: string): string => namesIn(uses, className).join(", ");
  const used = (kind: ClassUse["kind"]): string[] => [
    ...new Set(uses.flatMap((use) => (use.kind === kind ? [use.className] : []))),
  ];
  const workflows = used("workflow");
  const bound = used("Durable Object");
  const isNew = (name: string): boolean =>
    history.tagOf(name) === undefined && history.goneAt(name) === undefined;
  const isExported = (name: string): boolean => exported?.includes(name) ?? true;
  const classes = exported?.filter((name) => name !== "default") ?? [];
  const found = exported?.join(", ");
  const noClass = (kind: ClassUse["kind"], name: string): string =>
    `the ${kind} class ${quote(name)} is not exported; exported are ${found}.`;

  for (const name of workflows.filter((one) => !isExported(one))) {
    const meant = nearestWord(name, classes);
    problems.push(
      `${namesOf(name)}: ${noClass("workflow", name)} ${meant === undefined ? `Write export class ${name} in the Worker's entry file, or correct the name.` : `Did you mean ${quote(meant)}?`}`,
    );
  }
  for (const name of bound) {
    const gone = history.goneAt(name);
    if (gone !== undefined && history.tagOf(name) === undefined) {
      problems.push(
        `${namesOf(name)}: the class ${quote(name)} ends with the step ${gone} of migrations. Remove what uses it, or use the class it was renamed to.`,
      );
    }
  }

  // A slip of the pen in a binding; what was meant is judged by itself.
  const mistyped = new Set<string>();
  for (const name of bound.filter((one) => isNew(one) && !isExported(one))) {
    const meant = nearestWord(name, classes);
    if (meant !== undefined) {
      mistyped.add(name);
      problems.push(
        `${namesOf(name)}: ${noClass("Durable Object", name)} Did you mean ${quote(meant)}?`,
      );
    }
  }

  const fresh = new Set(bound.filter((name) => isNew(name) && !mistyped.has(name)));
  const others = classes.filter(
    (name) => isNew(name) && !workflows.includes(name) && !bound.includes(name),
  );
  const vanished: string[] = [];
  for (const name of history.classes.filter((one) => !isExported(one))) {
    const meant = nearestWord(name, [...[...fresh].filter(isExported), ...others]);
    if (meant === undefined || exported === undefined) {
      vanished.push(name);
      continue;
    }
    fresh.delete(meant);
    others.splice(0, others.length, ...others.filter((other) => other !== meant));
    problems.push(
      `${[...namesIn(uses, name), "migrations"].join(", ")}: ${noClass("Durable Object", name)} Did you mean ${quote(meant)}? If the class was deployed as ${name} and is called ${meant} now, leave the steps as they are and add ${renameStep(name, meant)} at the end: its objects and data stay.`,
    );
  }

  const news = [...fresh];
  // Without the exports, a class that nothing binds any more is what may have another name now.
  const lost =
    exported === undefined ? history.classes.filter((name) => !bound.includes(name)) : vanished;
  if (lost.length > 0 && news.length > 0) {
    problems.push(renamedOrNew(lost, news, exported, namesOf));
    return problems;
  }
  for (const name of news) {
    problems.push(`${namesOf(name)}: ${newAlone(name, isExported(name) ? undefined : found)}`);
  }
  for (const name of vanished) {
    problems.push(vanishedAlone(name, namesOf(name), others, noClass("Durable Object", name)));
  }
  return problems;
}

const newAlone = (name: string, found: string | undefined): string =>
  found === undefined
    ? `the class ${quote(name)} has no history. Write migrations: [${beginStep([name])}], as a step at the end where there are some.`
    : `the class ${quote(name)} has no history and is not exported; exported are ${found}. Write export class ${name} in the Worker's entry file, or correct the name; a class that is new also begins with a step of migrations: ${beginStep([name])}.`;

function renamedOrNew(
  lost: readonly string[],
  news: readonly string[],
  exported: readonly string[] | undefined,
  namesOf: (className: string) => string,
): string {
  const [from = "", ...moreLost] = lost;
  const [to = "", ...moreNews] = news;
  const single = moreLost.length + moreNews.length === 0;
  const whatHappened =
    exported === undefined
      ? `${list(lost)} of migrations ${are(lost)} not bound any more`
      : `${list(lost)} of migrations ${are(lost)} not exported any more`;
  const hidden = news.filter((name) => exported !== undefined && !exported.includes(name));
  return [
    `${news.map(namesOf).join(", ")}: ${list(news)} ${news.length === 1 ? "has" : "have"} no history, and ${whatHappened}.`,
    ...(single && nearestWord(to, [from]) !== undefined ? [`Did you mean ${quote(from)}?`] : []),
    single
      ? `If ${to} is ${from} under another name, add the step ${renameStep(from, to)} at the end of migrations: its objects and data stay.`
      : `For each that is an old class under another name, add a step such as ${renameStep(from, to)} at the end of migrations: its objects and data stay.`,
    single
      ? `Only if ${to} is really new, add ${beginStep(news)} instead, and ${exported === undefined ? `keep ${from}` : `export ${from} again`}, or end it with ${endStep(lost)}, which deletes all its data.`
      : `Only if one is really new, add a step that begins it, such as ${beginStep([to])}, instead. ${exported === undefined ? "Go on exporting" : "Export again"} each old class that stays; ${endStep([from])} would end one and delete all its data.`,
    ...(hidden.length === 0
      ? []
      : [`The bundle does not export ${list(hidden)} either: correct the name, or export it.`]),
  ].join(" ");
}

function vanishedAlone(
  name: string,
  boundAs: string,
  others: readonly string[],
  noClass: string,
): string {
  const [other] = others;
  const renamed =
    other === undefined
      ? ""
      : ` If it is called ${others.join(" or ")} now, add the step ${renameStep(name, other)} at the end of migrations${boundAs === "" ? "" : ` and bind ${boundAs} to the new name`}: its objects and data stay.`;
  const ended =
    boundAs === ""
      ? ` If it is to go, add the step ${endStep([name])} at the end of migrations, which deletes all its objects and data.`
      : ` If it is to go, remove ${boundAs} and add the step ${endStep([name])}, which deletes all its objects and data.`;
  return `${boundAs || "migrations"}: ${noClass}${renamed} ${other === undefined ? "Write" : "Otherwise write"} export class ${name} in the Worker's entry file, or correct the name.${ended}`;
}

const namesIn = (uses: readonly ClassUse[], className: string): readonly string[] =>
  uses.flatMap((use) => (use.className === className ? [use.name] : []));

const quote = (name: string): string => JSON.stringify(name);
const are = (names: readonly string[]): string => (names.length === 1 ? "is" : "are");
const list = (names: readonly string[]): string =>
  `the ${names.length === 1 ? "class" : "classes"} ${names.map(quote).join(", ")}`;
const renameStep = (from: string, to: string): string =>
  `{ renamedClasses: [{ from: ${quote(from)}, to: ${quote(to)} }] }`;
const beginStep = (names: readonly string[]): string =>
  `{ newSqliteClasses: [${names.map(quote).join(", ")}] }`;
const endStep = (names: readonly string[]): string =>
  `{ deletedClasses: [${names.map(quote).join(", ")}] }`;
