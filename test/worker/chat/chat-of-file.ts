import { afterAll, beforeAll } from "@jest/globals";
import { type GatewayStub, startGatewayStub } from "../gateway-stub.js";
import { type RunningChat, startChat } from "./start-chat.js";

export interface ChatOfFile {
  chat: RunningChat;
  /** What stands behind the `ai` binding. */
  gateway: GatewayStub;
}

/** The chat app and its gateway, started once for all tests of a file and ended after them. */
export function chatOfFile(): ChatOfFile {
  const parts = {} as ChatOfFile;
  beforeAll(async () => {
    parts.gateway = await startGatewayStub();
    parts.chat = await startChat({ gateway: parts.gateway.address });
  }, 30_000);
  afterAll(async () => {
    await parts.chat.close();
    await parts.gateway.close();
  });
  return parts;
}
