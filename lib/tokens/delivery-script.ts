/**
 * What gives a token's value to Workers where Terraform runs: a module for Node without dependencies.
 *
 * Terraform would keep the value in its state whichever way it got it. So it only starts this, which asks for a
 * new value, hands it on and forgets it. Nothing it prints has the value or the API token.
 *
 * What it leaves is an empty file beside it, named after the delivery that has ended: the second run of a deploy has
 * nothing to do then.
 */
export const deliveryScript = `// Gives an account token a new value and hands it to Workers. Started by Terraform.
import { existsSync, writeFileSync } from "node:fs";

const { api, token, secrets, run } = JSON.parse(process.env.AI_GATEWAY_TOKEN_DELIVERY);
const ended = new URL("delivered-" + run.id, import.meta.url);
const apiToken = process.env.AI_GATEWAY_TOKEN_API_TOKEN;
const ATTEMPTS = 5;

/** A refusal that another attempt would not change. */
class Refused extends Error {}

async function call(method, path, body) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send(method, path, body);
    } catch (error) {
      if (error instanceof Refused || attempt === ATTEMPTS) throw error;
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
    throw new Error(place + ": " + (error.cause?.message || error.cause?.code || error.message));
  });
  const answer = await response.json().catch(() => undefined);
  if (response.ok && answer?.success) return answer.result;
  const words = (answer?.errors ?? []).map(({ code, message }) => message + " (code " + code + ")");
  const problem = place + " answered " + response.status + ": " + (words.join("; ") || "no explanation");
  throw response.status === 429 || response.status >= 500 ? new Error(problem) : new Refused(problem);
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

async function deliver() {
  const text = await call("PUT", token + "/value", {}).catch((error) => {
    throw new Error(
      "The token got no new value; the old one is still good, if it was ever delivered. " +
        error.message + ". The API token needs the permission Account API Tokens Write.",
    );
  });
  if (typeof text !== "string" || text === "") throw new Error("The API answered no value for the token.");
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
