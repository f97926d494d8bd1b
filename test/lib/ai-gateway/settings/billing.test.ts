import { TerraformVariable } from "cdktf";
import { newStack } from "../../new-stack.js";
import { type RefusedCase, testRules } from "./test-rules.js";

const stack = newStack();
const token = new TerraformVariable(stack, "token", { type: "string" }).stringValue;

testRules(["byokOnly", "storeId", "workersAiBillingMode", "zdr"], {
  allowed: [
    { byokOnly: true, storeId: "a".repeat(32) },
    { byokOnly: true, storeId: token },
    { storeId: "" },
    { workersAiBillingMode: "unified" },
    { zdr: true },
  ],
  refused: [
    ["gateway-byok-only", { byokOnly: "yes" }, 'byokOnly: got "yes"; allowed is true or false.'],
    ["gateway-byok-only-without-store", { byokOnly: true }, "byokOnly: got true without storeId;"],
    [
      "gateway-store-id",
      { storeId: "no store" },
      'storeId: got "no store"; allowed is the id of a Secrets Store',
    ],
    ...[5, true, [], ["a"], null, {}].map(
      (storeId): RefusedCase => ["gateway-store-id", { storeId }, "storeId: got "],
    ),
    [
      "gateway-workers-ai-billing-mode",
      { workersAiBillingMode: "prepaid" },
      'workersAiBillingMode: got "prepaid"; allowed is "postpaid" or "unified".',
    ],
    ["gateway-zdr", { zdr: "yes" }, 'zdr: got "yes"; allowed is true or false.'],
  ],
});
