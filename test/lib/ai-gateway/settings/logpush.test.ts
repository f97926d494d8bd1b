import { generateKeyPairSync } from "node:crypto";
import { TerraformVariable } from "cdktf";
import { newStack } from "../../new-stack.js";
import { testRules } from "./test-rules.js";

const stack = newStack();
const token = new TerraformVariable(stack, "token", { type: "string" }).stringValue;

const rsa = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const ed25519 = generateKeyPairSync("ed25519", {
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

testRules(["logpush", "logpushPublicKey"], {
  allowed: [
    { logpush: true, logpushPublicKey: rsa.publicKey },
    { logpush: true, logpushPublicKey: token },
    { logpush: false },
  ],
  refused: [
    ["gateway-logpush", { logpush: "on" }, 'logpush: got "on"; allowed is true or false.'],
    [
      "gateway-logpush-without-key",
      { logpush: true },
      "logpush: got true without logpushPublicKey;",
    ],
    [
      "gateway-logpush-without-logs",
      { logpush: true, logpushPublicKey: rsa.publicKey, collectLogs: false },
      "logpush: got true with collectLogs false;",
    ],
    [
      "gateway-logpush-public-key",
      { logpush: true, logpushPublicKey: "MIIB" },
      "logpushPublicKey: got a text that is no key;",
    ],
    [
      "gateway-logpush-public-key",
      { logpush: true, logpushPublicKey: rsa.privateKey },
      "logpushPublicKey: got a private key,",
    ],
    [
      "gateway-logpush-public-key",
      { logpush: true, logpushPublicKey: ed25519.publicKey },
      "logpushPublicKey: got a key of type ed25519;",
    ],
    [
      "gateway-logpush-key-without-logpush",
      { logpushPublicKey: rsa.publicKey },
      "logpushPublicKey: got a key without logpush;",
    ],
  ],
});
