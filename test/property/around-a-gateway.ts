import type { Construct } from "constructs";
import {
  AiGateway,
  AiGatewayToken,
  CustomDomain,
  CustomProvider,
  Dataset,
  DynamicRoute,
  Evaluation,
  GatewayPolicy,
  ProviderKey,
} from "../../lib/index.js";
import type { Declare } from "./judge.js";
import { type ResourceKind, STORE_ID } from "./resource-arbitraries.js";

const own = Symbol("what a resource needs of its stack");

interface Surroundings {
  readonly gateway: AiGateway;
  readonly datasets: readonly Dataset[];
}

/** A gateway and a dataset that are good, once in each scope. */
function surroundingsOf(scope: Construct, storeId: string): Surroundings {
  const known = (scope as { [own]?: Surroundings })[own];
  if (known !== undefined) return known;
  const gateway = new AiGateway(scope, "gateway", { storeId });
  const made = { gateway, datasets: [new Dataset(scope, "good-dataset", { gateway })] };
  return Object.assign(scope, { [own]: made })[own];
}

/** Declares each kind at a gateway of the scope, which is made with the first of them. */
export const declareAround = (storeId = STORE_ID): Readonly<Record<ResourceKind, Declare>> => {
  const at =
    (
      declare: (scope: Construct, id: string, props: never) => Construct,
      datasets = false,
    ): Declare =>
    (scope, id, props) => {
      const { gateway, ...others } = surroundingsOf(scope, storeId);
      const all = { ...(props as object), gateway, ...(datasets ? others : {}) };
      return declare(scope, id, all as never);
    };
  return {
    dynamicRoute: at((scope, id, props) => new DynamicRoute(scope, id, props)),
    providerKey: at((scope, id, props) => new ProviderKey(scope, id, props)),
    customProvider: (scope, id, props) => new CustomProvider(scope, id, props),
    customDomain: at((scope, id, props) => new CustomDomain(scope, id, props)),
    gatewayPolicy: at((scope, id, props) => new GatewayPolicy(scope, id, props)),
    dataset: at((scope, id, props) => new Dataset(scope, id, props)),
    evaluation: at((scope, id, props) => new Evaluation(scope, id, props), true),
    token: (scope, id, props) => new AiGatewayToken(scope, id, props),
  };
};
