import { startEditingApi } from "./editing-api.js";

/** An API in front of the emulator's that keeps the named settings where a PUT leaves them out. */
export const startKeepingApi = (apiUrl: string, settings: readonly string[]) =>
  startEditingApi(apiUrl, {
    sent: async ({ method, body, current }) => {
      if (method !== "PUT") return body;
      const before = await current();
      return { ...Object.fromEntries(settings.map((key) => [key, before[key]])), ...body };
    },
  });
