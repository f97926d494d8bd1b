import { Hono } from "hono";
import { z } from "zod";
import { withoutUndefined } from "../../without-undefined.js";
import { success } from "../envelope.js";
import { parse } from "../parse.js";
import { readJson } from "../read-body.js";
import { faultRuleSchema } from "./fault-rule.js";
import type { Faults } from "./faults.js";

const rulesSchema = z.array(faultRuleSchema).max(100);

/**
 * The rules of {@link Faults}, below `/accounts/:account/emulator/faults`. The emulator's own: nobody can
 * ask Cloudflare to fail.
 */
export function faultRoutes(faults: Faults): Hono {
  const routes = new Hono();
  const list = () => success(faults.rules);

  routes.get("/", list);

  routes.post("/", async (c) => {
    const body = await readJson(c.req.raw, "fault");
    faults.add(withoutUndefined(parse(faultRuleSchema, body, "fault", { showValues: true })));
    return list();
  });

  routes.put("/", async (c) => {
    const body = await readJson(c.req.raw, "fault");
    const rules = parse(rulesSchema, body, "fault", { showValues: true });
    faults.clear();
    faults.add(...rules.map(withoutUndefined));
    return list();
  });

  routes.delete("/", () => {
    faults.clear();
    return list();
  });

  return routes;
}

/** The record of calls, below `/accounts/:account/emulator/calls`. */
export function callRoutes(faults: Faults): Hono {
  const routes = new Hono();
  routes.get("/", () => success(faults.calls));
  routes.delete("/", () => {
    faults.record();
    return success(faults.calls);
  });
  return routes;
}
