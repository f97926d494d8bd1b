import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { removeFolder, temporaryFolder } from "../secrets/temporary-folder.js";
import { ChatPerson } from "./chat-person.js";
import { copyCheckout } from "./checkout.js";
import { EmulatorProcess, eventually, freePort } from "./emulator-process.js";
import { cleanEnvironment, run } from "./workbench.js";

/** The deployed app, its emulator killed whenever it hurts. */
describe("the chat app", () => {
  let checkout: Awaited<ReturnType<typeof copyCheckout>>;
  let directory: string;
  let port: number;
  let emulator: EmulatorProcess;
  let url: string;

  const start = async () => {
    emulator = await EmulatorProcess.start(join(directory, "state"), port);
  };
  const cutAndStart = async () => {
    await emulator.kill();
    await start();
  };
  const joins = (room: string, name: string, query?: Record<string, string>) =>
    eventually(() => ChatPerson.join(url, room, name, query));
  const getJson = async (path: string, init?: RequestInit) => {
    const response = await fetch(new URL(path, url), init);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  beforeAll(async () => {
    checkout = await copyCheckout();
    directory = temporaryFolder("ai-gateway-chat-");
    port = await freePort();
    await start();
    const outputs = join(directory, "outputs.json");
    const cdktf = join(checkout.directory, "node_modules/cdktf-cli/bundle/bin/cdktf.js");
    const deployed = await run(
      process.execPath,
      [cdktf, "deploy", "--auto-approve", "--outputs-file", outputs],
      checkout.directory,
      { ...cleanEnvironment(), ...emulator.variables, TF_INPUT: "0", CI: "true" },
    );
    if (deployed.code !== 0) throw new Error(`${deployed.stdout}\n${deployed.stderr}`);
    ({ url } = JSON.parse(await readFile(outputs, "utf8"))["ai-gateway"]);
  }, 180_000);

  afterAll(async () => {
    await emulator?.kill();
    await checkout?.remove();
    await removeFolder(directory);
  });

  test("lets two people talk, ask, and see the answer grow", async () => {
    const ada = await joins("kitchen", "Ada");
    const bob = await joins("kitchen", "Bob");

    ada.send({ type: "say", id: "hello", text: "Hello, Bob" });
    const heard = await bob.hears("message", ({ message }) => message.id === "hello");
    expect(heard.message).toMatchObject({ author: "Ada", kind: "chat", state: "done" });

    bob.send({ type: "ask", id: "question", text: "What is an AI gateway good for?" });
    const { message } = await ada.hears("answered");
    expect(message).toMatchObject({ kind: "answer", state: "done", cache: "MISS" });
    expect(message.model).toMatch(/llama/);
    // Many tokens, which together are the answer.
    const tokens = ada.frames.filter((frame) => frame.type === "token");
    expect(tokens.length).toBeGreaterThan(3);
    ada.leave();
    bob.leave();
  }, 60_000);

  test("answers a question that was asked again out of the gateway's cache", async () => {
    const person = await joins("cache", "Ada");
    const ask = async (id: string) => {
      person.send({ type: "ask", id, text: "Which day comes after Monday?" });
      const { message } = await person.hears("answered", ({ message }) =>
        message.id.startsWith(id),
      );
      return message.cache;
    };

    // The first streams, and the gateway keeps no streams; the second is kept whole.
    expect([await ask("q1"), await ask("q2"), await ask("q3")]).toEqual(["MISS", "MISS", "HIT"]);
    person.leave();
  }, 60_000);

  test("has every acknowledged message after a kill in the middle of an answer", async () => {
    // GIVEN messages that were acknowledged, and an answer under way
    const ada = await joins("storm", "Ada", { person: "ada" });
    for (const id of ["one", "two", "three"]) {
      ada.send({ type: "say", id, text: id });
      await ada.hears("message", ({ message }) => message.id === id);
    }
    ada.send({ type: "ask", id: "q", text: "What happens when the power is cut?" });
    const { id: answer } = await ada.hears("token");

    // WHEN the emulator is killed, and Ada comes back
    await cutAndStart();
    const again = await joins("storm", "Ada", { person: "ada" });

    // THEN the messages are there, once each, in order, and the answer does not stream for ever
    const ids = [...again.messages.keys()];
    expect(ids.slice(0, 4)).toEqual(["one", "two", "three", "q"]);
    expect(ids).toContain(answer);
    const settled = () => again.messages.get(answer)?.state;
    await eventually(async () => expect(settled()).toMatch(/failed|done/));

    // AND the same frame sent again is no second message
    again.send({ type: "say", id: "three", text: "three" });
    await again.hears("message", ({ message }) => message.id === "three");
    const last = await joins("storm", "Bob");
    expect([...last.messages.keys()].filter((id) => id === "three")).toHaveLength(1);
    again.leave();
    last.leave();
  }, 60_000);

  test("summarises a room although the emulator is killed in the middle", async () => {
    // GIVEN a room with something to summarise, and a summary under way
    const ada = await joins("minutes", "Ada");
    for (const id of ["a", "b"]) {
      ada.send({ type: "say", id, text: `Point ${id}` });
      await ada.hears("message", ({ message }) => message.id === id);
    }
    const begun = await getJson("/rooms/minutes/summary", { method: "POST" });
    expect(begun.status).toBe(202);
    const path = `/rooms/minutes/summary/${begun.body.id}`;
    await sleep(300);

    // WHEN the emulator is killed and started again
    await cutAndStart();

    // THEN the summary is finished, and is in the room once
    await eventually(async () => {
      const { body } = await getJson(path);
      if (body.status !== "complete") throw new Error(JSON.stringify(body));
    }, 40_000);
    const bob = await joins("minutes", "Bob");
    const summaries = [...bob.messages.values()].filter(({ kind }) => kind === "summary");
    expect(summaries).toHaveLength(1);
    expect(summaries[0]).toMatchObject({ state: "done" });

    // AND asking for the same again starts nothing
    const same = await getJson("/rooms/minutes/summary", { method: "POST" });
    expect([200, 202]).toContain(same.status);
    bob.leave();
  }, 90_000);

  test("renders a conversation as PDF, in a container that was not there before", async () => {
    const ada = await joins("print", "Ada");
    ada.send({ type: "say", id: "p", text: "Print this, please: žluťoučký kůň, 你好" });
    await ada.hears("message", ({ message }) => message.id === "p");
    ada.leave();

    const pdf = await fetch(new URL("/rooms/print/conversation.pdf", url));
    expect([pdf.status, pdf.headers.get("content-type")]).toEqual([200, "application/pdf"]);
    expect(
      Buffer.from(await pdf.arrayBuffer())
        .subarray(0, 5)
        .toString(),
    ).toBe("%PDF-");
  }, 60_000);
});
