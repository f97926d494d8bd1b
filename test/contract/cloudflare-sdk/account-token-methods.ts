import { expect } from "@jest/globals";
import type { TokenCreateResponse } from "cloudflare/resources/accounts/tokens/tokens.js";
import type { SdkAccount } from "./sdk-account.js";
import { collect, nothing, refused, type SdkMethods } from "./sdk-method.js";

async function groupId({ client, account_id }: SdkAccount, name: string): Promise<string> {
  const [group] = await collect(client.accounts.tokens.permissionGroups.list({ account_id, name }));
  return group?.id ?? "";
}

/** What a token is sent with: one policy over the whole account. */
async function token(account: SdkAccount, group = "AI Gateway Read") {
  const { account_id } = account;
  return {
    account_id,
    name: account.name("token"),
    policies: [
      {
        effect: "allow" as const,
        permission_groups: [{ id: await groupId(account, group) }],
        resources: { [`com.cloudflare.api.account.${account_id}`]: "*" },
      },
    ],
  };
}

const create = async (account: SdkAccount, group?: string): Promise<TokenCreateResponse> =>
  account.client.accounts.tokens.create(await token(account, group));

const policies = [
  { effect: "allow" as const, permission_groups: [{ id: nothing.id }], resources: { x: "*" } },
];

export const accountTokenMethods: SdkMethods = {
  "accounts.tokens.create": {
    call: (client, account_id) =>
      client.accounts.tokens.create({ account_id, name: "x", policies }),
    cases: {
      "makes a token that may do what its groups say, and no more": async (account) => {
        const made = await create(account);
        const { account_id } = account;
        const reader = account.clientWith(made.value ?? "");
        const id = await account.gateway();
        expect(made).toMatchObject({ status: "active" });
        expect(await reader.aiGateway.get(id, { account_id })).toMatchObject({ id });
        await refused(reader.aiGateway.delete(id, { account_id }), 403, 10000);
      },
      "refuses a token without policies": async ({ client, account_id }) => {
        const call = client.accounts.tokens.create({ account_id, name: "x", policies: [] });
        await refused(call, 400, 1000);
      },
      "says of another policy that it is not emulated": async ({ client, account_id }) => {
        await refused(
          client.accounts.tokens.create({ account_id, name: "x", policies }),
          501,
          99501,
        );
      },
    },
  },
  "accounts.tokens.update": {
    call: (client, account_id) =>
      client.accounts.tokens.update(nothing.id, { account_id, name: "x", policies }),
    cases: {
      "replaces everything but the value": async (account) => {
        const { id = "", value = "" } = await create(account);
        const { account_id } = account;
        const given = { ...(await token(account)), status: "disabled" as const };
        const changed = await account.client.accounts.tokens.update(id, given);
        expect(changed).toMatchObject({ id, name: given.name, status: "disabled" });
        expect(changed).not.toHaveProperty("value");
        const disabled = account.clientWith(value);
        await refused(disabled.aiGateway.list({ account_id }), 403, 10000);
      },
      "does not find a token that is not there": async (account) => {
        const call = account.client.accounts.tokens.update(nothing.id, await token(account));
        await refused(call, 404, 1003);
      },
    },
  },
  "accounts.tokens.list": {
    call: (client, account_id) => client.accounts.tokens.list({ account_id }),
    cases: {
      "pages until a page is empty, and shows no value": async (account) => {
        const { id, value } = await create(account);
        await create(account);
        const { account_id } = account;
        account.takeSent();
        const listed = await collect(
          account.client.accounts.tokens.list({ account_id, per_page: 1 }),
        );
        expect(listed.map((one) => one.id)).toContain(id);
        expect(account.takeSent()).toHaveLength(listed.length + 1);
        expect(JSON.stringify(listed)).not.toContain(value);
      },
      "refuses page 0": async ({ client, account_id }) => {
        await refused(client.accounts.tokens.list({ account_id, page: 0 }), 400, 1000);
      },
    },
  },
  "accounts.tokens.get": {
    call: (client, account_id) => client.accounts.tokens.get(nothing.id, { account_id }),
    cases: {
      "shows a token without its value": async (account) => {
        const { value, ...made } = await create(account);
        const { account_id } = account;
        const shown = await account.client.accounts.tokens.get(made.id ?? "", { account_id });
        expect(shown).toEqual(made);
      },
      "does not find a token that is not there": async ({ client, account_id }) => {
        await refused(client.accounts.tokens.get(nothing.id, { account_id }), 404, 1003);
      },
    },
  },
  "accounts.tokens.delete": {
    call: (client, account_id) => client.accounts.tokens.delete(nothing.id, { account_id }),
    cases: {
      "takes the token away": async (account) => {
        const { id = "", value = "" } = await create(account);
        const { account_id } = account;
        expect(await account.client.accounts.tokens.delete(id, { account_id })).toEqual({ id });
        const gone = account.clientWith(value);
        await refused(gone.aiGateway.list({ account_id }), 403, 10000);
      },
      "does not find a token that is not there": async ({ client, account_id }) => {
        await refused(client.accounts.tokens.delete(nothing.id, { account_id }), 404, 1003);
      },
    },
  },
  "accounts.tokens.verify": {
    call: (client, account_id) => client.accounts.tokens.verify({ account_id }),
    cases: {
      "tells a token of itself": async (account) => {
        const { id, value = "" } = await create(account);
        const { account_id } = account;
        const itself = await account.clientWith(value).accounts.tokens.verify({ account_id });
        expect(itself).toMatchObject({ id, status: "active" });
      },
    },
  },
  "accounts.tokens.value.update": {
    call: (client, account_id) => client.accounts.tokens.value.update(nothing.id, { account_id }),
    cases: {
      "gives a new value, and the old one is nobody's": async (account) => {
        const { id = "", value = "" } = await create(account);
        const { account_id } = account;
        const next = await account.client.accounts.tokens.value.update(id, { account_id });
        expect(await account.clientWith(next).accounts.tokens.verify({ account_id })).toMatchObject(
          {
            id,
          },
        );
        await refused(account.clientWith(value).accounts.tokens.verify({ account_id }), 403, 10000);
      },
      "does not find a token that is not there": async ({ client, account_id }) => {
        const call = client.accounts.tokens.value.update(nothing.id, { account_id });
        await refused(call, 404, 1003);
      },
    },
  },
  "accounts.tokens.permissionGroups.list": {
    call: (client, account_id) => client.accounts.tokens.permissionGroups.list({ account_id }),
    cases: {
      "lists the groups that concern a gateway": async ({ client, account_id }) => {
        const groups = await collect(client.accounts.tokens.permissionGroups.list({ account_id }));
        expect(groups.map(({ name }) => name)).toEqual([
          "AI Gateway Read",
          "AI Gateway Write",
          "AI Gateway Run",
        ]);
      },
    },
  },
  "accounts.tokens.permissionGroups.get": {
    call: (client, account_id) => client.accounts.tokens.permissionGroups.get({ account_id }),
    cases: {
      "finds a group by its name": async ({ client, account_id }) => {
        const name = "AI Gateway Run";
        const groups = await client.accounts.tokens.permissionGroups.get({ account_id, name });
        expect(groups).toEqual([expect.objectContaining({ name, id: expect.any(String) })]);
      },
    },
  },
};
