import { TerraformElement, TerraformStack, Token } from "cdktf";
import type { Construct } from "constructs";
import { Cloudflare } from "../cloudflare.js";
import { RestDataSource } from "../rest-api/rest-data-source.js";
import { escapeInQuotes } from "../terraform-text.js";

const EACH = `\${each.key}`;

/** Objects on a page: the most that all of the API's lists allow. */
const PER_PAGE = 50;

/** A time since 1970 beyond it is one in milliseconds. */
const MILLISECONDS = 100_000_000_000;

/** The time the object `o` of a list was created at, as RFC 3339; null where none is to be read. */
const CREATED_AT = `try(can(tonumber(o.at)) ? timeadd("1970-01-01T00:00:00Z", "\${floor(o.at > ${MILLISECONDS} ? o.at / 1000 : o.at)}s") : tostring(o.at), null)`;

/**
 * Time between the claim of a name and the creation of its object within which the object is taken for ours.
 * Not before the claim, but for its whole seconds: what somebody else made between our plan and our apply is older.
 * Where a clock is wrong, the object is refused, which is the safe side.
 */
const CLAIMED_BEFORE = "15m";
const CLAIMED_AFTER = "1s";

/** How long an object may be ours: what leaves the state later, by whatever way, is no lost creation. */
const RECENT = "24h";

/** A list of the API, and where in it an object's name is. */
export interface Listing {
  /** Name of the list among those of a stack; part of the data sources' names. */
  readonly listId: string;

  /** Path of the list, written out. */
  readonly path: string;

  /** Path that the objects' own begin with, written out. @default the list's */
  readonly collection?: string;

  /** What the list belongs to: it is read only where that exists. @default the account */
  readonly owner?: { readonly listing: Listing; readonly name: string };

  /** Where in the answer the objects are (gjson). @default "result" */
  readonly items?: string;

  /** Keys of the name an object was created by; several are joined by slashes. */
  readonly name: readonly string[];

  /** Key of the id that its path ends with. */
  readonly id: string;

  /** Key of the time it was created at: RFC 3339, or seconds or milliseconds since 1970. */
  readonly createdAt: string;

  /** Whether it is no list but the one object itself, or nothing (404). @default false */
  readonly single?: boolean;
}

const listsOfStack = new WeakMap<TerraformStack, Map<string, ExistingObjects>>();

/**
 * What a list of the API has when Terraform plans: one read for each {@link PER_PAGE} objects that the stack
 * declares, however many of them ask.
 */
export class ExistingObjects extends TerraformElement {
  /** The stack's one reader of a list, with room for one more object. */
  static expectOne(scope: Construct, listing: Listing): ExistingObjects {
    const stack = TerraformStack.of(scope);
    const lists = listsOfStack.get(stack) ?? new Map<string, ExistingObjects>();
    listsOfStack.set(stack, lists);
    const known = lists.get(listing.listId) ?? new ExistingObjects(Cloudflare.of(scope), listing);
    lists.set(listing.listId, known);
    known.#expectOne();
    return known;
  }

  readonly #listing: Listing;
  readonly #owner: string | undefined;
  readonly #ownersComplete: string | undefined;
  readonly #pages: RestDataSource[] = [];
  /** Ids to import by, and the place of each among them. */
  readonly #importIds = new Map<string, number>();
  #expected = 0;

  private constructor(scope: Construct, listing: Listing) {
    super(scope, `existing-${listing.listId}`, "local");
    this.#listing = listing;
    const { owner } = listing;
    if (owner !== undefined) {
      const owners = ExistingObjects.expectOne(scope, owner.listing);
      this.#owner = owners.named(owner.name);
      this.#ownersComplete = owners.complete;
    }
  }

