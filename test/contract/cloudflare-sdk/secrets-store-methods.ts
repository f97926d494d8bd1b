import { expect } from "@jest/globals";
import { canary } from "../../secrets/canary.js";
import type { SdkAccount } from "./sdk-account.js";
import { collect, nothing, refused, type SdkMethods } from "./sdk-method.js";

const below = (account_id: string) => ({ account_id, store_id: nothing.id });

interface Place {
  readonly account_id: string;
  readonly store_id: string;
}

async function withSecret(
  account: SdkAccount,
): Promise<{ place: Place; id: string; name: string }> {
  const { account_id, client } = account;
  const store_id = await account.store();
  const name = account.name("secret");
  const body = [
    {
      name,
      value: canary("a secret of a store"),
      scopes: ["ai_gateway" as const],
      comment: "a key",
    },
  ];
  const [made] = await collect(
    client.secretsStore.stores.secrets.create(store_id, { account_id, body }),
  );
  return { place: { account_id, store_id }, id: made?.id ?? "", name };
}

export const secretsStoreMethods: SdkMethods = {
  "secretsStore.stores.create": {
    call: (client, account_id) => client.secretsStore.stores.create({ account_id, name: "keys" }),
    cases: {
      "makes the account's store": async (account) => {
        const { account_id, client } = account;
        const old = await account.store();
        await client.secretsStore.stores.delete(old, { account_id, force: true });
        const made = await client.secretsStore.stores.create({ account_id, name: "keys" });
        expect(made).toMatchObject({ id: expect.stringMatching(/^[0-9a-f]{32}$/), name: "keys" });
      },
      "refuses a second one": async (account) => {
        const { account_id, client } = account;
        await account.store();
        const call = client.secretsStore.stores.create({ account_id, name: "more" });
        expect(await refused(call, 400, 1003)).toBe("maximum_stores_exceeded");
      },
      "refuses a name that is none": async ({ account_id, client }) => {
        const call = client.secretsStore.stores.create({ account_id, name: "not a name" });
        await refused(call, 400, 1001);
      },
    },
  },
  "secretsStore.stores.list": {
    call: (client, account_id) => client.secretsStore.stores.list({ account_id }),
    cases: {
      "pages until a page is empty": async (account) => {
        const id = await account.store();
        const { account_id, client } = account;
        account.takeSent();
        const listed = await collect(client.secretsStore.stores.list({ account_id }));
        expect(listed.map((store) => store.id)).toEqual([id]);
        expect(account.takeSent()).toHaveLength(2);
      },
      "refuses page 0": async ({ account_id, client }) => {
        await refused(client.secretsStore.stores.list({ account_id, page: 0 }), 400, 1001);
      },
    },
  },
  "secretsStore.stores.delete": {
    call: (client, account_id) => client.secretsStore.stores.delete(nothing.id, { account_id }),
    cases: {
      "takes the store away": async (account) => {
        const { account_id, client } = account;
        const id = await account.store();
        await client.secretsStore.stores.delete(id, { account_id, force: true });
        const left = await client.secretsStore.stores.list({ account_id });
        expect(left.result).toEqual([]);
      },
      "refuses a store that holds secrets": async (account) => {
        const { place } = await withSecret(account);
        const { account_id, store_id } = place;
        const call = account.client.secretsStore.stores.delete(store_id, { account_id });
        expect(await refused(call, 409, 1001)).toBe("store_not_empty");
      },
      "does not find a store that is not there": async ({ account_id, client }) => {
        const call = client.secretsStore.stores.delete(nothing.id, { account_id });
        expect(await refused(call, 404, 1001)).toBe("store_not_found");
      },
    },
  },
  "secretsStore.stores.get": {
    call: (client, account_id) => client.secretsStore.stores.get(nothing.id, { account_id }),
    cases: {
      "shows a store": async (account) => {
        const { account_id, client } = account;
        const id = await account.store();
        const shown = await client.secretsStore.stores.get(id, { account_id });
        expect(shown).toMatchObject({ id, name: "keys" });
      },
      "does not find a store that is not there": async ({ account_id, client }) => {
        const call = client.secretsStore.stores.get(nothing.id, { account_id });
        expect(await refused(call, 404, 1001)).toBe("store_not_found");
      },
    },
  },
  "secretsStore.stores.secrets.create": {
    call: (client, account_id) =>
      client.secretsStore.stores.secrets.create(nothing.id, {
        account_id,
        body: [{ name: "x", value: canary("a secret of a store"), scopes: ["workers"] }],
      }),
    cases: {
      "makes secrets, and never shows them": async (account) => {
        const { account_id, client } = account;
        const name = account.name("secret");
        const body = [
          { name, value: canary("another secret of a store"), scopes: ["workers" as const] },
        ];
        const store_id = await account.store();
        const made = await collect(
          client.secretsStore.stores.secrets.create(store_id, { account_id, body }),
        );
        expect(made).toEqual([
          expect.objectContaining({ name, scopes: ["workers"], status: "active", store_id }),
        ]);
        expect(JSON.stringify(made)).not.toContain(canary("another secret of a store"));
      },
      "refuses a name that is taken": async (account) => {
        const { place, name } = await withSecret(account);
        const body = [{ name, value: canary("a secret of a store"), scopes: ["workers" as const] }];
        const call = account.client.secretsStore.stores.secrets.create(place.store_id, {
          account_id: place.account_id,
          body,
        });
        expect(await refused(call, 400, 1003)).toBe("secret_name_already_exists");
      },
      "refuses a scope there is none of": async (account) => {
        const { account_id, client } = account;
        const body = [
          { name: "x", value: canary("a secret of a store"), scopes: ["mail" as never] },
        ];
        const store_id = await account.store();
        const call = client.secretsStore.stores.secrets.create(store_id, { account_id, body });
        await refused(call, 400, 1001);
      },
      "does not find a store that is not there": async ({ account_id, client }) => {
        const body = [
          { name: "x", value: canary("a secret of a store"), scopes: ["workers" as const] },
        ];
        const call = client.secretsStore.stores.secrets.create(nothing.id, { account_id, body });
        await refused(call, 404, 1001);
      },
    },
  },
  "secretsStore.stores.secrets.list": {
    call: (client, account_id) =>
      client.secretsStore.stores.secrets.list(nothing.id, { account_id }),
    cases: {
      "pages until a page is empty": async (account) => {
        const { place, name } = await withSecret(account);
        await withSecret(account);
        const { account_id, store_id } = place;
        account.takeSent();
        const listed = await collect(
          account.client.secretsStore.stores.secrets.list(store_id, { account_id, per_page: 1 }),
        );
        expect(listed.map((secret) => secret.name)).toContain(name);
        expect(account.takeSent()).toHaveLength(listed.length + 1);
      },
      "finds a part of a name": async (account) => {
        const { place, name } = await withSecret(account);
        const { account_id, store_id } = place;
        const query = { account_id, search: name };
        const page = await account.client.secretsStore.stores.secrets.list(store_id, query);
        expect(page.result.map((secret) => secret.name)).toContain(name);
      },
      "says of a filter by scopes that it is not emulated": async (account) => {
        const query = { account_id: account.account_id, scopes: ["workers" as const] };
        const store_id = await account.store();
        const call = account.client.secretsStore.stores.secrets.list(store_id, query);
        await refused(call, 501, 99501);
      },
      "does not find a store that is not there": async ({ account_id, client }) => {
        const call = client.secretsStore.stores.secrets.list(nothing.id, { account_id });
        await refused(call, 404, 1001);
      },
    },
  },
  "secretsStore.stores.secrets.edit": {
    call: (client, account_id) =>
      client.secretsStore.stores.secrets.edit(nothing.id, { ...below(account_id), comment: "x" }),
    cases: {
      "changes what it names": async (account) => {
        const { place, id } = await withSecret(account);
        const edited = await account.client.secretsStore.stores.secrets.edit(id, {
          ...place,
          comment: "another",
          value: canary("a secret of a store, rotated"),
        });
        expect(edited).toMatchObject({ id, comment: "another", scopes: ["ai_gateway"] });
        expect(JSON.stringify(edited)).not.toContain(canary("a secret of a store, rotated"));
      },
      "refuses an empty value": async (account) => {
        const { place, id } = await withSecret(account);
        const call = account.client.secretsStore.stores.secrets.edit(id, { ...place, value: "" });
        await refused(call, 400, 1001);
      },
      "does not find a secret that is not there": async (account) => {
        const { place } = await withSecret(account);
        const given = { ...place, comment: "x" };
        const call = account.client.secretsStore.stores.secrets.edit(nothing.id, given);
        expect(await refused(call, 404, 1001)).toBe("secret_not_found");
      },
    },
  },
  "secretsStore.stores.secrets.get": {
    call: (client, account_id) =>
      client.secretsStore.stores.secrets.get(nothing.id, below(account_id)),
    cases: {
      "shows a secret without its value": async (account) => {
        const { place, id, name } = await withSecret(account);
        const shown = await account.client.secretsStore.stores.secrets.get(id, place);
        expect(shown).toMatchObject({ id, name, comment: "a key", store_id: place.store_id });
        expect(JSON.stringify(shown)).not.toContain(canary("a secret of a store"));
      },
      "does not find a secret that is not there": async (account) => {
        const { place } = await withSecret(account);
        const call = account.client.secretsStore.stores.secrets.get(nothing.id, place);
        expect(await refused(call, 404, 1001)).toBe("secret_not_found");
      },
    },
  },
  "secretsStore.stores.secrets.delete": {
    call: (client, account_id) =>
      client.secretsStore.stores.secrets.delete(nothing.id, below(account_id)),
    cases: {
      "takes the secret away": async (account) => {
        const { place, id } = await withSecret(account);
        await account.client.secretsStore.stores.secrets.delete(id, place);
        await refused(account.client.secretsStore.stores.secrets.get(id, place), 404, 1001);
      },
      "does not find a secret that is not there": async (account) => {
        const { place } = await withSecret(account);
        const call = account.client.secretsStore.stores.secrets.delete(nothing.id, place);
        await refused(call, 404, 1001);
      },
    },
  },
  "secretsStore.stores.secrets.bulkDelete": {
    call: (client, account_id) =>
      client.secretsStore.stores.secrets.bulkDelete(nothing.id, { account_id }),
    cases: {
      // The SDK sends no body that would say which.
      "is not emulated": async ({ account_id, client }) => {
        const call = client.secretsStore.stores.secrets.bulkDelete(nothing.id, { account_id });
        expect(await refused(call, 501, 99501)).toContain("DELETE");
      },
    },
  },
  "secretsStore.stores.secrets.duplicate": {
    call: (client, account_id) =>
      client.secretsStore.stores.secrets.duplicate(nothing.id, {
        ...below(account_id),
        name: "x",
        scopes: ["workers"],
      }),
    cases: {
      "is not emulated": async ({ account_id, client }) => {
        const given = { ...below(account_id), name: "x", scopes: ["workers" as const] };
        const call = client.secretsStore.stores.secrets.duplicate(nothing.id, given);
        expect(await refused(call, 501, 99501)).toContain("/duplicate");
      },
    },
  },
  "secretsStore.quota.get": {
    call: (client, account_id) => client.secretsStore.quota.get({ account_id }),
    cases: {
      "is not emulated": async ({ account_id, client }) => {
        const call = client.secretsStore.quota.get({ account_id });
        expect(await refused(call, 501, 99501)).toContain("/secrets_store/quota");
      },
    },
  },
};
