import { Fn, TerraformVariable, Token } from "cdktf";
import { newStack } from "../../new-stack.js";
import { testRules } from "./test-rules.js";

const stack = newStack();
const token = new TerraformVariable(stack, "token", { type: "string" }).stringValue;
const listToken = Token.asList(Fn.split(",", token));

const dlp = { action: "BLOCK", profiles: ["p"] } as const;

testRules(["dlp"], {
  allowed: [
    { dlp },
    { dlp: { action: "FLAG", profiles: listToken } },
    { dlp: { policies: [dlp, { ...dlp, action: "FLAG", check: ["REQUEST"], enabled: false }] } },
  ],
  refused: [
    ["gateway-dlp", { dlp: true }, "dlp: got true; allowed is { action:"],
    [
      "gateway-dlp",
      { dlp: { ...dlp, policies: [dlp] } },
      "dlp: got policies together with action, profiles;",
    ],
    [
      "gateway-dlp-action",
      { dlp: { profiles: ["p"] } },
      'dlp.action: got nothing; allowed is "FLAG" or "BLOCK".',
    ],
    ["gateway-dlp", { dlp: { policies: [] } }, "dlp.policies: got none;"],
    ["gateway-dlp", { dlp: { ...dlp, enable: true } }, "dlp.enable: there is no such prop;"],
    [
      "gateway-dlp-action",
      { dlp: { action: "STOP", profiles: ["p"] } },
      'dlp.action: got "STOP"; allowed is "FLAG" or "BLOCK".',
    ],
    [
      "gateway-dlp-without-profiles",
      { dlp: { action: "FLAG", profiles: [] } },
      "dlp.profiles: got none; nothing would be looked for.",
    ],
    [
      "gateway-dlp-without-profiles",
      { dlp: { policies: [{ action: "FLAG", profiles: [] }] } },
      "dlp.policies[0].profiles: got none;",
    ],
    [
      "gateway-dlp-policy",
      { dlp: { policies: [{ ...dlp, check: [] }] } },
      "dlp.policies[0].check: got none;",
    ],
    [
      "gateway-dlp-policy",
      { dlp: { policies: [{ ...dlp, check: ["ANSWER"] }] } },
      'dlp.policies[0].check: got "ANSWER";',
    ],
    [
      "gateway-dlp-policy-ids",
      {
        dlp: {
          policies: [
            { ...dlp, id: "a" },
            { ...dlp, id: "a" },
          ],
        },
      },
      'dlp.policies: two have the id "a";',
    ],
  ],
});
