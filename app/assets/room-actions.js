// @ts-check
/** What can be done with a whole conversation: a summary of it, and a PDF. */
import { element } from "./browser.js";

/** Milliseconds between two looks at a summary that is being written. */
const LOOK = 1_000;
/** Milliseconds for which a success is told. */
const STAY = 15_000;
/** Looks that may fail in a row: the network may be gone for a while. */
const FAILURES = 20;

/** @param {string} room */
export function roomActions(room) {
  const path = `/rooms/${encodeURIComponent(room)}`;
  const summarise = element("summarise");
  const pdf = /** @type {HTMLAnchorElement} */ (element("pdf"));
  pdf.href = `${path}/conversation.pdf`;

  whileIdle(summarise, async () => {
    say("Asking for a summary…");
    const { id } = await json(await fetch(`${path}/summary`, { method: "POST" }));
    say(`Summary: ${await watchSummary(`${path}/summary/${encodeURIComponent(id)}`)}`);
  });

  // The link works by itself; this tells what goes on, since the first PDF may take a while.
  whileIdle(pdf, async () => {
    say("Making the PDF…");
    const response = await fetch(pdf.href);
    if (!response.ok) throw new Error(await reason(response));
    const made = document.createElement("a");
    made.href = URL.createObjectURL(await response.blob());
    made.download = `${room}.pdf`;
    made.click();
    setTimeout(() => URL.revokeObjectURL(made.href), 60_000);
    say("The PDF is downloaded.");
  });
}

/** Shows how far it is until it is done. @param {string} path */
async function watchSummary(path) {
  for (let failures = 0; ; ) {
    await new Promise((resolve) => setTimeout(resolve, LOOK));
    try {
      const { status, step, error } = await json(await fetch(path));
      failures = 0;
      if (status === "complete") return "it is in the conversation.";
      if (status === "errored" || status === "terminated")
        throw Object.assign(new Error(error?.message ?? error ?? `it is ${status}.`), {
          final: true,
        });
      say(`Summary: ${step ?? (status === "queued" ? "queued" : "being written")}…`);
    } catch (error) {
      failures += 1;
      if (failures > FAILURES || (error instanceof Error && "final" in error)) throw error;
    }
  }
}

/** @param {HTMLElement} control @param {() => Promise<void>} act */
function whileIdle(control, act) {
  control.addEventListener("click", async (event) => {
    event.preventDefault();
    if (control.ariaDisabled === "true") return;
    // Not `disabled`, which would take the focus away from who uses a keyboard.
    control.ariaDisabled = "true";
    try {
      await act();
    } catch (error) {
      say(error instanceof Error ? error.message : String(error), true);
    } finally {
      control.ariaDisabled = null;
    }
  });
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let hiding;

/** @param {string} sentence */
function say(sentence, isBad = false) {
  const notice = element("notice");
  clearTimeout(hiding);
  // What went well need not stay; what went on or wrong does.
  if (!isBad && sentence.endsWith(".")) hiding = setTimeout(() => (notice.hidden = true), STAY);
  notice.hidden = false;
  notice.classList.toggle("bad", isBad);
  notice.textContent = sentence;
}

/** @param {Response} response */
async function json(response) {
  if (!response.ok) throw new Error(await reason(response));
  return response.json();
}

/** The sentence of a refusal. @param {Response} response */
async function reason(response) {
  const body = await response.json().catch(() => ({}));
  return body.error?.message ?? body.error ?? `The room answered ${response.status}.`;
}
