// @ts-check
/**
 * Tells a screen reader what happened in the room, in few words: whole messages, several at once,
 * and answers when they are complete. The list itself is silent, or every token would be read out.
 */
import { element } from "./browser.js";

/** Milliseconds in which messages are gathered. */
const PAUSE = 700;
/** More than these are counted, not read. */
const MOST = 3;
const LONGEST = 400;

/** @type {string[]} */
let waiting = [];

/** @param {string} text */
export function announce(text) {
  if (waiting.push(text) > 1) return;
  setTimeout(() => {
    const texts = waiting;
    waiting = [];
    element("announcer").textContent =
      texts.length > MOST ? `${texts.length} new messages.` : texts.map(shorten).join(" ");
  }, PAUSE);
}

/** @param {string} text */
const shorten = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
