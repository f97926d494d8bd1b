import type { IConstruct } from "constructs";
import type { IAiGateway } from "../ai-gateway/ai-gateway-interface.js";
import type { RouteElement } from "./route-element.js";

export interface DynamicRouteProps {
  /** The gateway the route belongs to. Another gateway replaces the route. */
  readonly gateway: IAiGateway;

  /**
   * What requests name as the model `dynamic/<name>`: 1 to 64 letters, digits, `_`, `-` and `.`, unique in the
   * gateway. Another name renames the route in place.
   * @default from the construct's path: `chat/route` becomes "chat-route"
   */
  readonly name?: string;

  /**
   * What happens to a request: what {@link routeGraph} makes, or elements in the words of the REST API. A change is
   * uploaded as a new version and deployed, in place.
   * @see https://developers.cloudflare.com/ai-gateway/features/dynamic-routing/
   */
  readonly graph: readonly RouteElement[];

  /**
   * Id of a version that exists already and is to serve, instead of one uploaded from `graph`: to roll back, or to
   * import a route as it is. `graph` has to be that version's, which every plan checks.
   * @default none: `graph` is uploaded
   */
  readonly version?: string;

  /**
   * Refuses every plan that would delete or replace the route.
   * @default true in a stage that is production, otherwise false
   */
  readonly deletionProtection?: boolean;
}

/** A dynamic route, whether this stack declares it or it exists already. */
export interface IDynamicRoute extends IConstruct {
  /** The id Cloudflare gave it. */
  readonly routeId: string;

  /** Its name in the gateway. */
  readonly routeName: string;

  /** What requests name as their model: `dynamic/<name>`. */
  readonly model: string;
}
