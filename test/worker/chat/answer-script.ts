import type { Answer } from "../gateway-stub.js";
import type { RoomClient } from "./room-client.js";

/** A model's stream that a test writes piece by piece. */
export class AnswerScript {
  #begin: (response: Parameters<Answer>[1]) => void = () => {};
  readonly #begun = new Promise<Parameters<Answer>[1]>((resolve) => {
    this.#begin = resolve;
  });

  /** Answers the next request; give it to the gateway's stub. */
  readonly answer: Answer = async (_, response) => {
    response.writeHead(200, {
      "content-type": "text/event-stream",
      "cf-aig-cache-status": "MISS",
    });
    response.flushHeaders();
    this.#begin(response);
  };

  /** Sends one token as an event of its own. */
  async token(text: string): Promise<void> {
    await this.raw(event({ response: text }));
  }

  async raw(data: string | Uint8Array): Promise<void> {
    const response = await this.#begun;
    response.write(data);
  }

  async end(): Promise<void> {
    const response = await this.#begun;
    response.end("data: [DONE]\n\n");
  }

  /** Breaks the connection. */
  async break(): Promise<void> {
    const response = await this.#begun;
    response.destroy();
  }
}

export const event = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`;

/** A whole stream at once. */
export const streamed =
  (tokens: readonly string[], cache: "HIT" | "MISS" = "MISS"): Answer =>
  (_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream", "cf-aig-cache-status": cache });
    response.end(`${tokens.map((text) => event({ response: text })).join("")}data: [DONE]\n\n`);
  };

/** The parts of answers that somebody has heard. */
export const tokens = (client: RoomClient): string[] => client.of("token").map(({ text }) => text);
