import { expect } from "@jest/globals";
import { callBelow, type Envelope } from "./documented-call.js";
import type { Place, SdkAccount } from "./sdk-account.js";
import { below, nothing, refused, type SdkMethods } from "./sdk-method.js";

interface Policy {
  readonly id: string;
  readonly name: string;
}

const PATH = "/policies";
const NOWHERE = `${PATH}/${nothing.id}`;
const policy = (name = "everyone", action: object = { type: "no-limit" }) => ({
  name,
  actor: "company:all",
  resource: "*",
  condition: "true",
  action,
});
const commit = { commit: true };
const includeStaging = { includeStaging: true };

const addPolicy = (
  { client }: SdkAccount,
  place: Place,
  query: Record<string, unknown> = commit,
): PromiseLike<Envelope<Policy>> =>
  callBelow<Policy>(client, "post", place, PATH, { body: policy(), query });

const simulated = (model: string) => ({
  identity: {},
  model: `openai/${model}`,
  provider: "openai",
});

/** @see https://developers.cloudflare.com/ai-gateway/features/policies/ */
export const policyCalls: SdkMethods = {
  "POST /ai-gateway/gateways/:gateway/policies": {
    call: (client, account_id) =>
      callBelow(client, "post", below(account_id), PATH, { body: policy() }),
    belowGateway: true,
    cases: {
      "makes a policy that is committed, or a draft": async (account) => {
        const place = await account.place();
        const committed = await addPolicy(account, place);
        expect(committed).toMatchObject({ success: true, result: policy(), committed: true });
        expect(await addPolicy(account, place, {})).toMatchObject({ committed: false });
      },
      "refuses an action there is none of": async (account) => {
        const body = policy("odd", { type: "slow-down" });
        const call = callBelow(account.client, "post", await account.place(), PATH, { body });
        await refused(call, 400, 7001);
      },
    },
  },
  "GET /ai-gateway/gateways/:gateway/policies": {
    call: (client, account_id) => callBelow(client, "get", below(account_id), PATH),
    belowGateway: true,
    cases: {
      "lists what is committed, and drafts where that is asked for, up to an empty page": async (
        account,
      ) => {
        const place = await account.place();
        const { result } = await addPolicy(account, place);
        const { result: draft } = await addPolicy(account, place, {});
        const list = async (query: Record<string, unknown> = {}) =>
          (await callBelow(account.client, "get", place, PATH, { query })).result;
        expect(await list()).toEqual([result]);
        expect(await list(includeStaging)).toEqual([result, { ...draft, staging: true }]);
        expect(await list({ page: 2 })).toEqual([]);
      },
      "refuses a page that is too long": async (account) => {
        const query = { per_page: 101 };
        const call = callBelow(account.client, "get", await account.place(), PATH, { query });
        await refused(call, 400, 7001);
      },
    },
  },
  "GET /ai-gateway/gateways/:gateway/policies/:policy": {
    call: (client, account_id) => callBelow(client, "get", below(account_id), NOWHERE),
    belowGateway: true,
    cases: {
      "shows a draft only where that is asked for": async (account) => {
        const place = await account.place();
        const { result } = await addPolicy(account, place, {});
        const path = `${PATH}/${result.id}`;
        await refused(callBelow(account.client, "get", place, path), 404, 7002);
        const staged = await callBelow(account.client, "get", place, path, {
          query: includeStaging,
        });
        expect(staged).toMatchObject({ result, uncommitted: true });
      },
      "does not find a policy that is not there": async (account) => {
        const place = await account.place();
        await refused(callBelow(account.client, "get", place, NOWHERE), 404, 7002);
      },
    },
  },
  "PUT /ai-gateway/gateways/:gateway/policies/:policy": {
    call: (client, account_id) =>
      callBelow(client, "put", below(account_id), NOWHERE, { body: { name: "x" } }),
    belowGateway: true,
    cases: {
      "changes what it names, and answers without a result": async (account) => {
        const place = await account.place();
        const { result } = await addPolicy(account, place);
        const path = `${PATH}/${result.id}`;
        const sent = { body: { name: "staff" }, query: commit };
        const answer = await callBelow(account.client, "put", place, path, sent);
        expect(answer).toEqual({ success: true, errors: [], messages: [], committed: true });
        const shown = await callBelow(account.client, "get", place, path);
        expect(shown.result).toMatchObject(policy("staff"));
      },
      "refuses to change what was never committed": async (account) => {
        const place = await account.place();
        const { result } = await addPolicy(account, place, {});
        const sent = { body: { name: "staff" } };
        const call = callBelow(account.client, "put", place, `${PATH}/${result.id}`, sent);
        await refused(call, 400, 7001);
      },
      "does not find a policy that is not there": async (account) => {
        const place = await account.place();
        const sent = { body: { name: "staff" } };
        await refused(callBelow(account.client, "put", place, NOWHERE, sent), 404, 7002);
      },
    },
  },
  "DELETE /ai-gateway/gateways/:gateway/policies/:policy": {
    call: (client, account_id) => callBelow(client, "delete", below(account_id), NOWHERE),
    belowGateway: true,
    cases: {
      "answers with the policy that was": async (account) => {
        const place = await account.place();
        const { result } = await addPolicy(account, place);
        const deleted = callBelow(account.client, "delete", place, `${PATH}/${result.id}`);
        expect((await deleted).result).toEqual(result);
      },
      "does not find a policy that is not there": async (account) => {
        const place = await account.place();
        await refused(callBelow(account.client, "delete", place, NOWHERE), 404, 7002);
      },
    },
  },
  "POST /ai-gateway/gateways/:gateway/policies/commit": {
    call: (client, account_id) => callBelow(client, "post", below(account_id), `${PATH}/commit`),
    belowGateway: true,
    cases: {
      "commits all drafts, and says how many there were": async (account) => {
        const place = await account.place();
        await addPolicy(account, place, {});
        await addPolicy(account, place, {});
        const count = async () =>
          (await callBelow(account.client, "post", place, `${PATH}/commit`)).result;
        expect(await count()).toEqual({ committed: 2, failed: 0, policies: [] });
        expect(await count()).toMatchObject({ committed: 0 });
      },
    },
  },
  "POST /ai-gateway/gateways/:gateway/policies/simulate": {
    call: (client, account_id) =>
      callBelow(client, "post", below(account_id), `${PATH}/simulate`, { body: simulated("x") }),
    belowGateway: true,
    cases: {
      "blocks what no policy covers, and allows what one does": async (account) => {
        const place = await account.place();
        const judge = async () => {
          const sent = { body: simulated("gpt-5") };
          return (await callBelow(account.client, "post", place, `${PATH}/simulate`, sent)).result;
        };
        expect(await judge()).toMatchObject({ enforcement: { allowed: false } });
        await addPolicy(account, place);
        expect(await judge()).toMatchObject({
          evaluation: { decision: "no-limit", buckets: [] },
          enforcement: { allowed: true },
          policiesEvaluated: 1,
        });
      },
      "says of a condition that it is not emulated": async (account) => {
        const place = await account.place();
        const body = { ...policy(), condition: 'model == "x"' };
        await callBelow(account.client, "post", place, PATH, { body });
        const sent = { body: simulated("gpt-5") };
        const call = callBelow(account.client, "post", place, `${PATH}/simulate`, sent);
        expect(await refused(call, 501, 99501)).toContain("condition");
      },
      "refuses a body without a model": async (account) => {
        const sent = { body: { identity: {}, provider: "openai" } };
        const place = await account.place();
        const call = callBelow(account.client, "post", place, `${PATH}/simulate`, sent);
        await refused(call, 400, 7001);
      },
    },
  },
};
