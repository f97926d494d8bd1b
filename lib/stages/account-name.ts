import { TerraformResource, type TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { isToken } from "../terraform-text.js";

/** A name that one object of an account has. */
export interface AccountName {
  /** The construct that declares the object. */
  readonly owner: IConstruct;
  /** Its prop for the name. */
  readonly prop: string;
  readonly name: string;
  /** The same for two constructs only where they mean the same object. */
  readonly key: string;
}

interface NamedResource {
  readonly prop: string;
  /** Where the name is, in Terraform's words. */
  readonly attribute: string;
  /** What the name is unique in. */
  readonly within: "account_id" | "zone_id" | "path";
  /** For a resource of the REST API: which collection. */
  readonly collection?: RegExp;
}

/** Type of resource → what is named in it. */
const namedResources: Readonly<Record<string, readonly NamedResource[]>> = {
  restful_resource: [
    named("gatewayId", "body.id", /\/ai-gateway\/gateways$/),
    named("slug", "body.slug", /\/ai-gateway\/custom-providers$/),
    named("hostname", "body.domain", /\/ai-gateway\/.*custom-domains?$/),
    named("scriptName", "body.name", /\/workers\/workers$/),
  ],
  cloudflare_ai_gateway: [{ prop: "gatewayId", attribute: "id", within: "account_id" }],
  cloudflare_workers_script: [
    { prop: "scriptName", attribute: "script_name", within: "account_id" },
  ],
  cloudflare_workers_kv_namespace: [{ prop: "title", attribute: "title", within: "account_id" }],
  cloudflare_r2_bucket: [{ prop: "bucketName", attribute: "name", within: "account_id" }],
  cloudflare_d1_database: [{ prop: "databaseName", attribute: "name", within: "account_id" }],
  cloudflare_queue: [{ prop: "queueName", attribute: "queue_name", within: "account_id" }],
  cloudflare_workflow: [{ prop: "workflowName", attribute: "workflow_name", within: "account_id" }],
  cloudflare_workers_custom_domain: [
    { prop: "hostname", attribute: "hostname", within: "account_id" },
  ],
  cloudflare_workers_route: [{ prop: "pattern", attribute: "pattern", within: "zone_id" }],
};

function named(prop: string, attribute: string, collection: RegExp): NamedResource {
  return { prop, attribute, within: "path", collection };
}

/** Every name that a stack's resources have in their account, as far as it is written out. */
export function accountNamesOf(stack: TerraformStack): readonly AccountName[] {
  return stack.node
    .findAll()
    .filter((construct) => TerraformResource.isTerraformResource(construct))
    .flatMap((construct) => accountNamesOfResource(construct as TerraformResource));
}

/** The names of one resource. */
export function accountNamesOfResource(resource: TerraformResource): readonly AccountName[] {
  const kinds = namedResources[resource.terraformResourceType];
  if (kinds === undefined) {
    return [];
  }
  const attributes = attributesOf(resource);
  const names: AccountName[] = [];
  for (const { prop, attribute, within, collection } of kinds) {
    const name = valueAt(attributes, attribute);
    const place = valueAt(attributes, within);
    if (typeof name !== "string" || typeof place !== "string" || isToken(name)) continue;
    if (collection !== undefined && !collection.test(place)) continue;
    const scope = within === "path" ? place.split("/")[2] : place;
    const owner = resource.node.scope ?? resource;
    names.push({ owner, prop, name, key: JSON.stringify([prop, scope, name]) });
  }
  return names;
}

function attributesOf(resource: TerraformResource): unknown {
  const { resource: types } = resource.toTerraform() as {
    readonly resource?: Record<string, Record<string, unknown>>;
  };
  return types?.[resource.terraformResourceType]?.[resource.friendlyUniqueId];
}

const valueAt = (value: unknown, path: string): unknown =>
  path
    .split(".")
    .reduce((part, key) => (part as Record<string, unknown> | undefined)?.[key], value);
