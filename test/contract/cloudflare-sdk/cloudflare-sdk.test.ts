import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { documentedCalls } from "../../emulator/control-plane/api-page.js";
import { accountTokenMethods } from "./account-token-methods.js";
import { billingMethods } from "./billing-methods.js";
import { customDomainCalls } from "./custom-domain-calls.js";
import { datasetMethods } from "./dataset-methods.js";
import { dynamicRouteMethods } from "./dynamic-route-methods.js";
import { evaluationMethods } from "./evaluation-methods.js";
import { gatewayMethods } from "./gateway-methods.js";
import { logListMethods } from "./log-list-methods.js";
import { logMethods } from "./log-methods.js";
import { policyCalls } from "./policy-calls.js";
import { providerCalls } from "./provider-calls.js";
import { providerMethods } from "./provider-methods.js";
import { routeVersionMethods } from "./route-version-methods.js";
import { SdkAccount } from "./sdk-account.js";
import { methodsBelow, refused, type SdkMethods } from "./sdk-method.js";
import { secretsStoreMethods } from "./secrets-store-methods.js";

const methods: SdkMethods = {
  ...gatewayMethods,
  ...logListMethods,
  ...logMethods,
  ...dynamicRouteMethods,
  ...routeVersionMethods,
  ...billingMethods,
  ...providerMethods,
  ...datasetMethods,
  ...evaluationMethods,
  ...secretsStoreMethods,
  ...accountTokenMethods,
};

/** What Cloudflare documents, and its SDK has no method for. */
const calls: SdkMethods = { ...providerCalls, ...customDomainCalls, ...policyCalls };

let account: SdkAccount;
beforeAll(async () => {
  account = await SdkAccount.start();
});
afterAll(() => account.close());

test("every method of the SDK below these resources has a case", () => {
  // GIVEN
  const { aiGateway, secretsStore, accounts } = account.client;
  // WHEN
  const found = [
    ...methodsBelow(aiGateway, "aiGateway"),
    ...methodsBelow(secretsStore, "secretsStore"),
    ...methodsBelow(accounts.tokens, "accounts.tokens"),
  ];
  // THEN
  expect(found.length).toBeGreaterThan(60);
  expect(Object.keys(methods).sort()).toEqual(found.sort());
  for (const { cases } of Object.values(methods)) expect(Object.keys(cases)).not.toEqual([]);
});

test("every call that is answered for gateways, keys and tokens has a case", async () => {
  // GIVEN
  const answered = documentedCalls.answered
    .filter((call) =>
      /^[A-Z]+ \/accounts\/:account\/(ai-gateway|secrets_store|tokens)\b/.test(call),
    )
    .map((call) => call.replace("/accounts/:account", ""));
  account.takeSent();
  // WHEN
  for (const { call } of [...Object.values(methods), ...Object.values(calls)]) {
    await call(account.client, account.account_id).catch(() => {});
  }
  // THEN
  const sent = account.takeSent().map((line) => line.replace(/\?.*$/, ""));
  const made = new Set(sent.map((line) => patternOf(line, answered)));
  expect(answered.length).toBeGreaterThan(70);
  expect(answered.filter((call) => !made.has(call))).toEqual([]);
});

/** Which of the page's calls it is: of several the one with the fewest placeholders. */
const patternOf = (sent: string, calls: readonly string[]): string | undefined =>
  calls
    .filter((call) => new RegExp(`^${call.replaceAll(/:\w+/g, "[^/]+")}$`).test(sent))
    .sort((a, b) => a.split(":").length - b.split(":").length)[0];

describe.each(Object.entries({ ...methods, ...calls }))(
  "%s",
  (_, { call, belowGateway, cases }) => {
    test("is refused with a token that is wrong", async () => {
      const stranger = account.clientWith("a".repeat(40));
      await refused(call(stranger, account.account_id), 403, 10000);
    });

    test("is refused for another account", async () => {
      await refused(call(account.client, "f".repeat(32)), 403, 10000);
    });

    if (belowGateway) {
      test("is refused when there is no such gateway", async () => {
        await refused(call(account.client, account.account_id), 404, 7002);
      });
    }

    test.each(Object.keys(cases))("%s", async (title) => {
      await cases[title]?.(account);
    });
  },
);
