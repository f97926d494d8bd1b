import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { CANARY_MARK, canary } from "../../secrets/canary.js";
import { type Api, startApi } from "./start-api.js";
import { createGateway, gateways, required } from "./start-gateway.js";

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.close());

const create = (id: string, more?: object) => createGateway(api, id, more);

/** Each setting beside the five, with what the API makes of it. */
const settings = (
  [
    ["byok_only", true],
    ["dlp", { enabled: true, action: "BLOCK", profiles: ["p"] }],
    [
      "dlp",
      {
        enabled: true,
        policies: [
          { id: "a", enabled: true, action: "FLAG", check: ["REQUEST"], profiles: ["p", "q"] },
        ],
      },
    ],
    ["guardrails", { prompt: { S1: "BLOCK", P1: "FLAG" }, response: {} }],
    ["guardrails", null],
    ["log_classification", true],
    ["logpush", true],
    ["logpush_public_key", "pem"],
    [
      "otel",
      [
        {
          url: "https://otel.example.com/",
          headers: { "x-key": canary("the value of an otel header") },
          authorization: canary("otel authorization"),
        },
      ],
      [
        {
          url: "https://otel.example.com/",
          headers: { "x-key": canary("the value of an otel header") },
          authorization: canary("otel authorization"),
          content_type: "json",
        },
      ],
    ],
    ["spend_limits", {}, { enabled: false, rules: [] }],
    [
      "spend_limits",
      { enabled: true, rules: [{ limit: 0.1, limitType: "cost", window: 60 }] },
      {
        enabled: true,
        rules: [
          {
            id: expect.stringMatching(/^[0-9a-f]{8}$/),
            enabled: true,
            limit: 0.1,
            limitType: "cost",
            window: 60,
            technique: "sliding",
          },
        ],
      },
    ],
    [
      "spend_limits",
      {
        enabled: true,
        rules: [
          {
            id: "r",
            enabled: false,
            limit: 0,
            limitType: "cost",
            window: 0,
            technique: "fixed",
            metadata: { user: { mode: "partition" }, plan: { mode: "filter", values: ["free"] } },
            model: { mode: "filter", values: ["m"] },
            provider: { mode: "filter", values: ["openai"] },
          },
        ],
      },
    ],
    ["store_id", "abc"],
    ["store_id", null, ""],
    [
      "stripe",
      { authorization: canary("stripe authorization"), usage_events: [{ payload: "{}" }] },
    ],
    ["workers_ai_billing_mode", "unified"],
    ["zdr", true],
  ] as readonly (readonly [string, unknown, unknown?])[]
).map(([key, sent, kept = sent]) => [key, sent, kept] as const);

