// @ts-check
/** What was said before the page came: read when somebody scrolls up to it or asks for it. */
import { announce } from "./announcer.js";
import { element } from "./browser.js";

/** @typedef {import("../../worker/chat/protocol.ts").HistoryPage} HistoryPage */

/** Messages read at once: some screens full, and soon there on a slow line. */
const MANY = 50;
/** Milliseconds after which the room is no longer waited for. */
const PATIENCE = 15_000;

export class EarlierMessages {
  #box = element("earlier");
  #button = element("show-earlier");
  #note = element("earlier-note");
  #start = element("start");
  #path;
  #client;
  #log;
  #isReading = false;
  #hasRead = false;
  /** After a failure only the button tries again, not every turn of a wheel. */
  #failed = false;

  /**
   * @param {string} room
   * @param {import("./room-client.js").RoomClient} client
   * @param {import("./log-view.js").LogView} log
   */
  constructor(room, client, log) {
    this.#path = `/rooms/${encodeURIComponent(room)}/messages`;
    this.#client = client;
    this.#log = log;
    this.#button.addEventListener("click", () => this.#read());
    log.onTop = () => {
      if (!this.#failed) this.#read();
    };
  }

  /** After the page knows another oldest message. */
  refresh() {
    const { oldest } = this.#client;
    const has = oldest !== undefined && oldest > 1;
    // Whoever is at the button must not lose their place with it.
    if (!has && this.#box.contains(document.activeElement)) this.#log.focus();
    this.#box.hidden = !has;
    this.#start.hidden = has || !this.#hasRead || this.#log.isEmpty;
  }

  async #read() {
    const { oldest } = this.#client;
    if (this.#isReading || oldest === undefined || oldest <= 1) return;
    this.#isReading = true;
    this.#button.ariaDisabled = "true";
    this.#say("Reading…");
    try {
      const address = `${this.#path}?before=${oldest}&limit=${MANY}`;
      const response = await fetch(address, { signal: AbortSignal.timeout(PATIENCE) });
      if (!response.ok) throw new Error(`The room answered ${response.status}.`);
      /** @type {HistoryPage} */
      const page = await response.json();
      this.#failed = false;
      // The room may have started over in the meantime.
      if (this.#client.oldest === oldest) this.#show(page);
      this.#say("");
    } catch {
      this.#failed = true;
      this.#say("The earlier messages did not come. Try again.", true);
      announce("The earlier messages did not come.");
    } finally {
      this.#isReading = false;
      this.#button.ariaDisabled = null;
    }
  }

  /** @param {HistoryPage} page */
  #show(page) {
    this.#log.keepPlace(() => {
      this.#client.addEarlier(page);
      this.#hasRead = true;
      this.refresh();
    });
    const { length } = page.messages;
    const count = `${length} earlier ${length === 1 ? "message" : "messages"}.`;
    announce(page.earlier ? count : `${count} The conversation begins here.`);
  }

  /** @param {string} sentence */
  #say(sentence, isBad = false) {
    this.#note.textContent = sentence;
    this.#note.classList.toggle("bad", isBad);
  }
}
