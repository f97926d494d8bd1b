import { expect } from "@jest/globals";
import type {
  DynamicRoutingCreateParams,
  DynamicRoutingCreateResponse,
} from "cloudflare/resources/ai-gateway/dynamic-routing.js";
import type { Place, SdkAccount } from "./sdk-account.js";

type Elements = DynamicRoutingCreateParams["elements"];

const to = (elementId: string) => ({ elementId });

/** A graph with every type of element. */
export const elements = (model = "@cf/meta/llama-3.1-8b-instruct"): Elements => [
  { id: "start", type: "start", outputs: { next: to("plan") } },
  {
    id: "plan",
    type: "conditional",
    properties: { conditions: { "metadata.plan": { $eq: "free" } } },
    outputs: { true: to("split"), false: to("rate") },
  },
  { id: "split", type: "percentage", outputs: { "10%": to("rate"), else: to("model") } },
  {
    id: "rate",
    type: "rate",
    properties: { key: "metadata.user", limit: 10, limitType: "count", window: 60 },
    outputs: { success: to("model"), fallback: to("end") },
  },
  {
    id: "model",
    type: "model",
    properties: { provider: "workers-ai", model, retries: 1, timeout: 30_000 },
    outputs: { success: to("end"), fallback: to("end") },
  },
  { id: "end", type: "end", outputs: {} },
];

/** Leads to an element that is not there. */
export const broken: Elements = [{ id: "start", type: "start", outputs: { next: to("nowhere") } }];

export const createRoute = (
  { client }: SdkAccount,
  { account_id, gateway_id }: Place,
  name = "support",
): PromiseLike<DynamicRoutingCreateResponse> =>
  client.aiGateway.dynamicRouting.create(gateway_id, { account_id, name, elements: elements() });

/** What every answer says of a route. */
export const routeFacts = ({ gateway_id }: Place, name = "support") => ({
  id: expect.any(String),
  name,
  gateway_id,
  created_at: expect.any(String),
  modified_at: expect.any(String),
});

/** The SDK's types have text for both; the live API was seen to answer these. */
export const liveVersion = { active: true, data: elements() };

export const listFacts = {
  page: 1,
  per_page: 20,
  order_by: "created_at",
  order_by_direction: "desc",
};