  #expectOne(): void {
    this.#expected += 1;
    if (this.#expected <= this.#pages.length * PER_PAGE) {
      return;
    }
    const { path, name, id, createdAt, single = false } = this.#listing;
    const { items = single ? "[result]" : "result" } = this.#listing;
    const number = this.#pages.length + 1;
    this.#pages.push(
      new RestDataSource(this, `page-${number}`, {
        path,
        ...(single ? {} : { query: { page: [String(number)], per_page: [String(PER_PAGE)] } }),
        // Nothing else of the objects: a state is no place for what others have set.
        selector: `${items}.#.{"name":[${name.join(",")}],"id":${id},"at":${createdAt}}`,
        allowNotExist: true,
        ...(this.#owner === undefined
          ? {}
          : { count: Token.asNumber(`\${length(${this.#owner}) > 0 ? 1 : 0}`) }),
      }),
    );
  }

  /** An expression: whether the list was read to its end, so that what is not in it does not exist. */
  get complete(): string {
    return `local.${this.friendlyUniqueId}.complete`;
  }

  /** An expression: what tells each object of a name from every other one. */
  named(name: string): string {
    return `try(local.${this.friendlyUniqueId}.named["${escapeInQuotes(name)}"], [])`;
  }

  /**
   * An expression: the one object of a name, where it was created lately and there is no second one, with its `id`, what it is
   * told from others by (`key`), and the times its creation may have been claimed at (`from`, `to`).
   */
  recent(name: string): string {
    return `try(local.${this.friendlyUniqueId}.recent["${escapeInQuotes(name)}"], [])`;
  }

  /**
   * An expression: the id Terraform imports the object `each.key` by. Objects of a kind share its text: Terraform parses every
   * text of a configuration several times in each plan, and these are long.
   */
  importId(render: (id: string) => string): string {
    const importId = render(EACH);
    const index = this.#importIds.get(importId) ?? this.#importIds.size;
    this.#importIds.set(importId, index);
    return `\${join(each.key, local.${this.friendlyUniqueId}.import_ids[${index}])}`;
  }

  override toTerraform(): object {
    const outputs = this.#pages.map(({ friendlyUniqueId }) => {
      const index = this.#owner === undefined ? "" : "[0]";
      // Neither there nor an output where the list's owner is not there.
      return `try([for o in data.restful_resource.${friendlyUniqueId}${index}.output : o], [])`;
    });
    const all = `concat(${outputs.join(", ")})`;
    const ended = `length(${all}) < ${this.#pages.length * PER_PAGE}`;
    return {
      locals: {
        [this.#found]:
          `\${[for o in ${all} : { name = join("/", o.name), id = o.id, at = ${CREATED_AT} } if can(o.id) && can(o.at) && can(join("/", o.name))]}`,
        [this.friendlyUniqueId]: {
          complete: `\${${[ended, ...(this.#ownersComplete === undefined ? [] : [this.#ownersComplete])].join(" && ")}}`,
          // Each as the texts around the object's own id: `each` is known only where something is imported.
          ...(this.#importIds.size === 0
            ? {}
            : { import_ids: [...this.#importIds.keys()].map((importId) => importId.split(EACH)) }),
          named: `\${{ for o in local.${this.#found} : o.name => ${this.#key("o")}... }}`,
          recent: this.#renderRecent(),
        },
      },
    };
  }

  get #found(): string {
    return `${this.friendlyUniqueId}_found`;
  }

  /** An object's time does not tell it from others where an id is never given again: some APIs tell the last change's alone. */
  #key(object: string): string {
    const { name, id } = this.#listing;
    return name.includes(id)
      ? `jsonencode({ id = ${object}.id, at = ${object}.at })`
      : `${object}.id`;
  }

  #renderRecent(): string {
    const named = `{ for o in local.${this.#found} : o.name => o... }`;
    const times = `from = timeadd(o.at, "-${CLAIMED_BEFORE}"), to = timeadd(o.at, "${CLAIMED_AFTER}")`;
    const lately = `try(timecmp(plantimestamp(), timeadd(os[0].at, "${RECENT}")) <= 0, false)`;
    return `\${{ for name, os in ${named} : name => [for o in os : { id = o.id, key = ${this.#key("o")}, ${times} }] if length(os) == 1 && ${lately} }}`;
  }
}
