import { expect } from "@jest/globals";
import { refused, type SdkMethods } from "./sdk-method.js";

export const billingMethods: SdkMethods = {
  "aiGateway.billing.creditBalance": {
    call: (client, account_id) => client.aiGateway.billing.creditBalance({ account_id }),
    cases: {
      "is nothing": async ({ client, account_id }) => {
        expect(await client.aiGateway.billing.creditBalance({ account_id })).toEqual({
          balance: 0,
          has_default_payment_method: false,
          payment_method: null,
          topup_config: { amount: null, threshold: null },
        });
      },
    },
  },
  "aiGateway.billing.invoiceHistory": {
    call: (client, account_id) => client.aiGateway.billing.invoiceHistory({ account_id }),
    cases: {
      "is empty": async ({ client, account_id }) => {
        const query = { account_id, type: "all" } as const;
        const { invoices, pagination } = await client.aiGateway.billing.invoiceHistory(query);
        expect(invoices).toEqual([]);
        expect(pagination).toMatchObject({ page: 1, total_count: 0, has_more: false });
      },
      "refuses a type there is none of": async ({ client, account_id }) => {
        const query = { account_id, type: "some" as never };
        await refused(client.aiGateway.billing.invoiceHistory(query), 400, 7001);
      },
    },
  },
  "aiGateway.billing.invoicePreview": {
    call: (client, account_id) => client.aiGateway.billing.invoicePreview({ account_id }),
    cases: {
      "is not emulated": async ({ client, account_id }) => {
        const call = client.aiGateway.billing.invoicePreview({ account_id });
        expect(await refused(call, 501, 99501)).toContain("invoice-preview");
      },
    },
  },
  "aiGateway.billing.usageHistory": {
    call: (client, account_id) =>
      client.aiGateway.billing.usageHistory({ account_id, value_grouping_window: "day" }),
    cases: {
      "is empty": async ({ client, account_id }) => {
        const query = {
          account_id,
          value_grouping_window: "hour",
          start_time: 0,
          end_time: 1,
        } as const;
        expect(await client.aiGateway.billing.usageHistory(query)).toEqual({ history: [] });
      },
      "refuses a window there is none of": async ({ client, account_id }) => {
        const query = { account_id, value_grouping_window: "week" as never };
        await refused(client.aiGateway.billing.usageHistory(query), 400, 7001);
      },
    },
  },
  "aiGateway.billing.topup.create": {
    call: (client, account_id) =>
      client.aiGateway.billing.topup.create({ account_id, amount: 1_000 }),
    cases: {
      "is refused without a payment method": async ({ client, account_id }) => {
        await refused(
          client.aiGateway.billing.topup.create({ account_id, amount: 1_000 }),
          400,
          1000,
        );
      },
      "refuses less than the least": async ({ client, account_id }) => {
        await refused(
          client.aiGateway.billing.topup.create({ account_id, amount: 999 }),
          400,
          7001,
        );
      },
    },
  },
  "aiGateway.billing.topup.status": {
    call: (client, account_id) =>
      client.aiGateway.billing.topup.status({ account_id, payment_intent_id: "in_1" }),
    cases: {
      "does not find a payment that was never made": async ({ client, account_id }) => {
        const given = { account_id, payment_intent_id: "in_1" };
        await refused(client.aiGateway.billing.topup.status(given), 404, 7002);
      },
      "refuses an empty id": async ({ client, account_id }) => {
        const given = { account_id, payment_intent_id: "" };
        await refused(client.aiGateway.billing.topup.status(given), 400, 7001);
      },
    },
  },
  "aiGateway.billing.topup.config.create": {
    call: (client, account_id) =>
      client.aiGateway.billing.topup.config.create({ account_id, amount: 1_000, threshold: 500 }),
    cases: {
      "is for the dashboard only": async ({ client, account_id }) => {
        const given = { account_id, amount: 1_000, threshold: 500 };
        await refused(client.aiGateway.billing.topup.config.create(given), 403, 10000);
      },
    },
  },
  "aiGateway.billing.topup.config.delete": {
    call: (client, account_id) => client.aiGateway.billing.topup.config.delete({ account_id }),
    cases: {
      "is for the dashboard only": async ({ client, account_id }) => {
        await refused(client.aiGateway.billing.topup.config.delete({ account_id }), 403, 10000);
      },
    },
  },
  "aiGateway.billing.topup.config.get": {
    call: (client, account_id) => client.aiGateway.billing.topup.config.get({ account_id }),
    cases: {
      "is none": async ({ client, account_id }) => {
        const config = await client.aiGateway.billing.topup.config.get({ account_id });
        expect(config).toEqual({ amount: null, threshold: null });
      },
    },
  },
  "aiGateway.billing.spendingLimit.create": {
    call: (client, account_id) =>
      client.aiGateway.billing.spendingLimit.create({
        account_id,
        amount: 100,
        duration: "daily",
        strategy: "fixed",
      }),
    cases: {
      "is refused for ever": async ({ client, account_id }) => {
        const given = { account_id, amount: 100, duration: "daily", strategy: "fixed" } as const;
        const call = client.aiGateway.billing.spendingLimit.create(given);
        expect(await refused(call, 403, 1000)).toContain("spending limits are deprecated");
      },
    },
  },
  "aiGateway.billing.spendingLimit.delete": {
    call: (client, account_id) => client.aiGateway.billing.spendingLimit.delete({ account_id }),
    cases: {
      "removes nothing": async ({ client, account_id }) => {
        expect(await client.aiGateway.billing.spendingLimit.delete({ account_id })).toBeNull();
      },
    },
  },
  "aiGateway.billing.spendingLimit.get": {
    call: (client, account_id) => client.aiGateway.billing.spendingLimit.get({ account_id }),
    cases: {
      "is none": async ({ client, account_id }) => {
        expect(await client.aiGateway.billing.spendingLimit.get({ account_id })).toEqual({
          enabled: false,
          config: { amount: null, duration: null, strategy: null },
        });
      },
    },
  },
};
