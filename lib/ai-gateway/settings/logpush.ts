import { createPublicKey } from "node:crypto";
import type { IResolvable } from "cdktf";
import { checkBoolean, type Rule, show } from "../../prop-rules.js";
import { isToken } from "../../terraform-text.js";

interface Props {
  readonly logpush?: boolean | IResolvable;
  readonly logpushPublicKey?: string;
  readonly collectLogs?: boolean | IResolvable;
}

export const logpushRules: readonly Rule<Props>[] = [
  { name: "gateway-logpush", check: ({ logpush }) => checkBoolean("logpush", logpush) },
  {
    name: "gateway-logpush-without-key",
    check: ({ logpush, logpushPublicKey }) =>
      logpush === true && logpushPublicKey === undefined
        ? "logpush: got true without logpushPublicKey; logs are encrypted for it before they leave. Set logpushPublicKey, or remove logpush."
        : undefined,
  },
  {
    name: "gateway-logpush-without-logs",
    check: ({ logpush, collectLogs }) =>
      logpush === true && collectLogs === false
        ? "logpush: got true with collectLogs false; there are no logs to push. Remove logpush, or collectLogs: false."
        : undefined,
  },
];

export const logpushPublicKeyRules: readonly Rule<Props>[] = [
  {
    name: "gateway-logpush-public-key",
    check: ({ logpushPublicKey }) =>
      logpushPublicKey === undefined || isToken(logpushPublicKey)
        ? undefined
        : checkKey(logpushPublicKey),
  },
  {
    name: "gateway-logpush-key-without-logpush",
    check: ({ logpush, logpushPublicKey }) =>
      logpushPublicKey !== undefined && (logpush === undefined || logpush === false)
        ? "logpushPublicKey: got a key without logpush; nothing would be encrypted with it. Set logpush: true, or remove logpushPublicKey."
        : undefined,
  },
];

const allowed =
  'allowed is an RSA public key in PEM, "-----BEGIN PUBLIC KEY-----" first. Make one with: openssl rsa -in private.pem -pubout';

/** The text itself goes into no message: it may be the wrong half of the pair. */
function checkKey(pem: unknown): string | undefined {
  if (typeof pem !== "string") {
    return `logpushPublicKey: got ${show(pem)}; ${allowed}`;
  }
  if (/PRIVATE KEY/.test(pem)) {
    return `logpushPublicKey: got a private key, which must not leave you; ${allowed}`;
  }
  try {
    const { asymmetricKeyType } = createPublicKey(pem);
    return asymmetricKeyType === "rsa"
      ? undefined
      : `logpushPublicKey: got a key of type ${asymmetricKeyType}; ${allowed}`;
  } catch {
    return `logpushPublicKey: got a text that is no key; ${allowed}`;
  }
}
