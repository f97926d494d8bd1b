import { Construct } from "constructs";
import { dynamicRoutesPath } from "../../protocol/urls.js";
import type { IAiGateway } from "../ai-gateway/ai-gateway-interface.js";
import { Cloudflare } from "../cloudflare.js";
import { reportProblems } from "../report-problems.js";
import { RestDataSource } from "../rest-api/rest-data-source.js";
import { checkId } from "../text-checks.js";
import type { IDynamicRoute } from "./dynamic-route-props.js";

/** A route that this stack only uses. */
export class ImportedDynamicRoute extends Construct implements IDynamicRoute {
  readonly routeId: string;

  readonly #path: string;
  #route: RestDataSource | undefined;

  constructor(scope: Construct, id: string, gateway: IAiGateway, routeId: string) {
    super(scope, id);
    this.routeId = routeId;
    this.#path = dynamicRoutesPath(Cloudflare.of(this).accountId, gateway.gatewayId);
    reportProblems(this, checkId("routeId", routeId));
  }

  /** Read from the account when it is asked for: only the id stays when somebody renames the route. */
  get routeName(): string {
    this.#route ??= new RestDataSource(this, "Route", {
      path: `${this.#path}/${this.routeId}`,
      selector: "result",
      outputAttrs: ["name"],
    });
    return this.#route.output("name");
  }

  get model(): string {
    return `dynamic/${this.routeName}`;
  }
}
