import { WorkersRoute } from "@cdktf/provider-cloudflare/lib/workers-route";
import { Construct } from "constructs";
import { Cloudflare } from "../cloudflare.js";
import { claimOne } from "../one-owner.js";
import { applyRules, type PropRules, show, wrongValue } from "../prop-rules.js";
import { reportProblems } from "../report-problems.js";
import { soundProps } from "../sound-props.js";
import { isToken } from "../terraform-text.js";
import { checkId } from "../text-checks.js";
import type { Worker } from "./worker.js";
import { checkWorker, scriptNameOf } from "./worker-target.js";

export interface WorkerRouteProps {
  /** The zone the pattern's host is in. Another one replaces the route. */
  readonly zoneId: string;

  /**
   * Host and path, without a scheme or a query, `*` at the start of the host or the end of the path, such
   * as `example.com/chat/*`. A pattern has one owner; the most specific one wins.
   * @see https://developers.cloudflare.com/workers/configuration/routing/routes/#matching-behavior
   */
  readonly pattern: string;

  /**
   * The Worker that answers, or its script name.
   * @default none: requests go to the origin, past the Workers of wider patterns
   */
  readonly worker?: Worker | string;
}

/** What a route's props are checked for. */
export const workerRouteRules: PropRules<WorkerRouteProps> = {
  zoneId: [{ name: "worker-route-zone-id", check: ({ zoneId }) => checkId("zoneId", zoneId)[0] }],
  pattern: [{ name: "worker-route-pattern", check: ({ pattern }) => checkPattern(pattern) }],
  worker: [
    {
      name: "worker-route-worker",
      check: ({ worker }) => (worker === undefined ? undefined : checkWorker("worker", worker)),
    },
  ],
};

/**
 * A route: requests to a zone's addresses that match go to a Worker. The host needs a proxied DNS record;
 * {@link WorkerCustomDomain} makes one.
 *
 * @throws {@link UsageError} where the stack has no {@link Cloudflare}
 * @see https://developers.cloudflare.com/workers/configuration/routing/routes/
 *
 * @example
 * ```ts
 * new WorkerRoute(stack, "route", { zoneId: "…", pattern: "example.com/chat/*", worker });
 * ```
 */
export class WorkerRoute extends Construct {
  /** The route's Terraform resource, for what the props do not cover. */
  readonly resource: WorkersRoute;

  readonly #zoneId: string;

  constructor(scope: Construct, id: string, props: WorkerRouteProps) {
    super(scope, id);
    const { zoneId = "", pattern = "", worker } = soundProps(this, workerRouteRules, props);
    // Only for its error message: the provider is declared there.
    Cloudflare.of(this);
    this.#zoneId = zoneId;
    this.resource = new WorkersRoute(this, "Resource", {
      zoneId,
      pattern,
      ...(worker === undefined ? {} : { script: scriptNameOf(worker) }),
    });
    claimOne(
      this,
      ["route", zoneId, pattern],
      (first) =>
        `pattern: ${show(pattern)} is the pattern of ${first} already; a pattern has one owner. Remove one of the routes.`,
    );
    reportProblems(
      this,
      // Named, because plain JavaScript may leave them out.
      applyRules(workerRouteRules, { ...props, zoneId: props.zoneId, pattern: props.pattern }),
    );
  }

  /**
   * Takes over a route that exists already, at the next deploy, instead of creating it. Needs Terraform on
   * PATH at synth, and may be removed after the deploy.
   */
  importFrom(routeId: string): void {
    this.resource.importFrom(`${this.#zoneId}/${routeId}`);
  }
}

function checkPattern(pattern: unknown): string | undefined {
  if (isToken(pattern)) {
    return undefined;
  }
  // The host may be "*" alone, or start with it; the path may end with it.
  return typeof pattern === "string" &&
    /^\*?[a-z0-9.-]*(?:\/[^*?#\s]*\*?|\*)?$/i.test(pattern) &&
    pattern !== ""
    ? undefined
    : wrongValue(
        "pattern",
        pattern,
        'a host and a path without scheme and query, "*" only at the start of the host or the end of the path, such as "example.com/chat/*"',
      );
}
