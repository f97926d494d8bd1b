import { AiGatewayError, aiGateway } from "../index.js";
import { MODEL } from "./ask-model.js";
import type { Env } from "./env.js";

const DEFAULT_PROMPT = "Say hello in one short sentence.";

/** `POST /ai` asks the model through the gateway. */
export async function askOnce(request: Request, env: Env): Promise<Response> {
  const question = parseQuestion(await request.text());
  if (typeof question === "string") return Response.json({ error: question }, { status: 400 });

  try {
    // Handed on as it is: the body streams through, and a refusal keeps its status and its words.
    return await aiGateway(env, "GATEWAY").run(
      {
        provider: "workers-ai",
        endpoint: MODEL,
        headers: { "content-type": "application/json" },
        query: question,
      },
      { signal: request.signal },
    );
  } catch (error) {
    if (!(error instanceof AiGatewayError)) throw error;
    const { code, message } = error;
    return Response.json({ error: message, code }, { status: code === "timeout" ? 504 : 502 });
  }
}

interface Question {
  readonly prompt: string;
  readonly stream?: true;
}

/** Reads the body of a request; a string says what is wrong with it. */
function parseQuestion(text: string): Question | string {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return 'The body is not JSON. Send an object such as {"prompt":"Hello"}.';
  }
  if (typeof body !== "object" || body === null || Array.isArray(body))
    return 'The body is not a JSON object. Send one such as {"prompt":"Hello"}.';
  const { prompt = "", stream = false } = body as { prompt?: unknown; stream?: unknown };
  if (typeof prompt !== "string") return '"prompt" must be a string.';
  if (typeof stream !== "boolean") return '"stream" must be true or false.';
  return { prompt: prompt.trim() || DEFAULT_PROMPT, ...(stream && { stream }) };
}
