// @ts-check
/** Where a message is written. What is in it is kept over a reload and never thrown away. */
import { element, ofThisTab } from "./browser.js";
import { limits } from "./room-log.js";

const NEAR_LIMIT = 0.8;

export class Composer {
  #text = /** @type {HTMLTextAreaElement} */ (element("text"));
  #error = element("error");
  #length = element("length");
  #key;

  /** @param {string} room @param {(type: "say" | "ask", text: string) => void} send */
  constructor(room, send) {
    this.#key = `draft ${room}`;
    this.#text.value = ofThisTab.get(this.#key) ?? "";
    const submit = (/** @type {"say" | "ask"} */ type) => {
      const text = this.#text.value.trim();
      const wrong = check(text, type);
      this.complain(wrong);
      if (!wrong) {
        this.write("");
        send(type, text);
      }
      this.#text.focus();
    };
    element("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      submit("say");
    });
    element("ask").addEventListener("click", () => submit("ask"));
    this.#text.addEventListener("input", () => {
      this.complain("");
      this.#changed();
    });
    // On a phone Enter is the only way to a new line, and the button is near.
    const byTouch = matchMedia("(pointer: coarse)");
    this.#text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || byTouch.matches) return;
      event.preventDefault();
      submit("say");
    });
    this.#changed();
    if (!byTouch.matches) this.#text.focus();
  }

  get isEmpty() {
    return this.#text.value.trim() === "";
  }

  /** @param {string} text */
  write(text) {
    this.#text.value = text;
    this.#changed();
  }

  /** Puts text back that could not be sent, before what was written since. @param {string} text */
  giveBack(text) {
    this.write([text, this.#text.value].filter(Boolean).join("\n"));
    this.#text.focus();
  }

  /** @param {string} sentence Empty when nothing is wrong. */
  complain(sentence) {
    if (this.#error.textContent !== sentence) this.#error.textContent = sentence;
    this.#text.setAttribute("aria-invalid", String(sentence !== ""));
  }

  /** Where the style sheet cannot let the field grow with its text. */
  #grow() {
    if (CSS.supports("field-sizing", "content")) return;
    this.#text.style.height = "auto";
    this.#text.style.height = `${this.#text.scrollHeight + 2}px`;
  }

  #changed() {
    const { value } = this.#text;
    ofThisTab.set(this.#key, value || undefined);
    this.#grow();
    const { length } = value.trim();
    const isOver = length > limits.textLength;
    this.#length.textContent =
      length > limits.textLength * NEAR_LIMIT
        ? `${length.toLocaleString()} of ${limits.textLength.toLocaleString()} characters.`
        : "";
    this.#length.classList.toggle("bad", isOver);
  }
}

/** What is wrong with a message, as a sentence. @param {string} text @param {"say" | "ask"} type */
function check(text, type) {
  if (text === "" || (type === "say" && text === "/ai"))
    return type === "ask" || text ? "Write a question first." : "Write a message first.";
  const { textLength } = limits;
  return text.length > textLength
    ? `The message has ${text.length.toLocaleString()} characters; ${textLength.toLocaleString()} are allowed. Shorten it or send it in parts.`
    : "";
}
