import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { bundlePdfService } from "../../../worker/bundle.js";
import { removeFolder, temporaryFolder } from "../../secrets/temporary-folder.js";

let folder: string;
let service: ChildProcess;
let url: string;
beforeAll(async () => {
  // GIVEN the service as it is in the image
  folder = temporaryFolder("pdf-test-");
  await bundlePdfService(join(folder, "image"));
  // Any free port: the program says which.
  service = spawn(process.execPath, [join(folder, "image/server.mjs")], {
    env: { PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const said = await new Promise<string>((resolve) => service.stdout?.once("data", resolve));
  url = `http://127.0.0.1:${/port (\d+)/.exec(said)?.[1]}/`;
}, 30_000);
afterAll(async () => {
  const ended = new Promise((resolve) => service.once("exit", resolve));
  service.kill();
  await ended;
  await removeFolder(folder);
});

const message = (author: string, text: string, more: object = {}) => ({
  ...{ author, text, at: Date.UTC(2026, 10, 22, 20, 40), kind: "chat", state: "done" },
  ...more,
});

const post = (body: unknown) =>
  fetch(url, { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body) });

/** The text of each page, as a reader of PDFs finds it. */
async function pagesOf(pdf: ArrayBuffer): Promise<string[]> {
  const reader = spawn(process.execPath, [join(__dirname, "read-pdf.mjs")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  reader.stdin.end(Buffer.from(pdf));
  return JSON.parse(await text(reader.stdout));
}

const render = async (messages: object[]) => {
  const response = await post({ room: "tea", messages });
  expect(response.headers.get("content-type")).toBe("application/pdf");
  return pagesOf(await response.arrayBuffer());
};

describe("the PDF service", () => {
  test("prints who said what when, in the letters they used", async () => {
    // WHEN a conversation in several scripts is rendered
    const [page = ""] = await render([
      message("Zoë", "Grüße, ça va?"),
      message("Иван Ωmega", "Привет\r\nдруг", { kind: "question" }),
      message("AI", "Half an", { kind: "answer", state: "failed", error: "It broke off." }),
    ]);

    // THEN a reader finds the room, names, times, texts, and why an answer failed
    for (const part of [
      ...["#tea", "3 messages, times in UTC", "Zoë", "2026-11-22 20:40", "Grüße, ça va?"],
      ...["Иван Ωmega", "asks", "Привет", "друг", "Half an", "It broke off.", "1 / 1"],
    ])
      expect(page).toContain(part);
  });

  test("wraps long lines, breaks pages and numbers them", async () => {
    // WHEN it is a long conversation
    const pages = await render(
      Array.from({ length: 120 }, (_, n) => message(`Person ${n}`, `${n}: ${"word ".repeat(60)}`)),
    );

    // THEN it has pages, each with its number, and nothing is lost
    expect(pages.length).toBeGreaterThan(8);
    for (const [index, page] of pages.entries())
      expect(page).toContain(`${index + 1} / ${pages.length}`);
    const all = pages.join(" ");
    for (let n = 0; n < 120; n++) expect(all).toContain(`Person ${n}`);
    expect(all.match(/word/g)).toHaveLength(120 * 60);
  });

  test.each([
    ["Chinese", "日本語 中文"],
    ["Arabic", "مرحبا"],
    ["Hebrew", "שלום"],
    ["Thai and Hindi", "สวัสดี नमस्ते"],
    ["emoji of several parts", "👩‍👩‍👧‍👦 🏳️‍🌈 😀"],
    ["combining marks", "e\u0301\u0302\u0303 Z\u0351\u034b"],
    ["no letters at all", "\u0000\u0007\u200b"],
    ["half a character", "\ud83d"],
    ["one very long word", "x".repeat(4_000)],
  ])("does not fail for %s", async (_, words) => {
    // WHEN a name and a text have it
    const pages = await render([message(words.slice(0, 40), words), message("Ada", "after")]);

    // THEN there is a PDF, and what follows is in it
    expect(pages.join(" ")).toContain("after");
  });

  test("says that it is there", async () => {
    // WHEN it is asked
    // THEN it is well
    expect(await (await fetch(new URL("/health", url))).text()).toBe("ok");
  });

  test.each([
    ["hello", "not JSON"],
    ["null", '"room"'],
    [{ room: "tea" }, '"messages"'],
    [{ room: "tea", messages: [null] }, "messages[0]"],
    [{ room: "tea", messages: [message("Ada", "a"), {}] }, "messages[1].author"],
    [{ room: "tea", messages: [message("Ada", "a", { at: "now" })] }, "messages[0].at"],
    [{ room: "tea", messages: [message("Ada", "a", { at: 1e99 })] }, "messages[0].at"],
  ])("refuses %j with 400 and a sentence", async (body, part) => {
    // WHEN a body is no conversation
    const response = await post(body);

    // THEN it says what is wrong
    expect(response.status).toBe(400);
    expect(((await response.json()) as { error: string }).error).toContain(part);
  });

  test.each([
    ["GET", "/", 405],
    ["POST", "/health", 405],
    ["GET", "/other", 404],
  ])("answers %s %s with %i", async (method, path, status) => {
    // WHEN something else is asked
    // THEN it says no
    expect((await fetch(new URL(path, url), { method })).status).toBe(status);
  });

  test("has a Dockerfile that needs no more than Node and the folder", async () => {
    // WHEN the image's recipe is read
    const lines = (await readFile(join(folder, "image/Dockerfile"), "utf8")).trim().split("\n");

    // THEN nothing is installed or run while it is built
    expect(lines.filter((line) => /^(RUN|ADD)\b/.test(line))).toEqual([]);
    expect(lines[0]).toBe("FROM node:22-slim");
    expect(lines.at(-1)).toBe('CMD ["node", "server.mjs"]');
  });
});
