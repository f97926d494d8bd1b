import { TerraformVariable } from "cdktf";
import { SecretVariable } from "../../../../lib/index.js";
import { canary } from "../../../secrets/canary.js";
import { newStack } from "../../new-stack.js";
import { type RefusedCase, testRules } from "./test-rules.js";

const stack = newStack();
const secret = new SecretVariable(stack, "secret");
const token = new TerraformVariable(stack, "token", { type: "string" }).stringValue;

/** A secret that is written out. */
const LITERAL = canary("a setting's secret");

const url = "https://otel.example.com/v1/traces";

testRules(["otel"], {
  allowed: [
    { otel: [] },
    { otel: [{ url, headers: { "x-key": secret }, authorization: secret }] },
    { otel: [{ url: token, contentType: "protobuf" }] },
  ],
  refused: [
    [
      "gateway-otel",
      { otel: { url } },
      "otel: got a value of type object; allowed is an array such as",
    ],
    ["gateway-otel", { otel: ["https://x"] }, "otel[0]: got something else than an object;"],
    [
      "gateway-otel-prop",
      { otel: [{ url, header: {} }] },
      "otel[0].header: there is no such prop;",
    ],
    [
      "gateway-otel-url",
      { otel: [{ url: "otel.example.com" }] },
      'otel[0].url: got "otel.example.com"; allowed is an http or https URL',
    ],
    ["gateway-otel-url", { otel: [{}] }, "otel[0].url: got something else;"],
    [
      "gateway-otel-url",
      { otel: [{ url: `https://me:${LITERAL}@otel.example.com` }] },
      "otel[0].url: has a user name or a password",
    ],
    ...[
      `api_key=${LITERAL}`,
      `a=1&access-token=${LITERAL}`,
      `apiKey=${LITERAL}`,
      `x=sk-proj-${LITERAL}`,
      `sk-proj-${LITERAL}`,
      `pwd=${LITERAL}`,
    ].map(
      (query): RefusedCase => [
        "gateway-otel-url",
        { otel: [{ url: `https://otel.example.com/v1?${query}` }] },
        "otel[0].url: has in its query what looks like a credential",
      ],
    ),
    [
      "gateway-otel-header",
      { otel: [{ url, headers: { "a b": secret } }] },
      'otel[0].headers: got the name "a b";',
    ],
    [
      "gateway-otel-header",
      { otel: [{ url, authorization: secret, headers: { Authorization: secret } }] },
      "otel[0].headers: has authorization,",
    ],
    [
      "gateway-otel-secret",
      { otel: [{ url, headers: { "x-key": LITERAL } }] },
      "otel[0].headers.x-key: got a literal text;",
    ],
    [
      "gateway-otel-secret",
      { otel: [{ url, authorization: LITERAL }] },
      "otel[0].authorization: got a literal text;",
    ],
    [
      "gateway-otel-content-type",
      { otel: [{ url, contentType: "xml" }] },
      'otel[0].contentType: got "xml"; allowed is "json" or "protobuf".',
    ],
    ["gateway-otel-same-url", { otel: [{ url }, { url }] }, "otel[1].url: is that of otel[0];"],
  ],
});
