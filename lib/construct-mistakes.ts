import type { IConstruct } from "constructs";
import { duplicateId, emptyId, noStack, type UsageError } from "./errors.js";

/**
 * A mistake that cdktf and its `constructs` find before this library can, in the words of this library; undefined for
 * any other error. Told by their messages: they have no classes or codes.
 *
 * @param app Where the declared constructs are looked for
 */
export function constructMistake({ message }: Error, app: IConstruct): UsageError | undefined {
  const duplicate = /^There is already a Construct with name '(.+)' in (\w+)(?: \[(.+)\])?$/.exec(
    message,
  );
  if (duplicate !== null) {
    const [, id = "", className, scopeId = ""] = duplicate;
    return duplicateId(id, scopesOf(app, { id, className, scopeId }));
  }
  if (message === "Only root constructs may have an empty ID") return emptyId();
  const path = /^No stack could be identified for the construct at path '(.*)'/.exec(message)?.[1];
  return path === undefined ? undefined : noStack(path);
}

interface Duplicate {
  readonly id: string;
  readonly className: string | undefined;
  readonly scopeId: string;
}

/** Scopes that have a construct of the id: the message has not their paths, but their class and own id. */
const scopesOf = (app: IConstruct, { id, className, scopeId }: Duplicate): readonly IConstruct[] =>
  app.node
    .findAll()
    .filter(
      (scope) =>
        scope.node.id === scopeId &&
        scope.constructor.name === className &&
        scope.node.tryFindChild(id) !== undefined,
    );

/**
 * Whether an error is one of cdktf's own sentences for its users, such as that of an id with a blank in it: all of them
 * are made in one file, which has the name of its source where source maps are used.
 */
export const isSentenceOfCdktf = ({ stack = "" }: Error): boolean =>
  /[\\/]cdktf[\\/]lib[\\/]errors\.[jt]s:\d/.test(/^\s+at .*$/m.exec(stack)?.[0] ?? "");
