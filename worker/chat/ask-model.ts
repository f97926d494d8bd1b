import {
  AiGatewayError,
  type AiGatewayErrorCode,
  aiGateway,
  ensureOk,
  gatewayFacts,
  type PlatformSignal,
} from "../index.js";
import { AnswerBrokenError } from "./answer-stream.js";
import type { Question } from "./conversation.js";
import type { Env } from "./env.js";

/** The model that is asked. */
export const MODEL = "@cf/meta/llama-3.1-8b-instruct";

/** What of an answer is known before its text. */
export interface ModelAnswer {
  readonly response: Response;
  readonly cache: "HIT" | "MISS" | undefined;
  /** Who answered, as far as the gateway says; else who was asked. */
  readonly model: string;
}

/**
 * Sends a prompt through the room's gateway.
 * @throws {AiGatewayError} also when the gateway or the model refuses.
 */
export async function askModel(
  env: Pick<Env, "GATEWAY" | "AI">,
  prompt: Question,
  { room, signal }: { readonly room: string; readonly signal: PlatformSignal },
): Promise<ModelAnswer> {
  const response = await aiGateway(env, "GATEWAY")
    .run(
      {
        provider: "workers-ai",
        endpoint: MODEL,
        headers: { "content-type": "application/json" },
        query: prompt,
      },
      // Seen in the log, and no part of what the cache goes by.
      { signal, metadata: { room } },
    )
    .then(ensureOk);
  const model = response.headers.get("cf-aig-model") ?? MODEL;
  return { response, cache: gatewayFacts(response).cacheStatus, model };
}

const sentences: Partial<Record<AiGatewayErrorCode, string>> = {
  "rate-limited": "Too many questions at once. Ask again in a minute.",
  "spend-limited": "The budget for questions is used up for now.",
  "insufficient-credits": "There are no credits left for questions.",
  "gateway-not-found": "The gateway does not exist (any more). Deploy the app again.",
  "guardrail-blocked": "The gateway's guardrails blocked the question or the answer.",
  "guardrail-unavailable": "The gateway's guardrails do not answer. Ask again later.",
  "dlp-blocked": "The gateway's data loss prevention blocked the question or the answer.",
  timeout: "The model took too long. Ask again.",
  aborted: "The model took too long. Ask again.",
  network: "The connection to the gateway broke. Ask again.",
  "provider-failed": "The model failed. Ask again later.",
};

/** Why there is no answer, for the people in the room. Anything unknown is left to the log. */
export function explainFailure(error: unknown): string {
  if (error instanceof AiGatewayError)
    return sentences[error.code] ?? `The gateway gave no answer (${error.code}).`;
  if (error instanceof AnswerBrokenError) return error.message;
  if (error instanceof Error && (error.name === "TimeoutError" || error.name === "AbortError"))
    return "The model took too long. Ask again.";
  return "The connection to the gateway broke. Ask again.";
}
