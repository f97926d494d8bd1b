import { S3Backend, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { isLoopbackUrl } from "../protocol/urls.js";
import {
  backendOfEmulator,
  backendWithoutAccount,
  credentialsInBackend,
  invalidBackendProp,
  invalidProps,
  secondBackend,
  sharedBackendKey,
  tokenInBackend,
  unknownBackendProp,
} from "./errors.js";
import { isRecord } from "./prop-rules.js";
import type { Jurisdiction } from "./storage/r2-bucket.js";
import { checkBucketName, jurisdictions } from "./storage/storage-validation.js";
import { isToken } from "./terraform-text.js";

export interface R2BackendProps {
  /** Name of the bucket, which must exist: Terraform does not create it. */
  readonly bucket: string;

  /**
   * Where in the bucket the state is; the lock is beside it, `{key}.tflock`. Other workspaces than the default one
   * are below `env:/{workspace}/`.
   * @default the stack's id with ".tfstate"
   */
  readonly key?: string;

  /**
   * The account of the bucket.
   * @default the environment's CLOUDFLARE_ACCOUNT_ID
   */
  readonly accountId?: string;

  /**
   * The bucket's jurisdiction; it has an endpoint of its own.
   * @default none
   * @see https://developers.cloudflare.com/r2/reference/data-location/#using-jurisdictions-with-the-s3-api
   */
  readonly jurisdiction?: Jurisdiction;

  /**
   * URL of the S3 API.
   * @default "https://{accountId}.r2.cloudflarestorage.com", with the jurisdiction before "r2"
   */
  readonly endpoint?: string;
}

const knownProps = ["bucket", "key", "accountId", "jurisdiction", "endpoint"];
/** However somebody spells them, the values are never printed. */
const credentialProp = /key|secret|token|profile|credential|password/i;

/**
 * Keeps a stack's Terraform state in a Cloudflare R2 bucket, locked while somebody uses it. Needs Terraform
 * 1.11 or newer.
 *
 * The credentials are read from the environment, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and are in no file.
 * They are the S3 credentials of an R2 API token with read and write access to the bucket's objects.
 *
 * @throws {@link UsageError} without an account id, for wrong values, for credentials, for a second backend of the
 * stack, and where two stacks share a key
 * @see https://developers.cloudflare.com/r2/api/tokens/
 *
 * @example
 * ```ts
 * new R2Backend(stack, { accountId: "…", bucket: "terraform-state" });
 * ```
 */
export class R2Backend extends S3Backend {
  /** Where the state is: unique among the stacks of an app. */
  readonly #location: string;

  constructor(scope: Construct, props: R2BackendProps) {
    const stack = TerraformStack.of(scope);
    const { path } = stack.node;
    checkProps(path, props);
    if (stack.node.tryFindChild("backend") !== undefined) {
      throw secondBackend(path);
    }
    const { bucket, key = `${stack.node.id}.tfstate` } = props;
    const endpoint = endpointOf(path, props);
    const location = [endpoint, bucket, key].join(" ");
    const first = stack.node.root.node
      .findAll()
      .find(
        (other): other is R2Backend => other instanceof R2Backend && other.#location === location,
      );
    if (first !== undefined) {
      throw sharedBackendKey(path, TerraformStack.of(first).node.path, key);
    }
    super(stack, {
      bucket,
      key,
      endpoints: { s3: endpoint },
      region: "auto",
      // Bucket names are no host names here.
      usePathStyle: true,
      // What R2 does not have: STS, regions, IAM, EC2's metadata.
      skipCredentialsValidation: true,
      skipRegionValidation: true,
      skipRequestingAccountId: true,
      skipMetadataApiCheck: true,
      // R2 does not take the checksums Terraform sends after the body.
      skipS3Checksum: true,
    });
    this.#location = location;
  }

  // cdktf has no word for it yet.
  protected override synthesizeAttributes(): Record<string, unknown> {
    return { ...super.synthesizeAttributes(), use_lockfile: true };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return { ...super.synthesizeHclAttributes(), use_lockfile: true };
  }
}

function checkProps(path: string, props: R2BackendProps): void {
  if (!isRecord(props)) {
    throw invalidProps(path, props, knownProps);
  }
  for (const [prop, value] of Object.entries(props)) {
    if (!knownProps.includes(prop)) {
      throw credentialProp.test(prop)
        ? credentialsInBackend(path, prop)
        : unknownBackendProp(path, prop, knownProps);
    }
    if (isToken(value)) {
      throw tokenInBackend(path, prop);
    }
  }
  const { bucket, key, jurisdiction, endpoint, accountId } = props;
  if (bucket === undefined || checkBucketName("bucket", bucket) !== undefined) {
    throw invalidBackendProp(
      path,
      "bucket",
      bucket,
      "the name of an existing bucket, 3 to 63 lower-case letters, digits and hyphens",
    );
  }
  if (key !== undefined && (typeof key !== "string" || !/^[^/]+(?:\/[^/]+)*$/.test(key))) {
    throw invalidBackendProp(
      path,
      "key",
      key,
      'a path without "/" first or last, such as "chat/production.tfstate"',
    );
  }
  if (jurisdiction !== undefined && !jurisdictions.includes(jurisdiction)) {
    throw invalidBackendProp(path, "jurisdiction", jurisdiction, '"eu" or "fedramp"');
  }
  if (accountId !== undefined && (typeof accountId !== "string" || !/^[\w-]+$/.test(accountId))) {
    throw invalidBackendProp(path, "accountId", accountId, 'letters, digits, "-" and "_"');
  }
  if (
    endpoint !== undefined &&
    (typeof endpoint !== "string" || !/^https?:\/\/[^\s/?#@]+\/?$/i.test(endpoint))
  ) {
    throw invalidBackendProp(
      path,
      "endpoint",
      endpoint,
      'an http or https URL without user, path and query, such as "https://….r2.cloudflarestorage.com"',
    );
  }
}

function endpointOf(path: string, { endpoint, accountId, jurisdiction }: R2BackendProps): string {
  if (endpoint !== undefined) {
    return endpoint.replace(/\/$/, "");
  }
  if (accountId === undefined && isLoopbackUrl(process.env.CLOUDFLARE_BASE_URL ?? "")) {
    throw backendOfEmulator(path);
  }
  const account = accountId ?? (process.env.CLOUDFLARE_ACCOUNT_ID || undefined);
  if (account === undefined) {
    throw backendWithoutAccount(path);
  }
  return `https://${account}.${jurisdiction === undefined ? "" : `${jurisdiction}.`}r2.cloudflarestorage.com`;
}
