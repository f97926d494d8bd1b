/**
 * What gives a token's value to Workers where Terraform runs: a module for Node without dependencies.
 *
 * Terraform would keep the value in its state whichever way it got it. So it only starts this, which asks for a
 * new value, hands it on and forgets it. Nothing it prints has the value or the API token.
 *
 * What it leaves is an empty file beside it, named after the delivery that has ended: the second run of a deploy has
 * nothing to do then.
 *
 * It may outlive a Terraform that is killed, and the next deploy may have delivered a newer value by then. So it looks
 * before each call whether its Terraform is still there.
 */
export const deliveryScript = `// Gives an account token a new value and hands it to Workers. Started by Terraform.
import { existsSync, writeFileSync } from "node:fs";

const { api, token, secrets, run } = JSON.parse(process.env.AI_GATEWAY_TOKEN_DELIVERY);
const ended = new URL("delivered-" + run.id, import.meta.url);
const apiToken = process.env.AI_GATEWAY_TOKEN_API_TOKEN;
const ATTEMPTS = 5;

const hasProxy = Boolean(process.env.HTTPS_PROXY || process.env.https_proxy);
const PROXY_HINT = " (Node uses HTTPS_PROXY from 22.21 and 24.0 on; this is " + process.version + ")";
const parent = process.ppid;

/** On Windows a process whose parent is gone keeps its number. */
function terraformIsGone() {
  if (process.ppid !== parent) return true;
  try {
    process.kill(parent, 0);
    return false;
  } catch ({ code }) {
    return code === "ESRCH";
  }
}

/** The API said no, and changed nothing. */
const isRefusal = ({ status }) => status >= 400 && status < 500;

/** What fails says in "lost" whether an attempt may have been carried out all the same. */
async function call(method, path, body) {
  let lost = false;
  for (let attempt = 1; ; attempt++) {
    if (terraformIsGone()) {
      console.error("The Terraform that started this is gone. Deploy again: the next deploy delivers.");
      process.exit(1);
    }
    try {
      return await send(method, path, body);
    } catch (error) {
      lost ||= !isRefusal(error);
      const isFinal = isRefusal(error) && error.status !== 429;
      if (isFinal || attempt === ATTEMPTS) throw Object.assign(error, { lost });
    }
    await new Promise((resolve) => setTimeout(resolve, 250 * 2 ** attempt));
  }
}

async function send(method, path, body) {
  const place = method + " " + path;
  const response = await fetch(api + path, {
    method,
    headers: { authorization: "Bearer " + apiToken, "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  }).catch((error) => {
    const words = error.cause?.message || error.cause?.code || error.message;
    throw new Error(place + ": " + words + (hasProxy ? PROXY_HINT : ""));
  });
  const answer = await response.json().catch(() => undefined);
  if (response.ok && answer?.success) return answer.result;
  const words = (answer?.errors ?? []).map(({ code, message }) => message + " (code " + code + ")");
  const problem = place + " answered " + response.status + ": " + (words.join("; ") || "no explanation");
  throw Object.assign(new Error(problem), { status: response.status });
}

async function main() {
  // It is made at once after the delivery it follows, so without the file that one was in another deploy, and may not have ended.
  if (run.again && existsSync(ended)) return;
  await deliver();
  try {
    writeFileSync(ended, "");
  } catch {
    // Then it is delivered once more.
  }
}

async function askForValue() {
  const perhaps = "The token may have a new value, which is nowhere; then the old one is worth nothing. Deploy again. ";
  const text = await call("PUT", token + "/value", {}).catch((error) => {
    const before = "The token got no new value; the old one is still good, if it was ever delivered. ";
    const isForbidden = error.status === 401 || error.status === 403;
    throw new Error(
      (error.lost ? perhaps : before) + error.message + "." +
        (isForbidden ? " The API token needs the permission Account API Tokens Write." : ""),
    );
  });
  if (typeof text !== "string" || text === "") throw new Error(perhaps + "The API answered no value.");
  return text;
}

async function deliver() {
  const text = await askForValue();
  const problems = [];
  for (const { path, name } of secrets) {
    await call("PUT", path, { name, text, type: "secret_text" }).catch(({ message }) =>
      problems.push(name + ": " + message.replaceAll(text, "…")),
    );
  }
  if (problems.length === 0) return;
  throw new Error(
    "The token has a new value, which did not get everywhere; the old one is worth nothing. " +
      "Deploy again. " + problems.join(" | "),
  );
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
`;
