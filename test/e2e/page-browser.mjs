/**
 * A real browser with people in it, for the tests and the screenshots of the app's page.
 * The browser's packages are ES modules, which jest's require cannot load: so these are programs.
 */
import chromium from "@sparticuz/chromium";
import { chromium as browser } from "playwright-core";

export async function openBrowser() {
  return browser.launch({
    executablePath: process.env.CHROMIUM_PATH ?? (await chromium.executablePath()),
    // Not the package's own: made for a single process, they let two profiles share their storage.
    args: ["--no-sandbox"],
  });
}

export const phone = {
  viewport: { width: 360, height: 640 },
  deviceScaleFactor: 2,
  hasTouch: true,
  isMobile: true,
};
export const desk = { viewport: { width: 1100, height: 720 } };

/** One person with a browser profile of their own, whose network can be taken away. */
export class Person {
  complaints = [];
  #sockets = new Set();
  #isCut = false;
  #breaksNext = false;
  /** Frames by direction, parsed. */
  sent = [];
  received = [];

  static async open(window, name, options = desk) {
    const person = new Person();
    person.name = name;
    person.context = await window.newContext({ reducedMotion: "reduce", ...options });
    await person.context.routeWebSocket(/\/socket\?/, (page) => person.#connect(page));
    person.page = await person.context.newPage();
    person.page.on("console", (message) => {
      // A socket that was cut on purpose is no complaint.
      if (message.type() === "error") person.complaints.push(message.text());
    });
    person.page.on("pageerror", (error) => person.complaints.push(error.message));
    return person;
  }

  #connect(page) {
    if (this.#isCut) return void page.close({ code: 4000, reason: "cut" });
    const room = page.connectToServer();
    const entry = { page, room, lose: false };
    this.#sockets.add(entry);
    page.onMessage((data) => {
      if (data !== "ping") this.sent.push(JSON.parse(data));
      room.send(this.#breaksNext ? data.slice(1) : data);
      this.#breaksNext = false;
    });
    room.onMessage((data) => {
      if (entry.lose) return;
      if (data !== "pong") this.received.push(JSON.parse(data));
      page.send(data);
    });
    page.onClose(() => {
      this.#sockets.delete(entry);
      room.close();
    });
    room.onClose((code, reason) => page.close({ code, reason }).catch(() => {}));
  }

  /** Closes every socket; new ones do not open before `mend`. */
  async cut() {
    this.#isCut = true;
    for (const { page, room } of this.#sockets) {
      await page.close({ code: 4000, reason: "cut" });
      await room.close();
    }
    this.#sockets.clear();
  }

  mend() {
    this.#isCut = false;
  }

  /** What the room says is lost on the way from now on; the page's words still arrive. */
  loseAnswers() {
    for (const entry of this.#sockets) entry.lose = true;
  }

  /** The next frame arrives at the room without its first character. */
  breakNext() {
    this.#breaksNext = true;
  }

  /** Through the form, as somebody new. */
  async join(url, room) {
    await this.page.goto(`${url}/?room=${room}`);
    await this.page.getByLabel("Your name").fill(this.name);
    await this.page.getByRole("button", { name: "Join" }).click();
    await this.connected();
  }

  connected() {
    return this.page
      .getByRole("status")
      .filter({ hasText: /^Connected$/ })
      .waitFor();
  }

  /** @param {"Send" | "Ask"} button */
  async write(text, button = "Send") {
    await this.page.getByLabel("Message").fill(text);
    await this.page.getByRole("button", { name: button, exact: true }).click();
  }

  message(text) {
    return this.page.locator("#messages li").filter({ hasText: text });
  }

  /** What stands in the conversation, in order. */
  texts() {
    return this.page.locator("#messages li .text").allTextContents();
  }
}
