import { R2Bucket as R2BucketResource } from "@cdktf/provider-cloudflare/lib/r2-bucket";
import { Construct, type IConstruct } from "constructs";
import { Cloudflare } from "../cloudflare.js";
import { defaultName } from "../default-name.js";
import { protectedByDefault } from "../deletion-protection.js";
import { reportProblems } from "../report-problems.js";
import { soundProps } from "../sound-props.js";
import type { IWorkerBindable, WorkerBindingOf } from "../workers/worker-binding.js";
import {
  checkBucketName,
  DNS_NAME_MAX_LENGTH,
  type jurisdictions,
  type locationHints,
  r2Rules,
  type storageClasses,
  validateR2Props,
} from "./storage-validation.js";

/** Where data is kept by law. */
export type Jurisdiction = (typeof jurisdictions)[number];

/** A part of the world: west and east of North America and Europe, Asia-Pacific, Oceania. */
export type LocationHint = (typeof locationHints)[number];

export type R2StorageClass = (typeof storageClasses)[number];

export interface R2BucketProps {
  /**
   * Name of the bucket, 3 to 63 characters. Another name replaces the bucket; Cloudflare refuses to delete
   * one that holds objects.
   * @default from the construct's path: `chat/files` becomes `chat-files`
   */
  readonly bucketName?: string;

  /**
   * Where the objects must stay by law. Another one replaces the bucket.
   * @default none
   * @see https://developers.cloudflare.com/r2/reference/data-location/#jurisdictional-restrictions
   */
  readonly jurisdiction?: Jurisdiction;

  /**
   * Where most requests will come from: a hint, heeded only when a bucket of this name is created for the first time.
   * Changed later, it changes nothing.
   * @default near the one who deploys
   * @see https://developers.cloudflare.com/r2/reference/data-location/#location-hints
   */
  readonly location?: LocationHint;

  /**
   * Class of new objects that name none.
   * @default "Standard"
   * @see https://developers.cloudflare.com/r2/buckets/storage-classes/
   */
  readonly storageClass?: R2StorageClass;

  /**
   * Refuses every plan that would delete the bucket.
   * @default true in a stage that is production, otherwise false
   */
  readonly preventDestroy?: boolean;
}

/** A bucket, whether this stack declares it or it exists already. */
export interface IR2Bucket extends IConstruct, IWorkerBindable<WorkerBindingOf<"r2_bucket">> {
  readonly bucketName: string;
  readonly jurisdiction: Jurisdiction | undefined;
}

/**
 * An R2 bucket: objects, with an S3 API and no charge for egress.
 *
 * @throws {@link UsageError} where the stack has no {@link Cloudflare}
 * @see https://developers.cloudflare.com/r2/
 *
 * @example
 * ```ts
 * const files = new R2Bucket(stack, "files", { location: "weur" });
 * worker.addBinding("FILES", files);
 * ```
 */
export class R2Bucket extends Construct implements IR2Bucket {
  /** A bucket of the same account that is declared elsewhere. Nothing is created or changed. */
  static fromBucketName(
    scope: Construct,
    id: string,
    bucketName: string,
    jurisdiction?: Jurisdiction,
  ): IR2Bucket {
    return new ImportedR2Bucket(scope, id, bucketName, jurisdiction);
  }

  /** The bucket's Terraform resource, for what the props do not cover. */
  readonly resource: R2BucketResource;

  readonly jurisdiction: Jurisdiction | undefined;

  constructor(scope: Construct, id: string, props: R2BucketProps = {}) {
    super(scope, id);
    const sound = soundProps(this, r2Rules, props);
    const { location, jurisdiction, preventDestroy = protectedByDefault(this) } = sound;
    this.jurisdiction = jurisdiction;
    this.resource = new R2BucketResource(this, "Resource", {
      accountId: Cloudflare.of(this).accountId,
      name:
        sound.bucketName ??
        defaultName(this, { maxLength: DNS_NAME_MAX_LENGTH, underscores: false }),
      // Written out: what only the API fills in could not go back to its default.
      jurisdiction: jurisdiction ?? "default",
      storageClass: sound.storageClass ?? "Standard",
      ...(location === undefined ? {} : { location }),
      // The provider would replace the bucket for another hint, or where Cloudflare chose another place; the
      // new one would be where the old one was.
      lifecycle: { preventDestroy, ignoreChanges: ["location"] },
    });
    reportProblems(this, validateR2Props(props));
  }

  get bucketName(): string {
    return this.resource.name;
  }

  get workerBinding(): WorkerBindingOf<"r2_bucket"> {
    return bindingOf(this);
  }

  /**
   * Takes over the bucket that exists already under this name, at the next deploy, instead of creating it.
   * Needs Terraform on PATH at synth, and may be removed after the deploy.
   */
  importFrom(bucketName: string): void {
    const { accountId } = Cloudflare.of(this);
    this.resource.importFrom(`${accountId}/${bucketName}/${this.jurisdiction ?? "default"}`);
  }
}

class ImportedR2Bucket extends Construct implements IR2Bucket {
  readonly bucketName: string;
  readonly jurisdiction: Jurisdiction | undefined;

  constructor(
    scope: Construct,
    id: string,
    bucketName: string,
    jurisdiction: Jurisdiction | undefined,
  ) {
    super(scope, id);
    this.bucketName = bucketName;
    this.jurisdiction = jurisdiction;
    const problem = checkBucketName("bucketName", bucketName);
    reportProblems(this, problem === undefined ? [] : [problem]);
  }

  get workerBinding(): WorkerBindingOf<"r2_bucket"> {
    return bindingOf(this);
  }
}

const bindingOf = ({ bucketName, jurisdiction }: IR2Bucket): WorkerBindingOf<"r2_bucket"> => ({
  type: "r2_bucket",
  bucketName,
  ...(jurisdiction === undefined ? {} : { jurisdiction }),
});
