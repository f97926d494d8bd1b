import { expect } from "@jest/globals";
import { canary } from "../../secrets/canary.js";
import type { SdkAccount } from "./sdk-account.js";
import { collect, nothing, refused, type SdkMethods } from "./sdk-method.js";

const key = { provider_slug: "openai", alias: "default", default_config: true } as const;

/** A gateway that may take keys, from the account's store. */
async function withStore(account: SdkAccount): Promise<{ gateway: string; store_id: string }> {
  const store_id = await account.store();
  return { gateway: await account.gateway({ store_id }), store_id };
}

const provider = (account: SdkAccount) => ({
  account_id: account.account_id,
  name: "Our models",
  slug: account.name("models"),
  base_url: "https://models.example.com/v1",
});

export const providerMethods: SdkMethods = {
  "aiGateway.providerConfigs.create": {
    call: (client, account_id) =>
      client.aiGateway.providerConfigs.create(nothing.gateway, {
        account_id,
        ...key,
        secret: canary("a provider's key"),
      }),
    belowGateway: true,
    cases: {
      "keeps a key that is sent along, and never shows it": async (account) => {
        const { gateway } = await withStore(account);
        const made = await account.client.aiGateway.providerConfigs.create(gateway, {
          account_id: account.account_id,
          ...key,
          secret: canary("a provider's key, sent along"),
          rate_limit: 10,
          rate_limit_period: 60,
        });
        expect(made).toMatchObject({
          ...key,
          // The SDK's type is a boolean; the live API was seen to answer a number.
          default_config: 1,
          gateway_id: gateway,
          secret_id: expect.any(String),
          rate_limit: 10,
          rate_limit_period: 60,
        });
        expect(JSON.stringify(made)).not.toContain(canary("a provider's key, sent along"));
      },
      "takes a secret of the gateway's store under its very name": async (account) => {
        const { gateway, store_id } = await withStore(account);
        const { account_id } = account;
        const [secret] = await collect(
          account.client.secretsStore.stores.secrets.create(store_id, {
            account_id,
            body: [
              {
                name: `${gateway}_openai_default`,
                value: canary("a provider's key"),
                scopes: ["ai_gateway"],
              },
            ],
          }),
        );
        const secret_id = secret?.id ?? "";
        const made = await account.client.aiGateway.providerConfigs.create(gateway, {
          account_id,
          ...key,
          secret_id,
        });
        expect(made.secret_id).toBe(secret_id);
      },
      "does not find a secret that is not there": async (account) => {
        const { gateway } = await withStore(account);
        const call = account.client.aiGateway.providerConfigs.create(gateway, {
          account_id: account.account_id,
          ...key,
          secret_id: nothing.id,
        });
        expect(await refused(call, 400, 7001)).toContain("was not found");
      },
      "refuses a second key of the same alias": async (account) => {
        const { gateway } = await withStore(account);
        const given = {
          account_id: account.account_id,
          ...key,
          secret: canary("a provider's key"),
        };
        await account.client.aiGateway.providerConfigs.create(gateway, given);
        const again = account.client.aiGateway.providerConfigs.create(gateway, given);
        expect(await refused(again, 400, 7001)).toContain("already exists");
      },
      "refuses a body without a secret": async (account) => {
        const { gateway } = await withStore(account);
        const given = { account_id: account.account_id, ...key };
        await refused(account.client.aiGateway.providerConfigs.create(gateway, given), 400, 7001);
      },
      "refuses a gateway without a store": async (account) => {
        const gateway = await account.gateway();
        const given = {
          account_id: account.account_id,
          ...key,
          secret: canary("a provider's key"),
        };
        await refused(account.client.aiGateway.providerConfigs.create(gateway, given), 400, 7001);
      },
    },
  },
  "aiGateway.providerConfigs.list": {
    call: (client, account_id) =>
      client.aiGateway.providerConfigs.list(nothing.gateway, { account_id }),
    cases: {
      "pages until a page is empty": async (account) => {
        const { gateway } = await withStore(account);
        const { account_id } = account;
        for (const alias of ["one", "two"]) {
          const given = { account_id, ...key, alias, secret: canary("a provider's key") };
          await account.client.aiGateway.providerConfigs.create(gateway, given);
        }
        account.takeSent();
        const listed = await collect(
          account.client.aiGateway.providerConfigs.list(gateway, { account_id, per_page: 1 }),
        );
        expect(listed.map(({ alias }) => alias)).toEqual(["one", "two"]);
        expect(account.takeSent()).toHaveLength(3);
      },
      "is empty for a gateway that is not there": async ({ client, account_id }) => {
        const page = await client.aiGateway.providerConfigs.list(nothing.gateway, { account_id });
        expect(page.result).toEqual([]);
      },
      "refuses a page that is too long": async ({ client, account_id }) => {
        const query = { account_id, per_page: 51 };
        const call = client.aiGateway.providerConfigs.list(nothing.gateway, query);
        await refused(call, 400, 7001);
      },
    },
  },
  "aiGateway.customProviders.create": {
    call: (client, account_id) =>
      client.aiGateway.customProviders.create({
        account_id,
        name: "x",
        slug: "x",
        base_url: "https://x.example.com",
      }),
    cases: {
      "makes a provider": async (account) => {
        const { account_id, ...given } = provider(account);
        const headers = JSON.stringify({ "x-team": "search" });
        const made = await account.client.aiGateway.customProviders.create({
          account_id,
          ...given,
          headers,
          enable: true,
        });
        expect(made).toMatchObject({ ...given, headers, enable: true, beta: false });
      },
      "refuses a slug that is taken": async (account) => {
        const given = provider(account);
        await account.client.aiGateway.customProviders.create(given);
        const again = account.client.aiGateway.customProviders.create(given);
        expect(await refused(again, 409, 1003)).toContain("already exists");
      },
      "refuses a base URL without TLS": async (account) => {
        const given = { ...provider(account), base_url: "http://models.example.com" };
        await refused(account.client.aiGateway.customProviders.create(given), 400, 1002);
      },
      "refuses a slug that is none": async (account) => {
        const given = { ...provider(account), slug: "not a slug" };
        await refused(account.client.aiGateway.customProviders.create(given), 400, 7001);
      },
    },
  },
  "aiGateway.customProviders.list": {
    call: (client, account_id) => client.aiGateway.customProviders.list({ account_id }),
    cases: {
      "pages until a page is empty": async (account) => {
        const { account_id } = account;
        const search = account.name("listed");
        for (const end of ["a", "b"]) {
          const given = { ...provider(account), slug: `${search}-${end}` };
          await account.client.aiGateway.customProviders.create(given);
        }
        account.takeSent();
        const listed = await collect(
          account.client.aiGateway.customProviders.list({ account_id, search, per_page: 1 }),
        );
        expect(listed.map(({ slug }) => slug)).toEqual([`${search}-a`, `${search}-b`]);
        expect(account.takeSent()).toHaveLength(3);
      },
      "finds those that are enabled": async (account) => {
        const { account_id } = account;
        const given = provider(account);
        await account.client.aiGateway.customProviders.create({ ...given, enable: true });
        const find = async (enable: boolean) => {
          const query = { account_id, search: given.slug, enable };
          return (await account.client.aiGateway.customProviders.list(query)).result.length;
        };
        expect([await find(true), await find(false)]).toEqual([1, 0]);
      },
      "refuses a page that is too long": async ({ client, account_id }) => {
        const query = { account_id, per_page: 101 };
        await refused(client.aiGateway.customProviders.list(query), 400, 7001);
      },
    },
  },
  "aiGateway.customProviders.delete": {
    call: (client, account_id) =>
      client.aiGateway.customProviders.delete(nothing.id, { account_id }),
    cases: {
      "answers with the provider that was": async (account) => {
        const given = provider(account);
        const { account_id } = given;
        const { id, slug } = await account.client.aiGateway.customProviders.create(given);
        const deleted = await account.client.aiGateway.customProviders.delete(id, { account_id });
        expect(deleted).toMatchObject({ id, slug });
        await refused(account.client.aiGateway.customProviders.get(id, { account_id }), 404, 1004);
      },
      "does not find a provider that is not there": async ({ client, account_id }) => {
        const call = client.aiGateway.customProviders.delete(nothing.id, { account_id });
        await refused(call, 404, 1004);
      },
    },
  },
  "aiGateway.customProviders.get": {
    call: (client, account_id) => client.aiGateway.customProviders.get(nothing.id, { account_id }),
    cases: {
      "shows a provider": async (account) => {
        const given = provider(account);
        const { account_id } = given;
        const made = await account.client.aiGateway.customProviders.create(given);
        const shown = await account.client.aiGateway.customProviders.get(made.id, { account_id });
        expect(shown).toEqual(made);
      },
      "does not find a provider that is not there": async ({ client, account_id }) => {
        const call = client.aiGateway.customProviders.get(nothing.id, { account_id });
        await refused(call, 404, 1004);
      },
    },
  },
};
