import { WorkflowEntrypoint, type WorkflowEvent, type WorkflowStep } from "cloudflare:workers";
import { AiGatewayError } from "../index.js";
import { readWholeAnswer } from "./answer-stream.js";
import { askModel, explainFailure } from "./ask-model.js";
import { isSaid, renderSummaryRequest } from "./conversation.js";
import type { Env } from "./env.js";

/** What is summarised: a room up to a message. Both together are the summary's identity. */
export interface SummaryParams {
  readonly room: string;
  /** `seq` of the last message that goes in. */
  readonly last: number;
}

/** The steps in their order, as `GET /rooms/{room}/summary/{id}` names them. */
export const summarySteps = ["read the room", "ask the model", "write the summary"] as const;
export type SummaryStep = (typeof summarySteps)[number];

/** Messages a summary is made of, at most. */
const MESSAGES = 500;

/** Milliseconds the model has in one attempt; a little less than the step. */
const ASK_TIMEOUT = 55_000;

/** Summarises a room in the background and posts the summary there. Every step may run again. */
export class SummarizeRoom extends WorkflowEntrypoint<Env, SummaryParams> {
  override async run(event: WorkflowEvent<SummaryParams>, step: WorkflowStep): Promise<void> {
    const { room: name, last } = event.payload;
    const job = event.instanceId;
    const room = this.env.ROOM.getByName(name);
    const begin = (at: SummaryStep) => room.noteProgress(job, at);

    const conversation = await step.do(
      "read the room" satisfies SummaryStep,
      { retries: { limit: 5, delay: "1 second", backoff: "exponential" }, timeout: "30 seconds" },
      async () => {
        await begin("read the room");
        // Only what is needed: a step's result has its bounds.
        const messages = await room.conversation({ count: MESSAGES, last });
        return messages.filter(isSaid);
      },
    );

    const summary = await step.do(
      "ask the model" satisfies SummaryStep,
      { retries: { limit: 5, delay: "1 second", backoff: "exponential" }, timeout: "60 seconds" },
      async () => {
        await begin("ask the model");
        const startedAt = Date.now();
        try {
          const { response, cache, model } = await askModel(
            this.env,
            renderSummaryRequest(conversation),
            {
              room: name,
              signal: AbortSignal.timeout(ASK_TIMEOUT),
            },
          );
          const text = readWholeAnswer(await response.text());
          const ms = Date.now() - startedAt;
          return { text, at: Date.now(), ms, model, ...(cache && { cache }) };
        } catch (error) {
          console.error("A summary's question failed", error);
          const sentence = explainFailure(error);
          // A refusal is a result: as an error the step would be tried again, and the sentence lost
          // behind the engine's own about errors that are not.
          if (isFinal(error)) return { refusal: sentence };
          throw new Error(sentence);
        }
      },
    );
    if ("refusal" in summary) throw new Error(summary.refusal);

    await step.do(
      "write the summary" satisfies SummaryStep,
      { retries: { limit: 5, delay: "1 second", backoff: "exponential" }, timeout: "30 seconds" },
      async () => {
        await begin("write the summary");
        const about = { author: "AI", kind: "summary", state: "done" } as const;
        await room.post({ id: summaryMessageId(job), ...about, ...summary });
      },
    );
  }
}

/** Id of the message a summary becomes; people's ids have no dot. */
export const summaryMessageId = (job: string): string => `${job}.summary`;

/** Id of a summary's workflow instance: the same room and message, the same instance. */
export const summaryId = ({ room, last }: SummaryParams): string => `${last}-${room}`;

/** Whether asking again cannot help. */
const isFinal = (error: unknown): boolean =>
  error instanceof AiGatewayError && !error.retryable && error.code !== "network";
