import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { gatewayKey, isGateway } from "../ai-gateway/is-gateway.js";
import { RestDataSource } from "../rest-api/rest-data-source.js";
import type { RestResource } from "../rest-api/rest-resource.js";
import { escapeInQuotes, escapeTemplate, isToken } from "../terraform-text.js";

/** Policies on a page: the most that lists of the API allow. */
const PER_PAGE = 50;

/** Stack → gateway → the read of its policies. */
const readsOfStack = new WeakMap<TerraformStack, Map<string, RestDataSource>>();

export interface NamedPolicy {
  readonly gateway: unknown;
  /** Path of the gateway's policies. */
  readonly path: string;
  readonly name: unknown;
  readonly policy: RestResource;
}

/**
 * Fails a plan or a deploy after which a gateway has another policy of the same name: when only the answer to a
 * creation is lost, it is sent again at once, and the API takes it twice. Both are enforced, and Terraform knows one.
 *
 * The policies of a gateway are read once, after all that the stack declares.
 */
export function checkPolicyNames(
  owner: Construct,
  { gateway, path, name, policy }: NamedPolicy,
): void {
  if (!isGateway(gateway) || typeof name !== "string" || isToken(name)) return;
  const stack = TerraformStack.of(owner);
  const reads = readsOfStack.get(stack) ?? new Map<string, RestDataSource>();
  readsOfStack.set(stack, reads);
  const key = gatewayKey(gateway);
  const read =
    reads.get(key) ??
    new RestDataSource(owner, "Names", {
      path,
      query: { page: ["1"], per_page: [String(PER_PAGE)] },
      selector: 'result.#.{"id":id,"name":name}',
    });
  reads.set(key, read);
  const address = `${policy.terraformResourceType}.${policy.friendlyUniqueId}`;
  const others = `[for p in self.output : p.id if p.name == "${escapeInQuotes(name)}" && p.id != basename(${address}.id)]`;
  read.dependsOn = [...(read.dependsOn ?? []), address];
  read.lifecycle = {
    postcondition: [
      ...(read.lifecycle?.postcondition ?? []),
      {
        condition: `\${length(${others}) == 0}`,
        errorMessage: `[${escapeTemplate(owner.node.path)}] name: the gateway has another policy of this name, which is enforced too; an answer that was lost leaves one. Delete it by its id, \${join(", ", ${others})}, or give this policy another name. Was it just taken out of this stack, deploy again.`,
      },
    ],
  };
}
