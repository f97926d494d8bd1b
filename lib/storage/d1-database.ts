import { D1Database as D1DatabaseResource } from "@cdktf/provider-cloudflare/lib/d1-database";
import { Construct, type IConstruct } from "constructs";
import { Cloudflare } from "../cloudflare.js";
import { defaultName } from "../default-name.js";
import { protectedByDefault } from "../deletion-protection.js";
import { reportProblems } from "../report-problems.js";
import { soundProps } from "../sound-props.js";
import { checkId } from "../text-checks.js";
import type { IWorkerBindable, WorkerBindingOf } from "../workers/worker-binding.js";
import type { Jurisdiction, LocationHint } from "./r2-bucket.js";
import {
  D1_NAME_MAX_LENGTH,
  d1Rules,
  type readReplicationModes,
  validateD1Props,
} from "./storage-validation.js";

export type D1ReadReplication = (typeof readReplicationModes)[number];

export interface D1DatabaseProps {
  /**
   * Name of the database. Cloudflare cannot rename one: another name deletes the database with its data and
   * creates an empty one.
   * @default from the construct's path: `chat/messages` becomes `chat-messages`
   */
  readonly databaseName?: string;

  /**
   * Where the primary is to run: a hint, heeded when the database is created. Changed later, it changes nothing.
   * @default near the one who deploys
   * @see https://developers.cloudflare.com/d1/configuration/data-location/
   */
  readonly primaryLocationHint?: LocationHint;

  /**
   * Where the data must stay by law. Another one deletes the database with its data and creates an empty one.
   * @default none
   * @see https://developers.cloudflare.com/d1/configuration/data-location/
   */
  readonly jurisdiction?: Jurisdiction;

  /**
   * Whether Cloudflare places read replicas.
   * @default "disabled"
   * @see https://developers.cloudflare.com/d1/best-practices/read-replication/
   */
  readonly readReplication?: D1ReadReplication;

  /**
   * Refuses every plan that would delete the database with its data, another name included.
   * @default true in a stage that is production, otherwise false
   */
  readonly preventDestroy?: boolean;
}

/** A database, whether this stack declares it or it exists already. */
export interface ID1Database extends IConstruct, IWorkerBindable<WorkerBindingOf<"d1">> {
  /** The id (a UUID) Cloudflare gave it. */
  readonly databaseId: string;
}

/**
 * A D1 database: SQLite, queried from Workers.
 *
 * Destroying it deletes its data, and so does another name.
 *
 * @throws {@link UsageError} where the stack has no {@link Cloudflare}
 * @see https://developers.cloudflare.com/d1/
 *
 * @example
 * ```ts
 * const messages = new D1Database(stack, "messages", { preventDestroy: true });
 * worker.addBinding("MESSAGES", messages);
 * ```
 */
export class D1Database extends Construct implements ID1Database {
  /** A database of the same account that is declared elsewhere. Nothing is created or changed. */
  static fromDatabaseId(scope: Construct, id: string, databaseId: string): ID1Database {
    return new ImportedD1Database(scope, id, databaseId);
  }

  /** The database's Terraform resource, for what the props do not cover. */
  readonly resource: D1DatabaseResource;

  readonly #jurisdiction: Jurisdiction | undefined;

  constructor(scope: Construct, id: string, props: D1DatabaseProps = {}) {
    super(scope, id);
    const sound = soundProps(this, d1Rules, props);
    const { primaryLocationHint, jurisdiction, preventDestroy = protectedByDefault(this) } = sound;
    this.#jurisdiction = jurisdiction;
    this.resource = new D1DatabaseResource(this, "Resource", {
      accountId: Cloudflare.of(this).accountId,
      name:
        sound.databaseName ??
        defaultName(this, { maxLength: D1_NAME_MAX_LENGTH, underscores: true }),
      ...(primaryLocationHint === undefined ? {} : { primaryLocationHint }),
      ...(jurisdiction === undefined ? {} : { jurisdiction }),
      // Left out, it would be an update in every plan of provider 5.14: the API always answers it.
      readReplication: { mode: sound.readReplication ?? "disabled" },
      // The provider cannot read it: an import, or another hint, would delete the database with its data.
      lifecycle: { preventDestroy, ignoreChanges: ["primary_location_hint"] },
    });
    reportProblems(this, validateD1Props(props));
  }

  get databaseId(): string {
    return this.resource.id;
  }

  /** Name of the database. */
  get databaseName(): string {
    return this.resource.name;
  }

  get workerBinding(): WorkerBindingOf<"d1"> {
    return { type: "d1", id: this.databaseId };
  }

  /**
   * Takes over a database that exists already, at the next deploy, instead of creating it. Needs Terraform
   * on PATH at synth, and may be removed after the deploy. It needs a declaration without `jurisdiction`, which
   * the provider cannot read.
   */
  importFrom(databaseId: string): void {
    if (this.#jurisdiction !== undefined) {
      reportProblems(this, [
        "importFrom: got a database with jurisdiction; the provider cannot read it back, and Terraform would delete the imported database with its data. Remove jurisdiction here: the database stays where it is.",
      ]);
    }
    this.resource.importFrom(`${Cloudflare.of(this).accountId}/${databaseId}`);
  }
}

class ImportedD1Database extends Construct implements ID1Database {
  readonly databaseId: string;

  constructor(scope: Construct, id: string, databaseId: string) {
    super(scope, id);
    this.databaseId = databaseId;
    reportProblems(this, checkId("databaseId", databaseId));
  }

  get workerBinding(): WorkerBindingOf<"d1"> {
    return { type: "d1", id: this.databaseId };
  }
}
