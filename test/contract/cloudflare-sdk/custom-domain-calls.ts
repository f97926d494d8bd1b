import { expect } from "@jest/globals";
import { callBelow } from "./documented-call.js";
import type { Place, SdkAccount } from "./sdk-account.js";
import { below, refused, type SdkMethods } from "./sdk-method.js";

interface Domain {
  readonly hostname: string;
}

const PATH = "/custom-domains";
const zone_id = "0".repeat(32);

async function addDomain(account: SdkAccount, place: Place): Promise<Domain> {
  const body = { domain: `${account.name("ai")}.example.com`, zone_id };
  return (await callBelow<Domain>(account.client, "post", place, PATH, { body })).result;
}

/** @see https://developers.cloudflare.com/ai-gateway/configuration/custom-domains/ */
export const customDomainCalls: SdkMethods = {
  "POST /ai-gateway/gateways/:gateway/custom-domains": {
    call: (client, account_id) =>
      callBelow(client, "post", below(account_id), PATH, { body: { domain: "a.test", zone_id } }),
    belowGateway: true,
    cases: {
      "makes a domain that waits for its validation": async (account) => {
        const place = await account.place();
        expect(await addDomain(account, place)).toMatchObject({
          hostname: expect.stringMatching(/^ai-/),
          gateway_id: place.gateway_id,
          status: "pending_dcv",
          cname_target: expect.any(String),
        });
      },
      "refuses a host name that is taken": async (account) => {
        const place = await account.place();
        const { hostname: domain } = await addDomain(account, place);
        const body = { domain, zone_id };
        const again = callBelow(account.client, "post", await account.place(), PATH, { body });
        expect(await refused(again, 400, 7001)).toContain("already exists");
      },
      "refuses a host name that is none": async (account) => {
        const body = { domain: "not a host", zone_id };
        const call = callBelow(account.client, "post", await account.place(), PATH, { body });
        await refused(call, 400, 7001);
      },
    },
  },
  "GET /ai-gateway/gateways/:gateway/custom-domains": {
    call: (client, account_id) => callBelow(client, "get", below(account_id), PATH),
    belowGateway: true,
    cases: {
      "lists a gateway's own, up to an empty page": async (account) => {
        const place = await account.place();
        await addDomain(account, await account.place());
        const made = await addDomain(account, place);
        const list = async (page: number) =>
          (await callBelow(account.client, "get", place, PATH, { query: { page } })).result;
        expect([await list(1), await list(2)]).toEqual([[made], []]);
      },
      "refuses a page that is none": async (account) => {
        const query = { page: 0 };
        const call = callBelow(account.client, "get", await account.place(), PATH, { query });
        await refused(call, 400, 7001);
      },
    },
  },
  "GET /ai-gateway/gateways/:gateway/custom-domains/:hostname": {
    call: (client, account_id) => callBelow(client, "get", below(account_id), `${PATH}/a.test`),
    belowGateway: true,
    cases: {
      "shows a domain": async (account) => {
        const place = await account.place();
        const made = await addDomain(account, place);
        const shown = await callBelow(account.client, "get", place, `${PATH}/${made.hostname}`);
        expect(shown.result).toEqual(made);
      },
      "does not find another gateway's": async (account) => {
        const { hostname } = await addDomain(account, await account.place());
        const path = `${PATH}/${hostname}`;
        await refused(callBelow(account.client, "get", await account.place(), path), 404, 7002);
      },
    },
  },
  "DELETE /ai-gateway/gateways/:gateway/custom-domains/:hostname": {
    call: (client, account_id) => callBelow(client, "delete", below(account_id), `${PATH}/a.test`),
    belowGateway: true,
    cases: {
      "answers with the domain that was": async (account) => {
        const place = await account.place();
        const made = await addDomain(account, place);
        const path = `${PATH}/${made.hostname}`;
        expect((await callBelow(account.client, "delete", place, path)).result).toEqual(made);
        await refused(callBelow(account.client, "get", place, path), 404, 7002);
      },
      "does not find a domain that is not there": async (account) => {
        const path = `${PATH}/nothing.example.com`;
        await refused(callBelow(account.client, "delete", await account.place(), path), 404, 7002);
      },
    },
  },
};
