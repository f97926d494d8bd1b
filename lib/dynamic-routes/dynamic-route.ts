import { Fn, TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import { dynamicRoutesPath } from "../../protocol/urls.js";
import type { IAiGateway } from "../ai-gateway/ai-gateway-interface.js";
import { claimName } from "../ai-gateway/claim-name.js";
import { gatewayIdOf } from "../ai-gateway/is-gateway.js";
import { Cloudflare } from "../cloudflare.js";
import { makeAfterCustomProviders } from "../custom-providers/after-custom-providers.js";
import { defaultName } from "../default-name.js";
import { protectFromDeletion } from "../deletion-protection.js";
import { listingOfGateway } from "../recovery/gateway-listing.js";
import { recoverLostCreate } from "../recovery/lost-create.js";
import { reportHints } from "../report-hints.js";
import { reportProblems } from "../report-problems.js";
import { RestDataSource } from "../rest-api/rest-data-source.js";
import { RestOperation } from "../rest-api/rest-operation.js";
import { RestResource } from "../rest-api/rest-resource.js";
import { soundProps } from "../sound-props.js";
import { checkId } from "../text-checks.js";
import type { IUsesProviders, UsedProvider } from "../uses-providers.js";
import {
  renderDeployment,
  renderDeploymentImportId,
  renderElements,
  renderPinned,
  renderRoute,
  renderRouteImportId,
  renderVersion,
} from "./dynamic-route-blocks.js";
import { dynamicRouteHintsFor } from "./dynamic-route-hints.js";
import type { DynamicRouteProps, IDynamicRoute } from "./dynamic-route-props.js";
import {
  dynamicRouteRules,
  ROUTE_NAME_MAX_LENGTH,
  validateDynamicRouteProps,
} from "./dynamic-route-validation.js";
import { ImportedDynamicRoute } from "./imported-dynamic-route.js";
import { warnOfMissingKeys } from "./missing-keys.js";
import { isRouteGraph, validateRouteGraph } from "./route-graph-validation.js";
import { toMermaid } from "./route-mermaid.js";

/**
 * A dynamic route of a gateway: a graph that decides which model answers a request for `dynamic/<name>`.
 *
 * Another graph is uploaded as a new version and deployed, another name is a rename, both in place. A version that
 * somebody else deployed is seen as a change and put right. A route of the same name that exists already is refused
 * at deploy, unless one that failed within the last day created it: see {@link DynamicRoute.importFrom}.
 *
 * @throws {@link UsageError} where the stack has no {@link Cloudflare}
 * @see https://developers.cloudflare.com/ai-gateway/features/dynamic-routing/
 *
 * @example
 * ```ts
 * const route = new DynamicRoute(stack, "support", {
 *   gateway,
 *   name: "support",
 *   graph: routeGraph((g) => {
 *     const small = g.model({ provider: "workers-ai", model: "@cf/meta/llama-3.1-8b-instruct" });
 *     return g.model({ provider: "openai", model: "gpt-4o", timeout: 10_000 }, { fallback: small });
 *   }),
 * });
 * worker.addVar("MODEL", route.model); // "dynamic/support"
 * ```
 */
export class DynamicRoute extends Construct implements IDynamicRoute, IUsesProviders {
  /** A route of the same account that is declared elsewhere. Nothing is created or changed. */
  static fromRouteId(
    scope: Construct,
    id: string,
    gateway: IAiGateway,
    routeId: string,
  ): IDynamicRoute {
    return new ImportedDynamicRoute(scope, id, gateway, routeId);
  }

  /** The route's Terraform resource, for what the props do not cover. */
  readonly resource: RestResource;

  readonly #props: DynamicRouteProps;
  readonly #path: string;
  readonly #deployment: RestResource;

  constructor(scope: Construct, id: string, props: DynamicRouteProps) {
    super(scope, id);
    const sound = soundProps(this, dynamicRouteRules, props);
    const { gateway, graph: declared = [] } = sound;
    this.#props = { ...sound, graph: declared };
    this.#path = dynamicRoutesPath(Cloudflare.of(this).accountId, gatewayIdOf(gateway));
    const name =
      sound.name ?? defaultName(this, { maxLength: ROUTE_NAME_MAX_LENGTH, underscores: true });
    const sent = sendable(declared);
    // Once in the stack's JSON, however many blocks send it or compare with it.
    const graph = new TerraformLocal(this, "Graph", renderElements(sent));
    this.resource = new RestResource(
      this,
      "Resource",
      renderRoute(this.#path, name, graph.asString),
    );
    this.#deployment = new RestResource(
      this,
      "Deployment",
      renderDeployment(this.resource.id, this.#declareVersion(graph)),
    );
    recoverLostCreate(this.resource, {
      listing: listingOfGateway(gateway, {
        kind: "routes",
        items: "data.routes",
        name: ["name"],
        createdAt: "created_at",
      }),
      name,
      renamed: true,
      importId: (routeId, path) => renderRouteImportId(path, routeId),
    });
    protectFromDeletion(this, [this.resource], sound.deletionProtection);
    claimName(this, "dynamic route", gateway, name);
    warnOfMissingKeys(this, { ...this.#props, graph: sent });
    this.#makeAfterCustomProviders();
    reportProblems(
      this,
      validateDynamicRouteProps({ ...props, gateway: props.gateway, graph: props.graph }),
    );
    reportHints(this, dynamicRouteHintsFor({ ...this.#props, graph: sent }));
  }

  get routeId(): string {
    return Fn.basename(this.resource.id) as string;
  }

  /** From the resource, so that what names the route is deployed after it. */
  get routeName(): string {
    return this.resource.interpolationForAttribute("body.name").toString();
  }

  get model(): string {
    return `dynamic/${this.routeName}`;
  }

  /** The version that serves requests after the deploy. */
  get versionId(): string {
    return this.#deployment.output("version_id");
  }

  /** The declared graph as Mermaid text. */
  get mermaid(): string {
    return toMermaid(this.#props.graph);
  }

  /** The providers its models are of. */
  get usedProviders(): readonly UsedProvider[] {
    const { graph } = this.#props;
    if (!isRouteGraph(graph)) return [];
    return graph.flatMap((element) =>
      element.type === "model" && typeof element.properties?.provider === "string"
        ? [
            {
              provider: element.properties.provider,
              where: `graph: provider of ${JSON.stringify(element.id)}`,
            },
          ]
        : [],
    );
  }

  /**
   * Takes over a route that exists already, at the next deploy, instead of creating it. With the prop `version` the
   * route stays as it is; without it the declared graph is uploaded as a new version. Needs Terraform on PATH at
   * synth, and may be removed after the deploy.
   * @param routeId Its id, as `GET …/ai-gateway/gateways/{gateway}/routes` lists it
   */
  importFrom(routeId: string): void {
    reportProblems(this, checkId("routeId", routeId));
    this.resource.importFrom(renderRouteImportId(this.#path, routeId));
    this.#deployment.importFrom(renderDeploymentImportId(this.#path, routeId));
  }

  #makeAfterCustomProviders(): void {
    const sent = this.node.children.filter(
      (child) => child === this.resource || child instanceof RestOperation,
    );
    makeAfterCustomProviders(
      this,
      this.usedProviders.map(({ provider }) => provider),
      sent as (RestResource | RestOperation)[],
    );
  }

  /** The version to deploy: one that exists, or the one the graph is uploaded as. */
  #declareVersion(graph: TerraformLocal): string {
    const { version } = this.#props;
    if (version === undefined) {
      const uploaded = new RestOperation(
        this,
        "Version",
        renderVersion(this.resource.id, graph.asString),
      );
      return uploaded.output("result.version_id");
    }
    new RestDataSource(
      this,
      "Pinned",
      renderPinned(this.node.path, this.resource.id, version, `local.${graph.friendlyUniqueId}`),
    );
    return version;
  }
}

/** A graph that is refused at synth may be of any form in it, and is not sent. */
const sendable = (graph: DynamicRouteProps["graph"]): DynamicRouteProps["graph"] =>
  isRouteGraph(graph) && validateRouteGraph(graph).length === 0 ? graph : [];
