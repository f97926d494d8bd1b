import { type Answer, type Api, upload } from "./start-api.js";

export const script = "/workers/scripts/chat";
export const code = "export default { fetch: () => new Response('ok') };";
export const basic = { main_module: "main.js", compatibility_date: "2026-01-01" };

/** Uploads the script "chat", as it is or as another one. */
export const putScript = (
  api: Api,
  metadata: object = basic,
  modules: Record<string, string> = { "main.js": code },
): Promise<Answer> => api.call("PUT", script, upload(metadata, modules));
