import { describe, expect, test } from "@jest/globals";
import { Selector } from "../../../emulator/terraform/restful/selector.js";
import { renderGatewayBody } from "../../../lib/ai-gateway/ai-gateway-body.js";
import { renderReading } from "../../../lib/ai-gateway/gateway-reading.js";
import { gatewayDefaults } from "../../../protocol/gateway-settings.js";
import { CANARY_MARK, canary } from "../../secrets/canary.js";

const HEADER = canary("the value of an otel header");
const OTEL = canary("otel authorization");
const STRIPE = canary("stripe authorization");

type Row = Record<string, unknown>;

/** What of an answer a gateway without props is compared with. */
const read = (answer: Row): Row =>
  new Selector(renderReading(renderGatewayBody("chat", {})).readSelector).select({
    result: answer,
  } as never) as Row;

describe("a setting that nobody declared", () => {
  test.each<Row>([
    {},
    { dlp: null, guardrails: null, otel: null, spend_limits: null, stripe: null },
    {
      dlp: { enabled: false, policies: [] },
      guardrails: { prompt: {}, response: {} },
      otel: [],
      spend_limits: { enabled: false, rules: [] },
      stripe: { usage_events: [] },
    },
    { guardrails: {}, stripe: {}, spend_limits: {} },
  ])("is off in whichever form the API says so: %j", (answer) => {
    const { dlp, ...others } = read(answer);

    expect([dlp, others]).toEqual([expect.not.objectContaining({ enabled: true }), {}]);
  });

  test.each<readonly [key: string, value: unknown]>([
    ["dlp", { enabled: true, policies: [] }],
    ["guardrails", { prompt: {}, response: { S1: "FLAG" } }],
    ["guardrails", { prompt: { P1: "BLOCK" }, response: {} }],
    ["otel", [{ url: "https://otel.example.com/", headers: { key: HEADER }, authorization: OTEL }]],
    ["spend_limits", { enabled: true, rules: [{ limit: 1 }] }],
    ["stripe", { authorization: STRIPE, usage_events: [{ payload: "{}" }] }],
    ["zdr", true],
    ["store_id", "x"],
  ])("is seen when somebody turns it on, without its secrets: %s (%#)", (key, value) => {
    const seen = read({ [key]: value })[key];

    expect(seen ?? null).not.toEqual(gatewayDefaults[key as keyof typeof gatewayDefaults]);
    expect(JSON.stringify(seen)).not.toContain(CANARY_MARK);
  });

  test("may be left out by the API, and one that is declared may not", () => {
    const reading = (props: object) => renderReading(renderGatewayBody("chat", props));

    expect(reading({}).writeOnlyAttrs).toEqual(expect.arrayContaining(["zdr", "guardrails"]));
    expect(reading({ zdr: true }).writeOnlyAttrs).not.toContain("zdr");
    expect(reading({ zdr: false }).writeOnlyAttrs).toContain("zdr");
  });
});
