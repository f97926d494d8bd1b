import { Fn, TerraformVariable, Token } from "cdktf";
import { newStack } from "../../new-stack.js";
import { testRules } from "./test-rules.js";

const stack = newStack();
const token = new TerraformVariable(stack, "token", { type: "string" }).stringValue;
const numberToken = new TerraformVariable(stack, "number", { type: "number" }).numberValue;
const listToken = Token.asList(Fn.split(",", token));

const limit = { limit: 1, window: "1h" } as const;

testRules(["spendLimits"], {
  allowed: [
    { spendLimits: [] },
    { spendLimits: [limit, { ...limit, limit: 12.25, model: ["m"] }] },
    { spendLimits: [{ limit: 0, window: 1, technique: "fixed", metadata: { user: "partition" } }] },
    { spendLimits: [{ limit: numberToken, window: numberToken, provider: listToken }] },
    { spendLimits: Array.from({ length: 20 }, (_, index) => ({ limit: 1, window: index + 1 })) },
  ],
  refused: [
    [
      "gateway-spend-limits",
      { spendLimits: limit },
      "spendLimits: got a value of type object; allowed is an array such as",
    ],
    [
      "gateway-spend-limits-count",
      { spendLimits: Array.from({ length: 21 }, (_, index) => ({ limit: 1, window: index + 1 })) },
      "spendLimits: got 21 rules; allowed are 20.",
    ],
    [
      "gateway-spend-limit-prop",
      { spendLimits: [{ ...limit, limitType: "cost" }] },
      "spendLimits[0].limitType: there is no such prop;",
    ],
    [
      "gateway-spend-limit",
      { spendLimits: [{ ...limit, limit: -1 }] },
      "spendLimits[0].limit: got -1; allowed is a number of dollars, 0 or more.",
    ],
    ["gateway-spend-limit", { spendLimits: [{ window: 1 }] }, "spendLimits[0].limit: got nothing;"],
    [
      "gateway-spend-limit-fraction",
      { spendLimits: [{ ...limit, limit: 0.1 }] },
      "fractions of a power of two, such as 0.0625 or 0.125.",
    ],
    // A limit of 0 refuses every request.
    [
      "gateway-spend-limit-fraction",
      { spendLimits: [{ ...limit, limit: 0.03 }] },
      "fractions of a power of two, such as 0.0625.",
    ],
    [
      "gateway-spend-limit-window",
      { spendLimits: [{ limit: 1, window: 0 }] },
      "spendLimits[0].window: got 0;",
    ],
    [
      "gateway-spend-limit-window",
      { spendLimits: [{ limit: 1, window: "1 day" }] },
      'spendLimits[0].window: got "1 day"; allowed is a duration such as',
    ],
    [
      "gateway-spend-limit-window",
      { spendLimits: [{ limit: 1 }] },
      "spendLimits[0].window: got nothing;",
    ],
    [
      "gateway-spend-limit-technique",
      { spendLimits: [{ ...limit, technique: "leaky" }] },
      'spendLimits[0].technique: got "leaky";',
    ],
    [
      "gateway-spend-limit-filter",
      { spendLimits: [{ ...limit, model: [] }] },
      "spendLimits[0].model: got an empty array;",
    ],
    [
      "gateway-spend-limit-filter",
      { spendLimits: [{ ...limit, metadata: {} }] },
      "spendLimits[0].metadata: got an empty object;",
    ],
    [
      "gateway-spend-limit-filter",
      { spendLimits: [{ ...limit, metadata: { user: "each" } }] },
      'spendLimits[0].metadata.user: got "each"; allowed is "partition"',
    ],
    [
      "gateway-spend-limit-id",
      { spendLimits: [{ ...limit, id: " " }] },
      'spendLimits[0].id: got " ";',
    ],
    [
      "gateway-spend-limit-same-id",
      { spendLimits: [limit, { ...limit, limit: 5 }] },
      "of spendLimits[0]; the two would share one counter.",
    ],
    [
      "gateway-spend-limit-enabled",
      { spendLimits: [{ ...limit, enabled: "no" }] },
      'spendLimits[0].enabled: got "no";',
    ],
  ],
});
