import { testRules } from "./test-rules.js";

testRules(["logClassification"], {
  allowed: [{ logClassification: true, collectLogs: true }],
  refused: [
    ["gateway-log-classification", { logClassification: 1 }, "logClassification: got 1;"],
    [
      "gateway-log-classification-without-logs",
      { logClassification: true, collectLogs: false },
      "logClassification: got true with collectLogs false;",
    ],
  ],
});
