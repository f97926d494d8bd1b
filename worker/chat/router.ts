import type { Env } from "./env.js";
import { refuse } from "./refuse.js";
import { type Route, routes } from "./routes.js";

/** Finds who answers a request: nobody is a 404, nobody with this method a 405. */
export async function route(request: Request, env: Env): Promise<Response> {
  const path = new URL(request.url).pathname;
  const found = routes.flatMap((candidate) => {
    const parts = match(candidate, path);
    return parts ? [{ ...candidate, parts }] : [];
  });
  // Whatever else is asked of /ai was always "not found", and who relies on it may go on to.
  if (found.length === 0 || (path === "/ai" && request.method !== "POST"))
    return refuse(404, "Not found. Ask with POST /ai.");
  const chosen = found.find(({ method }) => method === request.method);
  if (chosen) return chosen.handle(request, env, chosen.parts);
  const allowed = found.map(({ method }) => method).join(", ");
  return refuse(405, `${path} takes ${allowed}, not ${request.method}.`, { allow: allowed });
}

function match({ path: pattern }: Route, path: string): string[] | undefined {
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return undefined;
  const parts: string[] = [];
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? "";
    if (part.startsWith("{")) parts.push(value);
    else if (part !== value) return undefined;
  }
  return parts;
}
