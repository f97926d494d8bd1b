import { expect } from "@jest/globals";
import { canary } from "../../secrets/canary.js";
import { call, callBelow } from "./documented-call.js";
import type { SdkAccount } from "./sdk-account.js";
import { below, nothing, refused, type SdkMethods } from "./sdk-method.js";

interface Made {
  readonly id: string;
  readonly slug: string;
}

const NOWHERE = `/custom-providers/${nothing.id}`;

const addProvider = ({ client, account_id }: SdkAccount, slug: string): PromiseLike<Made> =>
  client.aiGateway.customProviders.create({
    account_id,
    name: "Ours",
    slug,
    base_url: "https://models.example.com/v1",
  });

/**
 * What the SDK has not of keys and custom providers.
 * @see https://developers.cloudflare.com/ai-gateway/configuration/custom-providers/
 * @see https://developers.cloudflare.com/ai-gateway/configuration/bring-your-own-keys/
 */
export const providerCalls: SdkMethods = {
  "DELETE /ai-gateway/gateways/:gateway/provider_configs/:config": {
    call: (client, account_id) =>
      callBelow(client, "delete", below(account_id), `/provider_configs/${nothing.id}`),
    belowGateway: true,
    cases: {
      "answers with the key's config that was": async (account) => {
        const { account_id, client } = account;
        const gateway_id = await account.gateway({ store_id: await account.store() });
        const made = await client.aiGateway.providerConfigs.create(gateway_id, {
          account_id,
          provider_slug: "openai",
          alias: "default",
          default_config: true,
          secret: canary("a provider's key"),
        });
        const path = `/provider_configs/${made.id}`;
        const deleted = await callBelow(client, "delete", { account_id, gateway_id }, path);
        expect(deleted.result).toEqual(made);
        const left = await client.aiGateway.providerConfigs.list(gateway_id, { account_id });
        expect(left.result).toEqual([]);
      },
      "does not find a config that is not there": async (account) => {
        const path = `/provider_configs/${nothing.id}`;
        await refused(callBelow(account.client, "delete", await account.place(), path), 404, 7002);
      },
    },
  },
  "PATCH /ai-gateway/custom-providers/:provider": {
    call: (client, account_id) =>
      call(client, "patch", account_id, NOWHERE, { body: { name: "x" } }),
    cases: {
      "changes what it names": async (account) => {
        const made = await addProvider(account, account.name("models"));
        const path = `/custom-providers/${made.id}`;
        const sent = { body: { name: "Theirs", enable: true } };
        const { result } = await call(account.client, "patch", account.account_id, path, sent);
        expect(result).toMatchObject({ ...made, ...sent.body, modified_at: expect.any(String) });
      },
      "refuses a slug that is taken": async (account) => {
        const { slug } = await addProvider(account, account.name("models"));
        const { id } = await addProvider(account, account.name("models"));
        const path = `/custom-providers/${id}`;
        const sent = { body: { slug } };
        const answer = call(account.client, "patch", account.account_id, path, sent);
        expect(await refused(answer, 409, 1003)).toContain("already exists");
      },
      "refuses a base URL without TLS": async (account) => {
        const { id } = await addProvider(account, account.name("models"));
        const path = `/custom-providers/${id}`;
        const sent = { body: { base_url: "http://models.example.com" } };
        await refused(call(account.client, "patch", account.account_id, path, sent), 400, 1002);
      },
      "does not find a provider that is not there": async ({ client, account_id }) => {
        const sent = { body: { name: "x" } };
        await refused(call(client, "patch", account_id, NOWHERE, sent), 404, 1004);
      },
    },
  },
};
