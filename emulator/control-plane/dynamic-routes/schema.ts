import { z } from "zod";
import { paging } from "../list-query.js";

const target = z.strictObject({ elementId: z.string().min(1) });
const id = z.string().min(1);
const count = z.int().min(0);

const outcome = z.strictObject({ success: target, fallback: target });

/** Cloudflare's own words for a share of the traffic, and for what no share names. */
const share = z.string().regex(/^(else|\d+(\.\d+)?%)$/, 'must be a share such as "10%", or "else"');

const element = z.discriminatedUnion("type", [
  z.strictObject({ id, type: z.literal("start"), outputs: z.strictObject({ next: target }) }),
  z.strictObject({
    id,
    type: z.literal("conditional"),
    properties: z.strictObject({ conditions: z.unknown().optional() }),
    outputs: z.strictObject({ true: target, false: target }),
  }),
  z.strictObject({ id, type: z.literal("percentage"), outputs: z.record(share, target) }),
  z.strictObject({
    id,
    type: z.literal("rate"),
    properties: z.strictObject({
      key: z.string().min(1),
      limit: z.number().min(0),
      limitType: z.enum(["count", "cost"]),
      /** Seconds. */
      window: count,
    }),
    outputs: outcome,
  }),
  z.strictObject({
    id,
    type: z.literal("model"),
    properties: z.strictObject({
      provider: z.string().min(1),
      model: z.string().min(1),
      retries: count,
      /** Milliseconds. */
      timeout: count,
    }),
    outputs: outcome,
  }),
  z.strictObject({ id, type: z.literal("end"), outputs: z.strictObject({}) }),
]);

/** One node of a route's graph, as it travels. */
export type RouteElement = z.output<typeof element>;

const elements = z
  .array(element)
  .min(1)
  .superRefine((graph, context) => {
    const fault = (path: (string | number)[], message: string) =>
      context.addIssue({ code: "custom", path, message });
    const ids = graph.map((node) => node.id);
    graph.forEach((node, index) => {
      if (ids.indexOf(node.id) !== index) fault([index, "id"], "is the id of another element too");
      for (const [output, { elementId }] of Object.entries(node.outputs)) {
        if (ids.includes(elementId)) continue;
        fault([index, "outputs", output, "elementId"], "no element has this id");
      }
      const wrong = node.type === "percentage" ? faultOfShares(Object.keys(node.outputs)) : "";
      if (wrong) fault([index, "outputs"], wrong);
    });
    const starts = graph.filter(({ type }) => type === "start").length;
    if (starts !== 1) fault([], `has ${starts} elements of type "start"; a route has exactly one`);
  });

/** @see https://developers.cloudflare.com/ai-gateway/features/dynamic-routing/json-configuration/ */
function faultOfShares(names: readonly string[]): string {
  const shares = names.filter((name) => name !== "else");
  const sum = shares.reduce((total, name) => total + Number.parseFloat(name), 0);
  const total = Math.round(sum * 1e6) / 1e6;
  if (names.length === shares.length) {
    return total === 100 ? "" : `the shares are ${total}% together; expected 100%, or an "else"`;
  }
  return total <= 100 ? "" : `the shares are ${total}% together, more than 100%`;
}

// Without an upper bound: no source has one for a route's name.
const name = z.string().min(1);

/** Body of a POST. */
export const newRoute = z.strictObject({ name, elements });

/** Body of a PATCH. */
export const rename = z.strictObject({ name });

/** Body of POST `/versions`. */
export const newVersion = z.strictObject({ elements });

/** Body of POST `/deployments`. */
export const newDeployment = z.strictObject({ version_id: z.string().min(1) });

/** Query of all three lists. */
export const listQuery = z.strictObject(paging);
