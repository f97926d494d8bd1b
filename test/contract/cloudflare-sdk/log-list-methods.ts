import { expect } from "@jest/globals";
import { withLogs } from "./logged-requests.js";
import type { SdkAccount } from "./sdk-account.js";
import { collect, nothing, refused, type SdkMethods } from "./sdk-method.js";

const params = ({ account_id }: SdkAccount) => ({ account_id });

/** As the live API reads filters: one JSON text. The SDK's types have an array. */
const filters = (key: string, value: unknown) =>
  JSON.stringify([{ key, operator: "eq", value: [value] }]) as never;

export const logListMethods: SdkMethods = {
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
        const count = async (query: object) => {
          const asked = { ...params(account), ...query };
          return (await account.client.aiGateway.logs.list(gateway_id, asked)).result.length;
        };
        const [row] = (await account.client.aiGateway.logs.list(gateway_id, params(account)))
          .result;
        const { model, model_type, request_content_type, response_content_type } = row ?? {};
        const those = [
          { success: true },
          { cached: false },
          { provider: "workers-ai" },
          { model },
          { model_type },
          { request_content_type },
          { response_content_type },
          { direction: "asc" },
        ];
        for (const query of those) expect([query, await count(query)]).toEqual([query, 1]);
        const others = [
          { success: false },
          { cached: true },
          { feedback: 1 },
          { provider: "openai" },
          { model: "none" },
          { model_type: "none" },
          { request_content_type: "none" },
          { response_content_type: "none" },
        ];
        for (const query of others) expect([query, await count(query)]).toEqual([query, 0]);
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
        const bounds = ["cost", "duration", "tokens_in", "tokens_out", "total_tokens"];
        const names = bounds.flatMap((name) => [`min_${name}`, `max_${name}`]);
        for (const name of [...names, "start_date", "end_date"]) {
          const query = { ...params(account), [name]: 1 };
          const call = account.client.aiGateway.logs.list(gateway_id, query);
          expect(await refused(call, 501, 99501)).toContain(`"${name}"`);
        }
      },
      "says of keys that no row has here that they are not emulated": async (account) => {
        const gateway_id = await account.gateway();
        const keys = "authentication wholesale compatibilityMode dlp_action user_agent".split(" ");
        for (const key of keys) {
          const query = { ...params(account), filters: filters(key, "x") };
          const call = account.client.aiGateway.logs.list(gateway_id, query);
          expect(await refused(call, 501, 99501)).toContain(`"${key}"`);
        }
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
};