describe("each further setting", () => {
  // Without the values in its title: some are secrets.
  test.each(settings)(
    "%s (%#) is kept and shown, by POST, PUT and GET",
    async (key, sent, kept) => {
      const created = await create("chat", { [key]: sent });
      await create("other");
      const replaced = await api.call("PUT", `${gateways}/other`, { ...required, [key]: sent });

      expect([created.status, replaced.status]).toEqual([200, 200]);
      expect(created.json.result[key]).toEqual(kept);
      expect(replaced.json.result[key]).toEqual(kept);
      const listed = (await api.call("GET", gateways)).json.result;
      expect(listed.map((gateway: Record<string, unknown>) => gateway[key])).toEqual([
        created.json.result[key],
        replaced.json.result[key],
      ]);
      expect((await api.call("GET", `${gateways}/chat`)).json.result).toEqual(created.json.result);
    },
  );

  test.each(settings)(
    "%s (%#) goes back to its default where a PUT leaves it out",
    async (key, sent) => {
      const { json } = await create("plain");
      await create("chat", { [key]: sent });

      const replaced = await api.call("PUT", `${gateways}/chat`, required);

      expect(replaced.json.result[key]).toEqual(json.result[key]);
    },
  );

  test.each<readonly [string, unknown, readonly (string | number)[]]>([
    ["byok_only", null, []],
    ["dlp", null, []],
    ["dlp", { enabled: true, action: "DROP", profiles: [] }, ["action"]],
    ["dlp", { enabled: true, action: "FLAG" }, ["profiles"]],
    ["dlp", { enabled: true, action: "FLAG", profiles: [], policies: [] }, []],
    ["dlp", { enabled: true, policies: [{ id: "a" }] }, ["policies", 0, "enabled"]],
    ["guardrails", {}, ["prompt"]],
    ["guardrails", { prompt: { S1: "ALLOW" }, response: {} }, ["prompt", "S1"]],
    ["guardrails", { prompt: { s1: "FLAG" }, response: {} }, ["prompt", "s1"]],
    ["log_classification", "yes", []],
    ["logpush_public_key", 5, []],
    ["otel", [{ url: "x", headers: {} }], [0, "url"]],
    ["otel", [{ url: "https://x.example/" }], [0, "headers"]],
    ["otel", [{ url: "https://x.example/", headers: { a: 1 } }], [0, "headers", "a"]],
    [
      "spend_limits",
      { rules: [{ limit: -1, limitType: "cost", window: 1 }] },
      ["rules", 0, "limit"],
    ],
    [
      "spend_limits",
      { rules: [{ limit: 1, limitType: "count", window: 1 }] },
      ["rules", 0, "limitType"],
    ],
    [
      "spend_limits",
      { rules: [{ limit: 1, limitType: "cost", window: 0.5 }] },
      ["rules", 0, "window"],
    ],
    [
      "spend_limits",
      { rules: Array(21).fill({ limit: 1, limitType: "cost", window: 1 }) },
      ["rules"],
    ],
    ["store_id", 5, []],
    ["stripe", { usage_events: [] }, ["authorization"]],
    ["workers_ai_billing_mode", "prepaid", []],
    ["zdr", 1, []],
  ])("%s %j is refused by its path", async (key, sent, path) => {
    const { status, json } = await create("chat", { [key]: sent });

    expect(status).toBe(400);
    expect(json.errors[0]).toMatchObject({ code: 7001 });
    expect(json.errors.map((error: { path: unknown }) => error.path)).toContainEqual([
      "body",
      key,
      ...path,
    ]);
  });

  test("says nothing of a secret, on disk and where it is refused", async () => {
    const secret = canary("a gateway's secret");
    const otel = [{ url: "https://x.example/", headers: { key: secret }, authorization: secret }];
    const stripe = { authorization: secret, usage_events: [] };

    await create("chat", { otel, stripe });
    const refused = await create("other", { otel: { [secret]: secret }, stripe: [secret] });
    const stored = await readFile(join(api.state.directory, "state.json"), "utf8");

    expect(refused.status).toBe(400);
    expect(refused.text).not.toContain(`"${secret}"`);
    expect(refused.text).not.toContain("got");
    expect(stored).toContain("https://x.example/");
    expect(stored).not.toContain(secret);
  });

  test("says nothing of a body that is no object, which may be all secrets", async () => {
    await create("chat");
    for (const body of [[{ otel: canary("otel in a list") }], canary("a text for a body")]) {
      for (const [method, path] of [
        ["POST", gateways],
        ["PUT", `${gateways}/chat`],
      ] as const) {
        const { status, text } = await api.call(method, path, body);
        expect([method, status]).toEqual([method, 400]);
        expect(text).not.toContain(CANARY_MARK);
      }
    }
  });

  test("refuses two spend rules with one id: what Cloudflare makes of them is not known", async () => {
    const rule = { id: "r", limit: 1, limitType: "cost", window: 1 };

    const { status, json } = await create("chat", { spend_limits: { rules: [rule, rule] } });

    expect(status).toBe(501);
    expect(json.errors[0].message).toContain('"r"');
  });
});

describe("an API that ignores settings", () => {
  test("takes them, keeps none and shows none", async () => {
    await api.close();
    api = await startApi({ ignoredSettings: { always: ["zdr"], onPost: ["store_id"] } });

    const created = await create("chat", { zdr: true, store_id: "abc" });
    const replaced = await api.call("PUT", `${gateways}/chat`, {
      ...required,
      zdr: true,
      store_id: "abc",
    });

    expect(created.json.result).toMatchObject({ store_id: "" });
    expect(created.json.result).not.toHaveProperty("zdr");
    expect(replaced.json.result).toMatchObject({ store_id: "abc" });
    expect(replaced.json.result).not.toHaveProperty("zdr");
  });
});
