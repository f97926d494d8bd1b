import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ManualClock } from "../../../emulator/clock.js";
import { type Answer, Harness, LLAMA } from "../data-plane/harness.js";

let harness: Harness;
beforeEach(async () => {
  harness = await new Harness({ "workers-ai": { latencyMs: 0 } }, new ManualClock()).start();
  harness.gateway("main");
});
afterEach(() => harness.close());

const native = (input: unknown, model = LLAMA): Promise<Answer> =>
  harness.ask(`main/workers-ai/${model}`, { body: input });
const openai = (input: object): Promise<Answer> =>
  harness.ask("main/workers-ai/v1/chat/completions", { body: { model: LLAMA, ...input } });
// biome-ignore lint/suspicious/noExplicitAny: an event under test may have any shape
const events = ({ text }: Answer): any[] =>
  text
    .split("\n\n")
    .filter((line) => line.startsWith("data: {"))
    .map((line) => JSON.parse(line.slice(6)));

describe("GIVEN a prompt", () => {
  test("WHEN it comes twice THEN the answer is the same; another prompt has another one", async () => {
    const [one, two, other] = [
      await native({ prompt: "hello" }),
      await native({ prompt: "hello" }),
      await native({ prompt: "hello " }),
    ];
    expect(two.text).toBe(one.text);
    expect(other.json.result.response).not.toBe(one.json.result.response);
  });

  test("WHEN it is answered THEN the answer says that no model ran", async () => {
    const answer = await native({ prompt: "hello" });
    expect(answer.json.result.response).toContain("no model ran");
    expect(answer.headers["emulator-upstream"]).toBe("scripted");
  });

  test("WHEN messages come instead THEN all of their text counts", async () => {
    const messages = [
      { role: "system", content: "You are brief." },
      { role: "user", content: [{ type: "text", text: "Say hello." }] },
    ];
    expect((await native({ messages })).json.result.usage.prompt_tokens).toBe(5);
  });

  test("WHEN fewer tokens are allowed THEN fewer come", async () => {
    const { usage, response } = (await native({ prompt: "hi", max_tokens: 3 })).json.result;
    expect([usage.completion_tokens, response.split(" ").length]).toEqual([3, 3]);
    const chat = await openai({ messages: [{ role: "user", content: "hi" }], max_tokens: 3 });
    expect(chat.json.choices[0].finish_reason).toBe("length");
  });
});

describe("GIVEN a stream", () => {
  test("WHEN it is native THEN its tokens are the answer, then come the usage and [DONE]", async () => {
    const whole = (await native({ prompt: "hello" })).json.result;
    const stream = await native({ prompt: "hello", stream: true });
    const seen = events(stream);
    expect(stream.headers["content-type"]).toBe("text/event-stream");
    expect(seen.map(({ response }) => response).join("")).toBe(whole.response);
    expect(seen.at(-1)).toEqual({ response: "", usage: whole.usage });
    expect(seen.length).toBe(whole.usage.completion_tokens + 1);
    expect(stream.text.endsWith("data: [DONE]\n\n")).toBe(true);
  });

  test("WHEN it is OpenAI's THEN its deltas are the answer", async () => {
    const messages = [{ role: "user", content: "hello" }];
    const whole = (await openai({ messages })).json;
    const seen = events(await openai({ messages, stream: true }));
    expect(seen.map(({ choices }) => choices[0].delta.content ?? "").join("")).toBe(
      whole.choices[0].message.content,
    );
    expect(seen.at(-1)).toMatchObject({ usage: whole.usage, choices: [{ finish_reason: "stop" }] });
  });

  test("WHEN it has passed THEN its row has the tokens", async () => {
    const usage = events(await native({ prompt: "hello", stream: true })).at(-1).usage;
    expect(harness.rows()[0]).toMatchObject({
      tokens_in: usage.prompt_tokens,
      tokens_out: usage.completion_tokens,
    });
  });
});

describe("GIVEN what has no scripted answer", () => {
  test.each([
    ["an unknown model", "@cf/nobody/nothing", { prompt: "hi" }, 400, 5007],
    ["an embedding", "@cf/baai/bge-base-en-v1.5", { text: "hi" }, 501, 501],
    ["an image", "@cf/black-forest-labs/flux-1-schnell", { prompt: "hi" }, 501, 501],
    ["a JSON schema", LLAMA, { prompt: "hi", response_format: { type: "json_schema" } }, 501, 501],
    ["no prompt", LLAMA, {}, 400, 5006],
    ["no JSON", LLAMA, "hi", 400, 5006],
    ["no model's path", "run/llama", { prompt: "hi" }, 501, 501],
  ])(
    "WHEN it is %s THEN Workers AI's envelope refuses it",
    async (_what, model, input, status, code) => {
      const answer = await native(input, model);
      expect(answer.status).toBe(status);
      expect(answer.json).toEqual({
        result: {},
        success: false,
        errors: [{ code, message: expect.any(String) }],
        messages: [],
      });
    },
  );
});
