import { expect } from "@jest/globals";
import type { SdkAccount } from "./sdk-account.js";
import { below, collect, nothing, refused, type SdkMethods } from "./sdk-method.js";

const params = ({ account_id }: SdkAccount) => ({ account_id });

/** A gateway that has answered, and the ids of its logs. */
async function withLogs(
  account: SdkAccount,
  count = 1,
): Promise<{ account_id: string; gateway_id: string; ids: readonly string[] }> {
  const gateway_id = await account.gateway();
  const ids: string[] = [];
  for (let n = 0; n < count; n++) {
    ids.push(await account.prompt(gateway_id, `Prompt ${n}`));
    account.clock.advance(1_000);
  }
  return { ...params(account), gateway_id, ids };
}

/** As the live API reads filters: one JSON text. The SDK's types have an array. */
const filters = (key: string, value: unknown) =>
  JSON.stringify([{ key, operator: "eq", value: [value] }]) as never;

export const logMethods: SdkMethods = {
  "aiGateway.logs.list": {
    call: (client, account_id) => client.aiGateway.logs.list(nothing.gateway, { account_id }),
    belowGateway: true,
    cases: {
      "pages until a page is empty": async (account) => {
        const { gateway_id, ids } = await withLogs(account, 3);
        account.takeSent();
        const listed = await collect(
          account.client.aiGateway.logs.list(gateway_id, {
            ...params(account),
            per_page: 2,
            order_by: "created_at",
            order_by_direction: "asc",
          }),
        );
        expect(listed.map(({ id }) => id)).toEqual(ids);
        expect(account.takeSent()).toHaveLength(3);
      },
      "shows rows with an object of metadata": async (account) => {
        const { gateway_id, ids } = await withLogs(account);
        const { result } = await account.client.aiGateway.logs.list(gateway_id, params(account));
        expect(result).toEqual([
          expect.objectContaining({
            id: ids[0],
            provider: "workers-ai",
            success: true,
            cached: false,
            status_code: 200,
            // The SDK's type is text; the live API was seen to answer an object.
            metadata: {},
          }),
        ]);
      },
      "filters as the live API does": async (account) => {
        const { gateway_id, ids } = await withLogs(account, 2);
        const find = async (value: string) => {
          const query = { ...params(account), filters: filters("id", value) };
          const page = await account.client.aiGateway.logs.list(gateway_id, query);
          return page.result.map(({ id }) => id);
        };
        expect(await find(ids[0] ?? "")).toEqual([ids[0]]);
        expect(await find("none")).toEqual([]);
      },
      "takes the deprecated words of a filter": async (account) => {
        const { gateway_id } = await withLogs(account);
        const count = async (success: boolean) => {
          const query = { ...params(account), success };
          return (await account.client.aiGateway.logs.list(gateway_id, query)).result.length;
        };
        expect([await count(true), await count(false)]).toEqual([1, 0]);
      },
      "refuses an unknown filter key": async (account) => {
        const gateway_id = await account.gateway();
        const query = { ...params(account), filters: filters("colour", "red") };
        await refused(account.client.aiGateway.logs.list(gateway_id, query), 400, 7001);
      },
      "says of the SDK's own form of filters that it is not emulated": async (account) => {
        const gateway_id = await account.gateway();
        const call = account.client.aiGateway.logs.list(gateway_id, {
          ...params(account),
          filters: [{ key: "cached", operator: "eq", value: [true] }],
        });
        expect(await refused(call, 501, 99501)).toContain("filters.key");
      },
      "says of the deprecated bounds that they are not emulated": async (account) => {
        const gateway_id = await account.gateway();
        const query = { ...params(account), min_cost: 1 };
        const call = account.client.aiGateway.logs.list(gateway_id, query);
        expect(await refused(call, 501, 99501)).toContain("min_cost");
      },
      "says of meta_info that it is not emulated": async (account) => {
        const gateway_id = await account.gateway();
        const query = { ...params(account), meta_info: true };
        const call = account.client.aiGateway.logs.list(gateway_id, query);
        expect(await refused(call, 501, 99501)).toContain("meta_info");
      },
    },
  },
  "aiGateway.logs.delete": {
    call: (client, account_id) => client.aiGateway.logs.delete(nothing.gateway, { account_id }),
    belowGateway: true,
    cases: {
      "deletes what its filters find, and answers without a result": async (account) => {
        const { gateway_id, ids } = await withLogs(account, 2);
        const answer = await account.client.aiGateway.logs.delete(gateway_id, {
          ...params(account),
          filters: filters("id", ids[0]),
        });
        expect(answer).toEqual({ success: true });
        const left = await collect(account.client.aiGateway.logs.list(gateway_id, params(account)));
        expect(left.map(({ id }) => id)).toEqual([ids[1]]);
      },
      "deletes at most as many as its limit says": async (account) => {
        const { gateway_id, ids } = await withLogs(account, 3);
        await account.client.aiGateway.logs.delete(gateway_id, {
          ...params(account),
          limit: 2,
          order_by: "created_at",
          order_by_direction: "asc",
        });
        const left = await collect(account.client.aiGateway.logs.list(gateway_id, params(account)));
        expect(left.map(({ id }) => id)).toEqual([ids[2]]);
      },
      "deletes nothing when its filters are in the SDK's own form": async (account) => {
        const { gateway_id } = await withLogs(account);
        const call = account.client.aiGateway.logs.delete(gateway_id, {
          ...params(account),
          filters: [{ key: "cached", operator: "eq", value: [true] }],
        });
        await refused(call, 501, 99501);
        const left = await collect(account.client.aiGateway.logs.list(gateway_id, params(account)));
        expect(left).toHaveLength(1);
      },
      "refuses an unknown order": async (account) => {
        const gateway_id = await account.gateway();
        const query = { ...params(account), order_by: "colour" as never };
        await refused(account.client.aiGateway.logs.delete(gateway_id, query), 400, 7001);
      },
    },
  },
  "aiGateway.logs.edit": {
    call: (client, account_id) =>
      client.aiGateway.logs.edit(nothing.id, { ...below(account_id), score: 1 }),
    belowGateway: true,
    cases: {
      "keeps feedback, score and metadata": async (account) => {
        const { ids, ...place } = await withLogs(account);
        const id = ids[0] ?? "";
        const given = { feedback: 1, score: 50, metadata: { team: "search", paid: true } };
        await account.client.aiGateway.logs.edit(id, { ...place, ...given });
        expect(await account.client.aiGateway.logs.get(id, place)).toMatchObject(given);
      },
      "refuses a score that is no number": async (account) => {
        const { ids, ...place } = await withLogs(account);
        const given = { ...place, score: "high" as never };
        await refused(account.client.aiGateway.logs.edit(ids[0] ?? "", given), 400, 7001);
      },
      "does not find a log that is not there": async (account) => {
        const place = await account.place();
        await refused(account.client.aiGateway.logs.edit(nothing.id, place), 404, 7002);
      },
    },
  },
  "aiGateway.logs.get": {
    call: (client, account_id) => client.aiGateway.logs.get(nothing.id, below(account_id)),
    belowGateway: true,
    cases: {
      "shows a log with the beginnings of its bodies": async (account) => {
        const { ids, ...place } = await withLogs(account);
        const shown = await account.client.aiGateway.logs.get(ids[0] ?? "", place);
        expect(shown).toMatchObject({
          id: ids[0],
          request_head: '{"prompt":"Prompt 0"}',
          request_head_complete: true,
        });
        expect(shown.response_size).toBeGreaterThan(0);
      },
      "does not find a log that is not there": async (account) => {
        const place = await account.place();
        await refused(account.client.aiGateway.logs.get(nothing.id, place), 404, 7002);
      },
    },
  },
  "aiGateway.logs.request": {
    call: (client, account_id) => client.aiGateway.logs.request(nothing.id, below(account_id)),
    belowGateway: true,
    cases: {
      "gives the body that was sent, in no envelope": async (account) => {
        const { ids, ...place } = await withLogs(account);
        const body = await account.client.aiGateway.logs.request(ids[0] ?? "", place);
        expect(body).toEqual({ prompt: "Prompt 0" });
      },
      "does not find a log that is not there": async (account) => {
        const place = await account.place();
        await refused(account.client.aiGateway.logs.request(nothing.id, place), 404, 7002);
      },
    },
  },
  "aiGateway.logs.response": {
    call: (client, account_id) => client.aiGateway.logs.response(nothing.id, below(account_id)),
    belowGateway: true,
    cases: {
      "gives the body that came back, in no envelope": async (account) => {
        const { ids, ...place } = await withLogs(account);
        const body = await account.client.aiGateway.logs.response(ids[0] ?? "", place);
        expect(body).toMatchObject({ result: { response: expect.any(String) } });
      },
      "does not find a log that is not there": async (account) => {
        const place = await account.place();
        await refused(account.client.aiGateway.logs.response(nothing.id, place), 404, 7002);
      },
    },
  },
};
