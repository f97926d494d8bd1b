import type { TerraformStack } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import fc from "fast-check";
import { evaluationTypes } from "../../emulator/control-plane/evaluations/evaluation-types.js";
import type { RestResource } from "../../lib/rest-api/rest-resource.js";
import type { Workbench } from "../e2e/workbench.js";
import { canary } from "../secrets/canary.js";
import { declareAround } from "./around-a-gateway.js";
import { judge, type PropSet } from "./judge.js";
import { realize, secretNames } from "./placeholders.js";
import { type ResourceKind, resourceSets, resourceValues } from "./resource-arbitraries.js";

export const kinds = Object.keys(resourceValues) as ResourceKind[];

/** One set of props of each kind: what stands around one gateway. */
export type Around = Readonly<Record<ResourceKind, PropSet>>;

/** Kinds that Cloudflare cannot change: they are made anew. */
const immutable: readonly ResourceKind[] = ["providerKey", "customDomain", "evaluation"];

/** Sets that synthesize, and can be in an account together; the same at each run with the seed. */
export function sampleAround(count: number, seed: number): readonly Around[] {
  const byKind = ofEachKind((kind) => sample(kind, count, seed));
  return Array.from({ length: count }, (_, index) =>
    ofEachKind((kind) => byKind[kind][index] as PropSet),
  );
}

function sample(kind: ResourceKind, count: number, seed: number): readonly PropSet[] {
  // A version is another object of the account, which nothing here makes.
  const sets = resourceSets(kind, ["version"])
    .map(measurable)
    .filter((set) => judge(declareAround()[kind], set).accepted);
  const names = new Set<string>();
  const different = fc.sample(sets, { numRuns: 2 * count, seed }).filter((set) => {
    const name = nameInAccount(kind, set);
    if (name === undefined) return true;
    const isNew = !names.has(name);
    names.add(name);
    return isNew;
  });
  return different.slice(0, count);
}

/** What one of the account has only, whatever it is a token of. */
function nameInAccount(kind: ResourceKind, set: PropSet): string | undefined {
  const name = { customProvider: set.slug, customDomain: set.hostname, token: set.name }[
    kind as string
  ];
  return name === undefined
    ? undefined
    : JSON.stringify(name).replace(/\W|local|lazy|unknown|variable/g, "");
}

/** Types of evaluations that there are, in place of ids that are well formed only. */
const measurable = (set: PropSet): PropSet =>
  set.evaluationTypeIds === undefined
    ? set
    : { ...set, evaluationTypeIds: evaluationTypes.map(({ id }) => id) };

/** The same where sets change: what is protected could not be replaced, nor could its stack be cleared. */
export const unprotected = (around: Around): Around =>
  ofEachKind((kind) => ({ ...around[kind], deletionProtection: false }));

const ofEachKind = <Value>(make: (kind: ResourceKind) => Value) =>
  Object.fromEntries(kinds.map((kind) => [kind, make(kind)])) as Record<ResourceKind, Value>;

/** The Terraform addresses of what a stack holds, by whether the API can change it. */
export interface Addresses {
  readonly changeable: readonly string[];
  readonly immutable: readonly string[];
}

/** Synthesizes a stack with a gateway for each of them, and all of it around. */
export function synthAround(
  bench: Workbench,
  storeId: string,
  arounds: readonly Around[],
): Addresses {
  const addresses = { changeable: [] as string[], immutable: [] as string[] };
  const declare = declareAround(storeId);
  bench.synth((stack) => {
    for (const [index, around] of arounds.entries()) {
      const scope = new Construct(stack, `around-${index}`);
      for (const kind of kinds) {
        const set = storedIn(storeId, around[kind]);
        const props = realize(stack, set, `part-${index}-${kind}`) as never;
        const made = declare[kind](scope, kind, props);
        addresses[immutable.includes(kind) ? "immutable" : "changeable"].push(addressOf(made));
      }
    }
    passSecrets(bench, stack);
  });
  return addresses;
}

const storedIn = (storeId: string, set: PropSet): PropSet =>
  set.storeId === undefined ? set : { ...set, storeId };

function addressOf(construct: IConstruct): string {
  const { resource } = construct as IConstruct & { readonly resource: RestResource };
  return `${resource.terraformResourceType}.${resource.friendlyUniqueId}`;
}

/** Terraform warns of a value for a variable that there is none of. */
function passSecrets(bench: Workbench, stack: TerraformStack): void {
  for (const name of secretNames) {
    if (stack.node.tryFindChild(name) === undefined) delete bench.variables[`TF_VAR_${name}`];
    else bench.variables[`TF_VAR_${name}`] = canary(name);
  }
}

/** The account's Secrets Store, where the keys go. */
export async function makeStore(bench: Workbench): Promise<string> {
  const { body } = await bench.api("POST", "/secrets_store/stores", [{ name: "main" }]);
  const [store] = body.result as readonly { readonly id: string }[];
  if (store === undefined) throw new Error(`No store was made: ${JSON.stringify(body.errors)}`);
  return store.id;
}
