import { testRules } from "./test-rules.js";

testRules(["guardrails"], {
  allowed: [
    { guardrails: { prompt: { violentCrimes: "BLOCK", promptInjection: "FLAG" } } },
    { guardrails: { prompt: {}, response: { elections: "FLAG" } } },
  ],
  refused: [
    [
      "gateway-guardrails",
      { guardrails: "on" },
      'guardrails: got "on"; allowed is an object such as',
    ],
    [
      "gateway-guardrails",
      { guardrails: { prompts: {}, prompt: { hate: "FLAG" } } },
      "guardrails.prompts: there is no such side;",
    ],
    [
      "gateway-guardrails-category",
      { guardrails: { prompt: { violentCrime: "BLOCK" } } },
      "Did you mean violentCrimes?",
    ],
    [
      "gateway-guardrails-category",
      { guardrails: { prompt: { P1: "BLOCK" } } },
      "Did you mean promptInjection?",
    ],
    [
      "gateway-guardrails-action",
      { guardrails: { response: { hate: "DENY" } } },
      'guardrails.response.hate: got "DENY"; allowed is "FLAG" or "BLOCK".',
    ],
    [
      "gateway-guardrails-empty",
      { guardrails: { prompt: {}, response: {} } },
      "guardrails: got no category;",
    ],
  ],
});
