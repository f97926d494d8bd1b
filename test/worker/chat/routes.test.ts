import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type GatewayStub, startGatewayStub } from "../gateway-stub.js";
import { RoomClient } from "./room-client.js";
import { type RunningChat, startChat } from "./start-chat.js";

let gateway: GatewayStub;
let pdf: Server;
let answerPdf: Parameters<typeof createServer>[1];
let chat: RunningChat;
beforeAll(async () => {
  gateway = await startGatewayStub();
  pdf = createServer((request, response) => answerPdf?.(request, response as never));
  await new Promise<void>((resolve) => pdf.listen(0, "127.0.0.1", resolve));
  chat = await startChat({
    gateway: gateway.address,
    pdf: `127.0.0.1:${(pdf.address() as AddressInfo).port}`,
  });
}, 30_000);
afterAll(async () => {
  await chat.close();
  await gateway.close();
  pdf.closeAllConnections();
  pdf.close();
});

const call = async (method: string, path: string, headers: Record<string, string> = {}) => {
  const response = await fetch(new URL(path, chat.url), { method, headers });
  const body = await response.text();
  return { status: response.status, headers: response.headers, body };
};

test("the routes of the code are the routes of the documentation", async () => {
  // GIVEN the table in the documentation and the one in the code
  const root = join(__dirname, "../../..");
  const page = await readFile(join(root, "docs/chat-app.md"), "utf8");
  const code = await readFile(join(root, "worker/chat/routes.ts"), "utf8");
  const documented = [...page.matchAll(/^\| `((?:GET|POST) \/[^`]*)` \|/gm)].map(([, it]) => it);
  const routed = [...code.matchAll(/method: "(\w+)", path: "([^"]+)"/g)].map(
    ([, method, path]) => `${method} ${path}`,
  );

  // WHEN they are compared
  // THEN they are the same
  expect(routed.length).toBeGreaterThan(4);
  expect(documented).toEqual(routed);
});

test("the limits of the documentation are those of the code", async () => {
  // GIVEN the limits
  const page = await readFile(join(__dirname, "../../../docs/chat-app.md"), "utf8");
  const { limits } = await import("../../../worker/chat/protocol.js");

  // WHEN the documentation is read
  // THEN it has them
  const table = page.slice(page.indexOf("## Limits"), page.indexOf("## What is kept"));
  for (const [name, value] of Object.entries(limits)) {
    if (["idLength", "people", "welcome", "resume"].includes(name)) continue;
    expect(table).toMatch(new RegExp(`(?<![\\d,])${value.toLocaleString("en")}(?!,?\\d)`));
  }
});

describe("the router", () => {
  test.each([
    ["GET", "/rooms"],
    ["GET", "/rooms/tea"],
    ["GET", "/rooms/tea/"],
    ["GET", "/rooms/tea/socket/"],
    ["GET", "/rooms/tea/summary/1/2"],
    ["GET", "/rooms/tea/messages/1"],
    ["GET", "/ROOMS/tea/socket"],
  ])("does not know %s %s", async (method, path) => {
    // GIVEN a path that is in no table
    // WHEN it is asked for
    const { status, body } = await call(method, path);

    // THEN it is not found, and a sentence says so
    expect(status).toBe(404);
    expect(JSON.parse(body)).toEqual({ error: expect.stringContaining("Not found") });
  });

  test.each([
    ["POST", "/rooms/tea/socket", "GET"],
    ["POST", "/rooms/tea/messages", "GET"],
    ["GET", "/rooms/tea/summary", "POST"],
    ["DELETE", "/rooms/tea/summary/1-tea", "GET"],
    ["PUT", "/rooms/tea/conversation.pdf", "GET"],
  ])("does not take %s %s", async (method, path, allow) => {
    // GIVEN a route of another method
    // WHEN it is asked for
    const { status, headers, body } = await call(method, path);

    // THEN the answer says which there is
    expect(status).toBe(405);
    expect(headers.get("allow")).toBe(allow);
    expect(JSON.parse(body).error).toContain(allow);
  });

  test.each([
    ["GET", "/rooms/Tea/socket?name=Ada"],
    ["GET", "/rooms/tea%20time/socket?name=Ada"],
    ["GET", `/rooms/${"a".repeat(65)}/conversation.pdf`],
    ["POST", "/rooms/t_a/summary"],
    ["GET", "/rooms/t.a/summary/1-t.a"],
    ["GET", "/rooms//socket"],
  ])("does not take the room of %s %s", async (method, path) => {
    // GIVEN a name that no room can have
    // WHEN it is asked for
    const { status, body } = await call(method, path);

    // THEN the answer says what a name may be
    expect(status).toBe(400);
    expect(JSON.parse(body).error).toContain("1 to 64 small letters, digits or hyphens");
  });
});

describe("joining", () => {
  test("needs an upgrade", async () => {
    // GIVEN a plain request
    // WHEN the socket is asked for
    const { status, body } = await call("GET", "/rooms/tea/socket?name=Ada");

    // THEN the answer says what is needed
    expect(status).toBe(426);
    expect(JSON.parse(body).error).toContain("WebSockets");
  });

  test.each([
    ["", "name"],
    ["?name=%20%0A", "name"],
    [`?name=${"a".repeat(41)}`, "name"],
    ["?name=Ada&person=a.b", "person"],
    ["?name=Ada&after=-1", "after"],
    ["?name=Ada&after=", "after"],
  ])("with %j is refused", async (query, part) => {
    // GIVEN a query that is not allowed
    const url = new URL(`/rooms/tea/socket${query}`, chat.url);
    url.protocol = "ws:";

    // WHEN somebody joins with it
    const { default: WebSocket } = await import("ws");
    const socket = new WebSocket(url);
    const [status, body] = await new Promise<[number | undefined, string]>((resolve) => {
      socket.once("unexpected-response", (_, response) => {
        let text = "";
        response.on("data", (chunk) => {
          text += chunk;
        });
        response.on("end", () => resolve([response.statusCode, text]));
      });
    });

    // THEN the answer says what is wrong
    expect(status).toBe(400);
    expect(JSON.parse(body).error).toContain(`"${part}"`);
  });
});

describe("a room's PDF", () => {
  test("is what the container makes of the conversation", async () => {
    // GIVEN a conversation, and a container that answers
    let sent = "";
    answerPdf = (request, response) => {
      request.on("data", (chunk) => {
        sent += chunk;
      });
      request.on("end", () => response.end("%PDF-of-tea"));
    };
    const ada = await RoomClient.join(chat.url, "paper", { name: "Ada" });
    const message = await ada.say("m1", "Hello");

    // WHEN it is asked for
    const { status, headers, body } = await call("GET", "/rooms/paper/conversation.pdf");

    // THEN it comes back as a file with the room's name
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("application/pdf");
    expect(headers.get("content-disposition")).toBe('inline; filename="paper.pdf"');
    expect(body).toBe("%PDF-of-tea");
    expect(JSON.parse(sent)).toEqual({ room: "paper", messages: [message] });
    await ada.close();
  });

  test.each([
    [
      "refuses",
      (response: { statusCode: number; end(): void }) => {
        response.statusCode = 500;
        response.end();
      },
    ],
    ["breaks", (response: { destroy(): void }) => response.destroy()],
  ])("is a 503 with a sentence while the container %s", async (_, end) => {
    // GIVEN a conversation, and a container that fails
    answerPdf = (_, response) => end(response as never);
    const ada = await RoomClient.join(chat.url, "nopaper", { name: "Ada" });
    await ada.say("m1", "Hello");

    // WHEN it is asked for
    const { status, headers, body } = await call("GET", "/rooms/nopaper/conversation.pdf");

    // THEN it is said that it may be there later
    expect(status).toBe(503);
    expect(headers.get("retry-after")).toBe("10");
    expect(JSON.parse(body).error).toContain("Try again");
    await ada.close();
  });

  test("of an empty room is not there", async () => {
    // GIVEN nobody has said anything
    // WHEN it is asked for
    // THEN there is none
    expect((await call("GET", "/rooms/blank/conversation.pdf")).status).toBe(404);
  });
});
