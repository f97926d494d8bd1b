import { describe, expect, test } from "@jest/globals";
import { parseClientFrame } from "../../../worker/chat/parse-client-frame.js";

describe("parseClientFrame", () => {
  test("trims a message and mends half a character", () => {
    // GIVEN text that no storage could keep as it is
    const frame = JSON.stringify({ type: "say", id: "a", text: " hi \ud83d " });

    // WHEN it is read
    // THEN what is left is text
    expect(parseClientFrame(frame)).toEqual({ type: "say", id: "a", text: "hi \ufffd" });
  });

  test.each([
    ["/ai why?", { type: "ask", text: "why?" }],
    ["/ai\nwhy?", { type: "ask", text: "why?" }],
    ["/aim high", { type: "say", text: "/aim high" }],
    ["so /ai", { type: "say", text: "so /ai" }],
  ])("takes %j for what it is", (text, expected) => {
    // GIVEN a message
    // WHEN it is read
    // THEN /ai as a word at its start makes it a question
    expect(parseClientFrame(JSON.stringify({ type: "say", id: "a", text }))).toEqual({
      ...{ id: "a" },
      ...expected,
    });
  });
});
