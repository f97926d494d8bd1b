import { type Postcondition, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { RestDataSource, type RestDataSourceConfig } from "../rest-api/rest-data-source.js";
import type { RestResource } from "../rest-api/rest-resource.js";
import { escapeInQuotes, escapeTemplate } from "../terraform-text.js";

/** Objects on a page: the most that lists of the API allow. */
const PER_PAGE = 50;

/** Stack → list → the read of it. */
const readsOfStack = new WeakMap<TerraformStack, Map<string, RestDataSource>>();

/** A list of the API that takes several objects of one name. */
export interface NamesakeListing {
  /** Id of the read, a child of the construct that asks for it first. */
  readonly id: string;
  readonly path: string;
  /** Tells the list from others of the stack: a path may have a token in it, which is another text each time. */
  readonly key: string;
  /** Values after the `?`, beside those of the page. */
  readonly query?: RestDataSourceConfig["query"];
  /** Key of the time an object was created at, which is `o.at` then. @default not read */
  readonly createdAt?: string;
}

export interface Namesakes {
  readonly listing: NamesakeListing;
  readonly name: string;
  readonly resource: RestResource;
  /** Terraform's condition on another object of the name, `o`, where `ownId` is the id of the stack's own. @default all count */
  readonly counts?: (ownId: string) => string;
  /** What is wrong with there being others, and what to do. @param ids Terraform's text of their ids */
  readonly problem: (ids: string) => string;
}

/**
 * Fails a plan or a deploy after which a list has other objects of a resource's name: when only the answer to a creation
 * is lost, it is sent again at once, and there are lists that take it twice. Terraform knows the second.
 *
 * The list is read once, after all that the stack declares of it. Nothing is deleted, for what somebody else made in
 * these seconds looks the same.
 *
 * @returns what takes the check back
 */
export function refuseNamesakes(
  owner: Construct,
  { listing, name, resource, counts, problem }: Namesakes,
): () => void {
  const read = readOf(owner, listing);
  const address = `${resource.terraformResourceType}.${resource.friendlyUniqueId}`;
  const ownId = `basename(${address}.id)`;
  const conditions = [
    `o.name == "${escapeInQuotes(name)}"`,
    `o.id != ${ownId}`,
    ...(counts === undefined ? [] : [counts(ownId)]),
  ];
  // A list in another form than the documented one says nothing.
  const ids = `try([for o in self.output : o.id if ${conditions.join(" && ")}], [])`;
  const check: Postcondition = {
    condition: `\${length(${ids}) == 0}`,
    errorMessage: `[${escapeTemplate(owner.node.path)}] name: ${problem(`\${join(", ", ${ids})}`)} Was it just taken out of this stack, deploy again.`,
  };
  const setChecks = (of: (others: readonly Postcondition[]) => readonly Postcondition[]): void => {
    read.lifecycle = { postcondition: [...of(read.lifecycle?.postcondition ?? [])] };
  };
  read.dependsOn = [...(read.dependsOn ?? []), address];
  setChecks((others) => [...others, check]);
  return () => setChecks((others) => others.filter((other) => other !== check));
}

function readOf(owner: Construct, { id, path, key, query, createdAt }: NamesakeListing) {
  const stack = TerraformStack.of(owner);
  const reads = readsOfStack.get(stack) ?? new Map<string, RestDataSource>();
  readsOfStack.set(stack, reads);
  const keyOfRead = `${id} ${key}`;
  const read =
    reads.get(keyOfRead) ??
    new RestDataSource(owner, id, {
      path,
      query: { page: ["1"], per_page: [String(PER_PAGE)], ...query },
      selector: `result.#.{"id":id,"name":name${createdAt === undefined ? "" : `,"at":${createdAt}`}}`,
      allowNotExist: true,
    });
  reads.set(keyOfRead, read);
  return read;
}
