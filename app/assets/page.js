// @ts-check
// The page of the chat Worker: sends a prompt to POST /ai, shows answer, time and cache status.

const element = (/** @type {string} */ id) => {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}.`);
  return found;
};

const form = /** @type {HTMLFormElement} */ (element("form"));
const prompt = /** @type {HTMLTextAreaElement} */ (element("prompt"));
const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
const status = element("status");
const answer = element("answer");
const calls = /** @type {HTMLTableSectionElement} */ (element("calls"));

let asking = false;

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (asking) return;
  asking = true;
  // Not `disabled`, which would take the focus away from who uses a keyboard.
  button.setAttribute("aria-disabled", "true");
  answer.hidden = true;
  status.className = "";
  status.textContent = "Asking…";
  try {
    await ask(prompt.value);
  } catch (error) {
    status.className = "bad";
    status.textContent = `No answer: ${error instanceof Error ? error.message : error}`;
  } finally {
    asking = false;
    button.removeAttribute("aria-disabled");
  }
});

prompt.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});

async function ask(/** @type {string} */ text) {
  const start = performance.now();
  const response = await fetch("/ai", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ prompt: text }),
  });
  const body = await response.text();
  const time = `${Math.round(performance.now() - start).toLocaleString()} ms`;
  const cache = response.headers.get("cf-aig-cache-status") ?? "none";

  answer.textContent = readAnswer(body);
  answer.hidden = false;
  status.className = response.ok ? "" : "bad";
  status.textContent = response.ok
    ? `Answered in ${time}, cache ${cache}.`
    : `Refused with status ${response.status} after ${time}.`;
  addCall([text.trim() || "(none)", String(response.status), cache, time]);
}

/** The text of Workers AI's answer, the message of a refusal, or what came as it came. */
function readAnswer(/** @type {string} */ body) {
  try {
    const data = JSON.parse(body);
    const entry = [data.error ?? data.errors].flat()[0];
    return data.result?.response ?? data.response ?? entry?.message ?? entry ?? body;
  } catch {
    return body;
  }
}

function addCall(/** @type {string[]} */ cells) {
  const row = calls.insertRow(0);
  cells.forEach((text, index) => {
    const cell = row.insertCell();
    cell.textContent = text;
    if (index === 3) cell.className = "number";
    if (text === "HIT" && index === 2) cell.className = "hit";
  });
}
