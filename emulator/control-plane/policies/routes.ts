import type { StoredPolicy, TimedPolicyTerms } from "../../state/stored-gateway-resources.js";
import { withoutUndefined } from "../../without-undefined.js";
import {
  type GatewayResourceOptions,
  type GatewayResourceRoutes,
  gatewayResourceRoutes,
} from "../ai-gateway/gateway-resource.js";
import { quotableBody } from "../ai-gateway/quotable-body.js";
import { success } from "../envelope.js";
import { pageOf, parseQuery } from "../list-query.js";
import { listQuery, newPolicy, policyChange, readQuery, simulation, writeQuery } from "./schema.js";
import { simulate } from "./simulate.js";
import { PolicyStore, policyNotFound } from "./store.js";

/**
 * Policies of a gateway (beta), below `…/gateways/:gateway/policies`. They are kept, staged, committed and simulated;
 * the emulated gateway does not enforce them, and refuses the requests that Cloudflare would judge.
 * @see https://developers.cloudflare.com/ai-gateway/features/policies/
 */
export function policyRoutes({
  gateways,
  products,
  clock,
  log,
}: GatewayResourceOptions): GatewayResourceRoutes {
  const store = new PolicyStore(products, clock);
  const routes = gatewayResourceRoutes(gateways);

  routes.post("/", async (c) => {
    const gatewayId = c.get("gatewayId");
    const { commit } = parseQuery(writeQuery, c.req.query());
    const terms = await quotableBody(c, newPolicy);
    const row = await store.create(gatewayId, terms, commit);
    if (commit) warn(log, gatewayId);
    return answer({ result: render(row, row.committed ?? row.draft), committed: commit });
  });

  routes.get("/", (c) => {
    const gatewayId = c.get("gatewayId");
    const asked = parseQuery(listQuery, c.req.query());
    const rows = store
      .list(gatewayId)
      .flatMap((row) => [
        ...(row.committed ? [render(row, row.committed)] : []),
        ...(row.draft && asked.includeStaging
          ? [{ ...render(row, row.draft), staging: true }]
          : []),
      ]);
    return pageOf(rows, asked);
  });

  routes.post("/commit", async (c) => {
    const gatewayId = c.get("gatewayId");
    const committed = await store.commitAll(gatewayId);
    if (committed > 0) warn(log, gatewayId);
    // The documentation shows `policies` empty beside three that were committed.
    return success({ committed, failed: 0, policies: [] });
  });

  routes.post("/simulate", async (c) => {
    const gatewayId = c.get("gatewayId");
    const request = await quotableBody(c, simulation);
    const policies = store
      .list(gatewayId)
      .flatMap(({ draft, committed }) => draft ?? committed ?? []);
    return success(simulate(policies, request));
  });

  routes.get("/:policy", (c) => {
    const gatewayId = c.get("gatewayId");
    const { includeStaging } = parseQuery(readQuery, c.req.query());
    const row = store.find(gatewayId, c.req.param("policy"));
    if (row.draft && includeStaging) {
      return answer({ result: render(row, row.draft), uncommitted: true });
    }
    return success(row.committed ? render(row, row.committed) : policyNotFound(row.id));
  });

  routes.put("/:policy", async (c) => {
    const gatewayId = c.get("gatewayId");
    const id = c.req.param("policy");
    const { commit } = parseQuery(writeQuery, c.req.query());
    store.find(gatewayId, id);
    const given = withoutUndefined(await quotableBody(c, policyChange));
    await store.change(gatewayId, id, given, commit);
    return answer({ committed: commit });
  });

  routes.delete("/:policy", async (c) => {
    const gatewayId = c.get("gatewayId");
    const row = await store.remove(gatewayId, c.req.param("policy"));
    return success(render(row, row.committed ?? row.draft));
  });

  return routes;
}

const render = ({ id }: StoredPolicy, terms: TimedPolicyTerms | null) => ({ id, ...terms });

/** The envelope with what policies put beside `result`; a change has no `result`. */
const answer = (facts: object): Response =>
  Response.json({ success: true, errors: [], messages: [], ...facts });

const warn = (log: (line: string) => void, gatewayId: string) =>
  log(
    `Policies of the gateway "${gatewayId}": kept, but not enforced here; requests are refused with 501, ` +
      "unless the emulator was started with --unenforced=pass.",
  );
