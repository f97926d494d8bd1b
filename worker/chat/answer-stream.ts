import { createParser } from "eventsource-parser";

/** The answer is there in part, or not at all, and nothing more will come. */
export class AnswerBrokenError extends Error {
  override readonly name = "AnswerBrokenError";
}

/** An event of a text model's stream: Workers AI's own shape, or that of chat completions. */
interface AnswerEvent {
  readonly response?: unknown;
  readonly choices?: readonly {
    readonly delta?: { readonly content?: unknown };
    readonly message?: { readonly content?: unknown };
    readonly finish_reason?: unknown;
  }[];
  readonly error?: unknown;
  readonly errors?: unknown;
  readonly result?: AnswerEvent;
}

/**
 * The text of a model's answer as it comes: one piece for each piece that came over the network,
 * however events and characters were cut. An answer in one JSON body is one piece.
 *
 * @throws {AnswerBrokenError} when the stream says that it failed, or ends before it said so.
 */
export async function* readAnswer(response: Response): AsyncGenerator<string> {
  const type = response.headers.get("content-type") ?? "";
  if (!type.startsWith("text/event-stream")) {
    yield readWholeAnswer(await response.text());
    return;
  }
  if (!response.body) throw new AnswerBrokenError("The answer was empty.");

  let piece = "";
  let ended = false;
  const parser = createParser({
    onEvent({ data }) {
      if (data === "[DONE]") {
        ended = true;
        return;
      }
      const event = parse(data);
      piece += textOf(event);
      if (event.choices?.[0]?.finish_reason) ended = true;
    },
  });
  const decoder = new TextDecoder();
  // Leaving the loop early cancels the body, and with it the model.
  for await (const bytes of response.body) {
    let failure: { readonly error: unknown } | undefined;
    try {
      parser.feed(decoder.decode(bytes, { stream: true }));
    } catch (error) {
      failure = { error };
    }
    // What came before a failure is part of the answer.
    if (piece !== "") yield piece;
    piece = "";
    if (failure) throw failure.error;
  }
  if (!ended) throw new AnswerBrokenError("The answer broke off.");
}

/**
 * The text of an answer that came as one JSON body.
 * @throws {AnswerBrokenError} when there is none in it.
 */
export function readWholeAnswer(body: string): string {
  const text = textOf(parse(body));
  if (text === "") throw new AnswerBrokenError("The model answered without any text.");
  return text;
}

function parse(data: string): AnswerEvent {
  try {
    const event: unknown = JSON.parse(data);
    if (typeof event === "object" && event !== null) return event;
  } catch {
    // Said below, as for JSON that is no object.
  }
  throw new AnswerBrokenError("The model sent something that is no answer.");
}

function textOf({ response, choices, error, errors, result }: AnswerEvent): string {
  if (error || (Array.isArray(errors) && errors.length > 0))
    throw new AnswerBrokenError(`The model failed: ${readFailure(error ?? errors)}`);
  if (result) return textOf(result);
  const text = response ?? choices?.[0]?.delta?.content ?? choices?.[0]?.message?.content;
  return typeof text === "string" ? text : typeof text === "number" ? `${text}` : "";
}

function readFailure(failure: unknown): string {
  const first = [failure].flat()[0] as { readonly message?: unknown } | string | undefined;
  const message = typeof first === "object" ? first?.message : first;
  return typeof message === "string" ? message : "it did not say why.";
}
