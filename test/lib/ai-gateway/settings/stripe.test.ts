import { SecretVariable } from "../../../../lib/index.js";
import { canary } from "../../../secrets/canary.js";
import { newStack } from "../../new-stack.js";
import { testRules } from "./test-rules.js";

const stack = newStack();
const secret = new SecretVariable(stack, "secret");

/** A secret that is written out. */
const LITERAL = canary("a setting's secret");

testRules(["stripe"], {
  allowed: [{ stripe: { authorization: secret, usageEvents: [{ payload: "{}" }] } }],
  refused: [
    ["gateway-stripe", { stripe: LITERAL }, "stripe: got a text;"],
    [
      "gateway-stripe",
      { stripe: { authorization: secret, usageEvents: [{ payload: "x" }], events: [] } },
      "stripe.events: there is no such prop;",
    ],
    [
      "gateway-stripe-authorization",
      { stripe: { authorization: LITERAL, usageEvents: [{ payload: "x" }] } },
      "stripe.authorization: got a literal text;",
    ],
    [
      "gateway-stripe-usage-events",
      { stripe: { authorization: secret, usageEvents: [] } },
      "stripe.usageEvents: got none; nothing would be sent.",
    ],
    [
      "gateway-stripe-usage-events",
      { stripe: { authorization: secret, usageEvents: [{ payload: "" }] } },
      'stripe.usageEvents[0]: got "";',
    ],
  ],
});
