import { Hono } from "hono";
import type { z } from "zod";
import type { StoredPolicy, TimedPolicyTerms } from "../../state/stored-gateway-resources.js";
import { withoutUndefined } from "../../without-undefined.js";
import { askedGateway } from "../asked-gateway.js";
import { success } from "../envelope.js";
import type { GatewayResourceOptions } from "../gateway-resource-options.js";
import { pageOf, parseQuery } from "../list-query.js";
import { parse } from "../parse.js";
import { readJson } from "../read-body.js";
import { listQuery, newPolicy, policyChange, readQuery, simulation, writeQuery } from "./schema.js";
import { simulate } from "./simulate.js";
import { notFound, PolicyStore } from "./store.js";

/**
 * Policies of a gateway (beta), below `…/gateways/:gateway/policies`. They are kept, staged, committed and simulated;
 * the emulated gateway does not enforce them, and refuses the requests that Cloudflare would judge.
 * @see https://developers.cloudflare.com/ai-gateway/features/policies/
 */
export function policyRoutes({ gateways, products, clock, log }: GatewayResourceOptions): Hono {
  const store = new PolicyStore(products, clock);
  const routes = new Hono();

  const body = async <Schema extends z.ZodType>(schema: Schema, request: Request) =>
    parse(schema, await readJson(request, "validation"), "validation", { showValues: true });

  routes.post("/", async (c) => {
    const gatewayId = askedGateway(gateways, c).id;
    const { commit } = parseQuery(writeQuery, c.req.query());
    const terms = await body(newPolicy, c.req.raw);
    const row = await store.create(gatewayId, terms, commit);
    if (commit) warn(log, gatewayId);
    return answer({ result: render(row, row.committed ?? row.draft), committed: commit });
  });

  routes.get("/", (c) => {
    const gatewayId = askedGateway(gateways, c).id;
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
    const gatewayId = askedGateway(gateways, c).id;
    const committed = await store.commitAll(gatewayId);
    if (committed.length > 0) warn(log, gatewayId);
    // The documentation shows `policies` empty beside three that were committed.
    return success({ committed: committed.length, failed: 0, policies: [] });
  });

  routes.post("/simulate", async (c) => {
    const gatewayId = askedGateway(gateways, c).id;
    const request = await body(simulation, c.req.raw);
    const policies = store
      .list(gatewayId)
      .flatMap(({ draft, committed }) => draft ?? committed ?? []);
    return success(simulate(policies, request));
  });

  routes.get("/:policy", (c) => {
    const gatewayId = askedGateway(gateways, c).id;
    const { includeStaging } = parseQuery(readQuery, c.req.query());
    const row = store.get(gatewayId, c.req.param("policy"));
    if (row.draft && includeStaging) {
      return answer({ result: render(row, row.draft), uncommitted: true });
    }
    return success(row.committed ? render(row, row.committed) : notFound(row.id));
  });

  routes.put("/:policy", async (c) => {
    const gatewayId = askedGateway(gateways, c).id;
    const id = c.req.param("policy");
    const { commit } = parseQuery(writeQuery, c.req.query());
    store.get(gatewayId, id);
    const given = withoutUndefined(await body(policyChange, c.req.raw));
    await store.change(gatewayId, id, given, commit);
    return answer({ committed: commit });
  });

  routes.delete("/:policy", async (c) => {
    const gatewayId = askedGateway(gateways, c).id;
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
