import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { reply } from "../gateway-stub.js";
import { chatOfFile } from "./chat-of-file.js";
import { RoomClient } from "./room-client.js";

const here = chatOfFile();

const summary = reply(
  200,
  { result: { response: "They greeted." } },
  {
    "cf-aig-cache-status": "MISS",
  },
);
beforeEach(() => here.gateway.answer(summary));

interface Status {
  readonly id: string;
  readonly status: string;
  readonly step?: string;
  readonly message?: string;
  readonly error?: string;
}

const post = (room: string, init: RequestInit = {}) =>
  fetch(new URL(`/rooms/${room}/summary`, here.chat.url), { method: "POST", ...init });

const start = async (room: string) => {
  const response = await post(room);
  expect(response.status).toBe(202);
  const { id } = (await response.json()) as { id: string };
  expect(response.headers.get("location")).toBe(`/rooms/${room}/summary/${id}`);
  return id;
};

const show = async (room: string, id: string) => {
  const response = await fetch(new URL(`/rooms/${room}/summary/${id}`, here.chat.url));
  expect(response.status).toBe(200);
  return (await response.json()) as Status;
};

/** Asks for the status until it is what is waited for; Jest's time limit ends it. */
async function until(room: string, id: string, fits: (status: Status) => boolean) {
  for (;;) {
    const status = await show(room, id);
    if (fits(status)) return status;
    await sleep(50);
  }
}

describe("a summary", () => {
  test("is made in the background and comes into the room", async () => {
    // GIVEN a room where two have talked
    const ada = await RoomClient.join(here.chat.url, "sum", { name: "Ada" });
    const bob = await RoomClient.join(here.chat.url, "sum", { name: "Bob" });
    await ada.say("m1", "Hello");
    await bob.say("m2", "Hi");

    // WHEN a summary is asked for
    const id = await start("sum");

    // THEN everybody gets it as a message, and the job is done
    expect(await bob.message(`${id}.summary`)).toMatchObject({
      ...{ seq: 3, author: "AI", kind: "summary", state: "done", text: "They greeted." },
      ...{ model: "@cf/meta/llama-3.1-8b-instruct", cache: "MISS", ms: expect.any(Number) },
    });
    expect(await until("sum", id, ({ status }) => status === "complete")).toEqual({
      ...{ id, status: "complete", message: `${id}.summary` },
    });
    // AND the model was asked once, about what was said
    expect(here.gateway.requests).toHaveLength(1);
    expect(JSON.parse(here.gateway.requests[0]?.body ?? "")[0].query.messages[0].content).toMatch(
      /\n\nAda: Hello\nBob: Hi$/,
    );
    await ada.close();
    await bob.close();
  });

  test("of the same messages is the same one, and of more another", async () => {
    // GIVEN a summary
    const ada = await RoomClient.join(here.chat.url, "same", { name: "Ada" });
    await ada.say("m1", "Hello");
    const ids = await Promise.all([start("same"), start("same")]);
    await ada.message(`${ids[0]}.summary`);

    // WHEN it is asked for again, and again after something was said
    const again = await start("same");
    await ada.say("m2", "More");
    const other = await start("same");
    await ada.message(`${other}.summary`);

    // THEN there is one for each state of the room
    expect(new Set([...ids, again]).size).toBe(1);
    expect(other).not.toBe(again);
    expect(ada.messages.map(({ kind }) => kind)).toEqual(["chat", "summary", "chat", "summary"]);
    expect(here.gateway.requests).toHaveLength(2);
    await ada.close();
  });

  test("comes although the gateway fails at first, and says meanwhile where it is", async () => {
    // GIVEN a gateway that fails once
    let calls = 0;
    here.gateway.answer((request, response) =>
      ++calls === 1
        ? reply(500, { success: false, error: [{ code: 2005, message: "down" }] })(
            request,
            response,
          )
        : summary(request, response),
    );
    const ada = await RoomClient.join(here.chat.url, "retry", { name: "Ada" });
    await ada.say("m1", "Hello");

    // WHEN a summary is asked for
    const id = await start("retry");

    // THEN it is seen waiting to ask again, and then it is there
    await until("retry", id, ({ step }) => step === "ask the model");
    expect(await ada.message(`${id}.summary`)).toMatchObject({ text: "They greeted." });
    expect(calls).toBe(2);
    await ada.close();
  });

  test("that cannot succeed fails at once, says so, and may be started over", async () => {
    // GIVEN a gateway that refuses for good
    here.gateway.answer(
      reply(424, { success: false, error: [{ code: 2016, message: "blocked" }] }),
    );
    const ada = await RoomClient.join(here.chat.url, "refused", { name: "Ada" });
    await ada.say("m1", "Hello");

    // WHEN a summary is asked for
    const id = await start("refused");
    const failed = await until("refused", id, ({ status }) => status === "errored");

    // THEN it failed in that step, after one call
    expect(failed).toMatchObject({
      step: "ask the model",
      error: expect.stringMatching(/blocked/),
    });
    expect(here.gateway.requests).toHaveLength(1);
    // AND when the gateway is well again, the same summary starts over
    here.gateway.answer(summary);
    expect(await start("refused")).toBe(id);
    await ada.message(`${id}.summary`);
    await ada.close();
  });
});

test("a summary of an empty room is refused with 409", async () => {
  // GIVEN nobody has said anything
  // WHEN a summary is asked for
  const response = await post("silent");

  // THEN there is nothing to summarise
  expect(response.status).toBe(409);
  expect(here.gateway.requests).toEqual([]);
});

test("a summary takes no body", async () => {
  // GIVEN a body
  // WHEN a summary is asked for with it
  const response = await post("sum", { body: '{"style":"haiku"}' });

  // THEN it is a mistake
  expect(response.status).toBe(400);
});

test.each(["1-other", "1-sum-2", "999-sum", "sum"])("there is no summary %s", async (id) => {
  // GIVEN an id that nobody was given
  // WHEN its status is asked for
  const response = await fetch(new URL(`/rooms/sum/summary/${id}`, here.chat.url));

  // THEN it is not there
  expect(response.status).toBe(404);
});
