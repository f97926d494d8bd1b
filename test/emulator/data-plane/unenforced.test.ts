import { afterEach, describe, expect, test } from "@jest/globals";
import { parseArguments } from "../../../emulator/cli/arguments.js";
import { ManualClock } from "../../../emulator/clock.js";
import type { UnenforcedMode } from "../../../emulator/data-plane/steps/enforce.js";
import type { GatewaySettings } from "../../../protocol/gateway-settings.js";
import { Harness } from "./harness.js";

let harness: Harness;
const start = async (mode: UnenforcedMode, settings: Partial<GatewaySettings>) => {
  harness = await new Harness({ "workers-ai": { latencyMs: 0 } }, new ManualClock(), mode).start();
  harness.gateway("main", settings);
};
afterEach(() => harness.close());

const rule = {
  id: "r",
  enabled: true,
  limit: 1,
  limitType: "cost",
  window: 60,
  technique: "sliding",
} as const;

const enforcing: readonly (readonly [string, Partial<GatewaySettings>])[] = [
  ["byok_only", { byok_only: true }],
  ["dlp", { dlp: { enabled: true, action: "FLAG", profiles: ["p"] } }],
  ["guardrails", { guardrails: { prompt: {}, response: { S1: "FLAG" } } }],
  ["spend_limits", { spend_limits: { enabled: true, rules: [rule] } }],
];

describe("GIVEN a gateway with a setting that would judge requests, which is not emulated", () => {
  test.each(enforcing)("WHEN it is %s THEN requests are refused by that name", async (name, on) => {
    await start("refuse", on);

    const refused = await harness.prompt("hello");

    expect(refused.status).toBe(501);
    expect(refused.json.message).toContain(`the gateway "main" has ${name},`);
    expect(refused.json.message).toContain("--unenforced=pass");
    expect(harness.rows()).toMatchObject([{ success: false, status_code: 501 }]);
  });

  test.each(enforcing)(
    "WHEN it is %s and requests may pass THEN they do, and it is said once",
    async (name, on) => {
      await start("pass", on);

      expect((await harness.prompt("one")).status).toBe(200);
      expect((await harness.prompt("two")).status).toBe(200);

      expect(harness.warnings).toEqual([
        `Gateway "main" has ${name}: not emulated, requests pass as if it were off.`,
      ]);
    },
  );

  test("WHEN a request asks for it by its header THEN it is refused by both names, or passes", async () => {
    const headers = { "cf-aig-no-wholesale": "true" };
    await start("refuse", {});

    const refused = await harness.prompt("hello", headers);
    const off = await harness.prompt("hello", { "cf-aig-no-wholesale": "false" });

    expect([refused.status, off.status]).toEqual([501, 200]);
    expect(refused.json.message).toContain("byok_only (by the request's cf-aig-no-wholesale)");
    await harness.close();
    await start("pass", {});
    expect((await harness.prompt("hello", headers)).status).toBe(200);
    expect(harness.warnings).toEqual([expect.stringContaining("cf-aig-no-wholesale")]);
  });

  test.each<Partial<GatewaySettings>>([
    { dlp: { enabled: false, action: "FLAG", profiles: ["p"] } },
    { guardrails: { prompt: {}, response: {} } },
    { spend_limits: { enabled: false, rules: [rule] } },
    { spend_limits: { enabled: true, rules: [{ ...rule, enabled: false }] } },
  ])("WHEN it is off, as in %j, THEN nothing is refused or said", async (off) => {
    await start("refuse", off);

    expect((await harness.prompt("hello")).status).toBe(200);
    expect(harness.warnings).toEqual([]);
  });
});

describe("GIVEN a gateway with a setting that concerns what happens beside requests", () => {
  test("THEN they pass, and it is said once that nothing is exported or billed", async () => {
    await start("refuse", {
      zdr: true,
      otel: [{ url: "https://otel.example.com/", headers: {}, content_type: "json" }],
    });

    expect((await harness.prompt("one")).status).toBe(200);
    expect((await harness.prompt("two")).status).toBe(200);

    expect(harness.warnings).toEqual([
      'Gateway "main" has otel, zdr: not emulated, nothing is exported or billed.',
    ]);
  });
});

describe("GIVEN a request with a header that concerns what happens beside it", () => {
  test("THEN it passes, and it is said once", async () => {
    await start("refuse", {});
    const headers = { "cf-aig-custom-cost": '{"total_cost":1}', "cf-aig-zdr": "true" };

    expect((await harness.prompt("one", headers)).status).toBe(200);
    expect((await harness.prompt("two", headers)).status).toBe(200);

    expect(harness.warnings).toEqual([
      expect.stringMatching(/custom_cost \(.*cf-aig-custom-cost\), zdr \(.*nothing is exported/),
    ]);
  });
});

describe("GIVEN a gateway of which something is said, and requests that take turns", () => {
  test("WHEN every other one has a header THEN nothing is said twice", async () => {
    await start("refuse", { logpush: true });

    for (const headers of [{}, { "cf-aig-zdr": "true" }, {}, { "cf-aig-zdr": "true" }]) {
      expect((await harness.prompt("hello", headers)).status).toBe(200);
    }

    expect(harness.warnings).toEqual([
      expect.stringContaining('"main" has logpush:'),
      expect.stringContaining('"main" has logpush, zdr (by'),
    ]);
  });
});

describe("GIVEN a model that is a dynamic route", () => {
  const messages = [{ role: "user", content: "Hello" }];
  const asked = [
    ["compat", () => harness.ask("main/compat/chat/completions", { body: { model, messages } })],
    [
      "env.AI.run",
      () =>
        harness.binding("/ai-gateway/run?version=3", {
          headers: { "cf-consn-model-id": model },
          body: { inputs: { messages }, options: { gateway: { id: "main" } } },
        }),
    ],
  ] as const;
  const model = "dynamic/support";

  test.each(asked)(
    "WHEN %s asks for it THEN it is refused by its name, whatever may pass",
    async (_, ask) => {
      await start("pass", {});

      const { status, json } = await ask();

      expect(status).toBe(501);
      expect(json.message).toContain('the model "dynamic/support"');
      expect(json.message).toContain("ask one of its models itself");
    },
  );
});

describe("the command line", () => {
  test("refuses unless it says otherwise", async () => {
    await start("refuse", {});
    const variable = { AI_GATEWAY_EMULATOR_UNENFORCED: "pass" };

    expect(parseArguments([], {}).unenforced).toBe("refuse");
    expect(parseArguments(["--unenforced=pass"], {}).unenforced).toBe("pass");
    expect(parseArguments([], variable).unenforced).toBe("pass");
    expect(parseArguments(["--unenforced", "refuse"], variable).unenforced).toBe("refuse");
    expect(() => parseArguments(["--unenforced=no"], {})).toThrow(
      '--unenforced: got "no", allowed is refuse or pass.',
    );
  });
});
