// @ts-check
/** One message in the list. Everything somebody wrote goes in as text, never as HTML. */

/** @typedef {import("../../worker/chat/protocol.ts").RoomMessage} RoomMessage */
/** @typedef {import("../../worker/chat/protocol.ts").ClientFrame} ClientFrame */

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const calendar = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const labels = { chat: "", question: "asks", answer: "answer", summary: "summary" };

/** Characters or lines from which a message is shown in part. */
const long = { characters: 1_500, lines: 18 };

/** Milliseconds until a message says that it is still on its way. */
const PATIENCE = 400;

export class MessageView {
  item = document.createElement("li");
  #author = make("bdi", "author");
  #label = make("span", "label");
  #time = document.createElement("time");
  #text = make("p", "text");
  #facts = make("p", "facts");
  /** @type {HTMLButtonElement | undefined} */
  #more;
  seq = Number.POSITIVE_INFINITY;
  at = 0;
  /** Whose it is and of which kind: neighbours of one kind share a heading. */
  group = "";

  /** Called when the message grows by itself. */
  onGrow = () => {};

  constructor() {
    const head = make("p", "head");
    head.append(this.#author, " ", this.#label, " ", this.#time);
    this.#text.dir = "auto";
    this.#facts.hidden = true;
    this.item.append(head, this.#text, this.#facts);
  }

  /** @param {RoomMessage} message @param {boolean} mine */
  show(message, mine) {
    this.seq = message.seq;
    this.#frame(message.author, message.kind, message.at, mine, message.person);
    this.item.dataset.state = message.state;
    if (this.#text.textContent !== message.text) this.#text.textContent = message.text;
    this.item.setAttribute("aria-busy", String(message.state === "streaming"));
    this.#showFacts(message);
    if (message.state !== "streaming") this.#fold(message.text);
  }

  /** A message the room did not confirm yet. @param {ClientFrame} frame @param {string} author */
  showPending(frame, author) {
    this.#frame(author, frame.type === "ask" ? "question" : "chat", Date.now(), true);
    this.item.dataset.state = "pending";
    this.#text.textContent = frame.text;
    // Usually the receipt is faster than this, and nothing flickers.
    setTimeout(() => {
      if (this.item.dataset.state !== "pending") return;
      this.#facts.replaceChildren("Sending…");
      this.#facts.hidden = false;
      this.onGrow();
    }, PATIENCE);
  }

  /** @param {string} reason @param {Record<string, () => void>} ways What can be done about it. */
  showRejected(reason, ways) {
    this.item.dataset.state = "rejected";
    this.#facts.replaceChildren(make("span", "bad", `Not sent. ${reason}`));
    for (const [name, act] of Object.entries(ways)) {
      const button = make("button", "small", name);
      button.addEventListener("click", act);
      this.#facts.append(" ", button);
    }
    this.#facts.hidden = false;
  }

  /** @param {string} added */
  append(added) {
    const last = this.#text.lastChild;
    if (last instanceof Text) last.appendData(added);
    else this.#text.append(added);
  }

  /** The heading is for the first of several in a row. @param {MessageView | undefined} before */
  follow(before) {
    const follows =
      before !== undefined && before.group === this.group && this.at - before.at < 5 * 60_000;
    this.item.classList.toggle("follows", follows);
  }

  /**
   * @param {string} author
   * @param {RoomMessage["kind"]} kind
   * @param {number} at
   * @param {boolean} mine
   * @param {string} [person]
   */
  #frame(author, kind, at, mine, person = "") {
    this.at = at;
    // Two people may have one name.
    this.group = `${kind} ${mine ? "" : person} ${author}`;
    this.item.className = `message ${kind}${mine ? " mine" : ""}`;
    this.#author.textContent = author;
    this.#label.textContent = labels[kind];
    this.#label.hidden = !labels[kind];
    const date = new Date(at);
    const today = date.toDateString() === new Date().toDateString();
    this.#time.dateTime = date.toISOString();
    this.#time.textContent = (today ? clock : calendar).format(date);
    this.#time.title = calendar.format(date);
  }

  /** @param {RoomMessage} message */
  #showFacts({ kind, state, error, model, ms, cache }) {
    const parts = [];
    if (state === "streaming") parts.push(make("span", "writing", "Writing…"));
    if (state === "failed") parts.push(make("span", "bad", error ?? "The answer broke off."));
    if (kind === "answer" || kind === "summary") {
      if (model) parts.push(make("span", "model", model));
      if (ms !== undefined) parts.push(make("span", "ms", duration(ms)));
      if (cache) parts.push(make("span", `cache ${cache.toLowerCase()}`, cacheWords[cache]));
    }
    this.#facts.replaceChildren(
      ...parts.flatMap((part, index) => (index ? [" · ", part] : [part])),
    );
    this.#facts.hidden = parts.length === 0;
  }

  /** A very long message must not push everything else away. @param {string} text */
  #fold(text) {
    const isLong =
      text.length > long.characters || text.split("\n", long.lines + 1).length > long.lines;
    if (!isLong || this.#more) return;
    const more = make("button", "small", "Show all");
    more.setAttribute("aria-expanded", "false");
    more.addEventListener("click", () => {
      const folded = this.item.toggleAttribute("data-folded");
      more.textContent = folded ? "Show all" : "Show less";
      more.setAttribute("aria-expanded", String(!folded));
    });
    this.item.toggleAttribute("data-folded", true);
    this.#text.after(more);
    this.#more = more;
  }
}

const cacheWords = { HIT: "cache hit", MISS: "cache miss" };

/** @param {number} ms */
const duration = (ms) => (ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`);

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} className
 * @param {string} [text]
 */
function make(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  if (made instanceof HTMLButtonElement) made.type = "button";
  return made;
}
