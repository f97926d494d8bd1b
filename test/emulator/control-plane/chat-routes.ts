import { expect } from "@jest/globals";
import type { Answer, Api } from "./start-api.js";

/** Below the account: the routes of the gateway "chat". */
export const path = "/ai-gateway/gateways/chat/routes";
export const to = (elementId: string) => ({ elementId });
export const start = { id: "start", type: "start", outputs: { next: to("model") } };
export const model = (name = "@cf/meta/llama-3.1-8b-instruct") => ({
  id: "model",
  type: "model",
  properties: { provider: "workers-ai", model: name, retries: 1, timeout: 30_000 },
  outputs: { success: to("end"), fallback: to("end") },
});
export const end = { id: "end", type: "end", outputs: {} };
/** A graph that asks one model. */
export const graph = [start, model(), end];
/** Another version of it. */
export const other = [start, model("@cf/meta/llama-3.3-70b-instruct-fp8-fast"), end];

export const makeRoute = (api: Api, name: string, elements: unknown = graph): Promise<Answer> =>
  api.call("POST", path, { name, elements });

/** What every answer about a route says of it. */
export const facts = (name: string) => ({
  id: expect.any(String),
  name,
  gateway_id: "chat",
  created_at: expect.any(String),
  modified_at: expect.any(String),
});
