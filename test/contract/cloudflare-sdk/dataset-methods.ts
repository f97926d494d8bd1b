import { expect } from "@jest/globals";
import type { DatasetCreateResponse } from "cloudflare/resources/ai-gateway/datasets.js";
import type { Place, SdkAccount } from "./sdk-account.js";
import { below, collect, nothing, refused, type SdkMethods } from "./sdk-method.js";

export const dataset = (name = "slow") => ({
  name,
  enable: true,
  filters: [{ key: "duration" as const, operator: "gt" as const, value: [1_000] }],
});

export const addDataset = (
  { client }: SdkAccount,
  { account_id, gateway_id }: Place,
  name?: string,
): PromiseLike<DatasetCreateResponse> =>
  client.aiGateway.datasets.create(gateway_id, { account_id, ...dataset(name) });

export const datasetMethods: SdkMethods = {
  "aiGateway.datasets.create": {
    call: (client, account_id) =>
      client.aiGateway.datasets.create(nothing.gateway, { account_id, ...dataset() }),
    belowGateway: true,
    cases: {
      "makes a dataset": async (account) => {
        const place = await account.place();
        const made = await addDataset(account, place);
        expect(made).toMatchObject({ ...dataset(), gateway_id: place.gateway_id });
      },
      "refuses a name that is taken": async (account) => {
        const place = await account.place();
        await addDataset(account, place);
        expect(await refused(addDataset(account, place), 400, 7001)).toContain("already exists");
      },
      "refuses a filter by what a dataset cannot filter by": async (account) => {
        const { account_id, gateway_id } = await account.place();
        for (const odd of [{ key: "event_id" as never }, { operator: "neq" as never }]) {
          const filters = [{ key: "cost" as const, operator: "eq" as const, value: [1], ...odd }];
          const given = { account_id, ...dataset(), filters };
          await refused(account.client.aiGateway.datasets.create(gateway_id, given), 400, 7001);
        }
      },
    },
  },
  "aiGateway.datasets.update": {
    call: (client, account_id) =>
      client.aiGateway.datasets.update(nothing.id, { ...below(account_id), ...dataset() }),
    belowGateway: true,
    cases: {
      "replaces name, filters and whether it is enabled": async (account) => {
        const place = await account.place();
        const { id } = await addDataset(account, place);
        const given = { name: "fast", enable: false, filters: [] };
        const changed = await account.client.aiGateway.datasets.update(id, { ...place, ...given });
        expect(changed).toMatchObject({ id, ...given });
      },
      "refuses a name that is taken": async (account) => {
        const place = await account.place();
        await addDataset(account, place, "fast");
        const { id } = await addDataset(account, place);
        const given = { ...place, ...dataset("fast") };
        const call = account.client.aiGateway.datasets.update(id, given);
        expect(await refused(call, 400, 7001)).toContain("already exists");
      },
      "does not find a dataset that is not there": async (account) => {
        const given = { ...(await account.place()), ...dataset() };
        await refused(account.client.aiGateway.datasets.update(nothing.id, given), 404, 7002);
      },
    },
  },
  "aiGateway.datasets.list": {
    call: (client, account_id) => client.aiGateway.datasets.list(nothing.gateway, { account_id }),
    belowGateway: true,
    cases: {
      "pages until a page is empty": async (account) => {
        const place = await account.place();
        await addDataset(account, place, "one");
        await addDataset(account, place, "two");
        const { account_id, gateway_id } = place;
        account.takeSent();
        const listed = await collect(
          account.client.aiGateway.datasets.list(gateway_id, { account_id, per_page: 1 }),
        );
        expect(listed.map(({ name }) => name)).toEqual(["one", "two"]);
        expect(account.takeSent()).toHaveLength(3);
      },
      "finds a part of a name": async (account) => {
        const place = await account.place();
        await addDataset(account, place, "slow answers");
        await addDataset(account, place, "costs");
        const { account_id, gateway_id } = place;
        const query = { account_id, name: "slow" };
        const { result } = await account.client.aiGateway.datasets.list(gateway_id, query);
        expect(result.map(({ name }) => name)).toEqual(["slow answers"]);
      },
      "finds those that are enabled, and a text in all they say": async (account) => {
        const place = await account.place();
        await addDataset(account, place);
        const { account_id, gateway_id } = place;
        const count = async (query: object) => {
          const asked = { account_id, ...query };
          return (await account.client.aiGateway.datasets.list(gateway_id, asked)).result.length;
        };
        expect([await count({ enable: true }), await count({ enable: false })]).toEqual([1, 0]);
        expect([await count({ search: "duration" }), await count({ search: "x" })]).toEqual([1, 0]);
      },
      "refuses a page that is too long": async (account) => {
        const { account_id, gateway_id } = await account.place();
        const query = { account_id, per_page: 51 };
        await refused(account.client.aiGateway.datasets.list(gateway_id, query), 400, 7001);
      },
    },
  },
  "aiGateway.datasets.delete": {
    call: (client, account_id) => client.aiGateway.datasets.delete(nothing.id, below(account_id)),
    belowGateway: true,
    cases: {
      "answers with the dataset that was": async (account) => {
        const place = await account.place();
        const made = await addDataset(account, place);
        expect(await account.client.aiGateway.datasets.delete(made.id, place)).toEqual(made);
      },
      "says of one that an evaluation has that it is not emulated": async (account) => {
        const place = await account.place();
        const { account_id, gateway_id } = place;
        const { id } = await addDataset(account, place);
        const types = await collect(account.client.aiGateway.evaluationTypes.list({ account_id }));
        await account.client.aiGateway.evaluations.create(gateway_id, {
          account_id,
          name: "weekly",
          dataset_ids: [id],
          evaluation_type_ids: types.map((type) => type.id),
        });
        const call = account.client.aiGateway.datasets.delete(id, place);
        expect(await refused(call, 501, 99501)).toContain('Delete the evaluation "weekly"');
      },
      "does not find a dataset that is not there": async (account) => {
        const place = await account.place();
        await refused(account.client.aiGateway.datasets.delete(nothing.id, place), 404, 7002);
      },
    },
  },
  "aiGateway.datasets.get": {
    call: (client, account_id) => client.aiGateway.datasets.get(nothing.id, below(account_id)),
    belowGateway: true,
    cases: {
      "shows a dataset": async (account) => {
        const place = await account.place();
        const made = await addDataset(account, place);
        expect(await account.client.aiGateway.datasets.get(made.id, place)).toEqual(made);
      },
      "does not find a dataset that is not there": async (account) => {
        const place = await account.place();
        await refused(account.client.aiGateway.datasets.get(nothing.id, place), 404, 7002);
      },
    },
  },
};
