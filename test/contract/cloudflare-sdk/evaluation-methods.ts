import { expect } from "@jest/globals";
import type { EvaluationCreateResponse } from "cloudflare/resources/ai-gateway/evaluations.js";
import { addDataset, dataset } from "./dataset-methods.js";
import type { Place, SdkAccount } from "./sdk-account.js";
import { below, collect, nothing, refused, type SdkMethods } from "./sdk-method.js";

const typeIds = async ({ client, account_id }: SdkAccount): Promise<string[]> =>
  (await collect(client.aiGateway.evaluationTypes.list({ account_id }))).map(({ id }) => id);

async function evaluation(account: SdkAccount, place: Place, name = "weekly") {
  const { account_id, gateway_id } = place;
  const { result } = await account.client.aiGateway.datasets.list(gateway_id, { account_id });
  const dataset_ids = [(result[0] ?? (await addDataset(account, place))).id];
  return { name, dataset_ids, evaluation_type_ids: await typeIds(account) };
}

async function addEvaluation(
  account: SdkAccount,
  place: Place,
  name?: string,
): Promise<EvaluationCreateResponse> {
  const { account_id, gateway_id } = place;
  const given = { account_id, ...(await evaluation(account, place, name)) };
  return account.client.aiGateway.evaluations.create(gateway_id, given);
}

export const evaluationMethods: SdkMethods = {
  "aiGateway.evaluations.create": {
    call: (client, account_id) =>
      client.aiGateway.evaluations.create(nothing.gateway, {
        account_id,
        name: "x",
        dataset_ids: [nothing.id],
        evaluation_type_ids: [nothing.id],
      }),
    belowGateway: true,
    cases: {
      "keeps an evaluation, which nothing processes here": async (account) => {
        const place = await account.place();
        const made = await addEvaluation(account, place);
        expect(made).toMatchObject({
          name: "weekly",
          gateway_id: place.gateway_id,
          datasets: [dataset()],
          processed: false,
          results: [],
          total_logs: 0,
        });
      },
      "refuses a name that is taken": async (account) => {
        const place = await account.place();
        await addEvaluation(account, place);
        expect(await refused(addEvaluation(account, place), 400, 7001)).toContain("already exists");
      },
      "refuses to leave out a type that is mandatory": async (account) => {
        const place = await account.place();
        const { account_id, gateway_id } = place;
        const given = { account_id, ...(await evaluation(account, place)) };
        const call = account.client.aiGateway.evaluations.create(gateway_id, {
          ...given,
          evaluation_type_ids: given.evaluation_type_ids.slice(1),
        });
        expect(await refused(call, 400, 7001)).toContain("mandatory");
      },
      "does not know a type that is not there": async (account) => {
        const place = await account.place();
        const { account_id, gateway_id } = place;
        const given = { account_id, ...(await evaluation(account, place)) };
        const evaluation_type_ids = [...given.evaluation_type_ids, nothing.id];
        const call = account.client.aiGateway.evaluations.create(gateway_id, {
          ...given,
          evaluation_type_ids,
        });
        expect(await refused(call, 400, 7001)).toContain(nothing.id);
      },
      "does not find a dataset that is not there": async (account) => {
        const place = await account.place();
        const { account_id, gateway_id } = place;
        const given = { account_id, ...(await evaluation(account, place)) };
        const call = account.client.aiGateway.evaluations.create(gateway_id, {
          ...given,
          dataset_ids: [nothing.id],
        });
        await refused(call, 404, 7002);
      },
    },
  },
  "aiGateway.evaluations.list": {
    call: (client, account_id) =>
      client.aiGateway.evaluations.list(nothing.gateway, { account_id }),
    belowGateway: true,
    cases: {
      "pages until a page is empty": async (account) => {
        const place = await account.place();
        await addEvaluation(account, place, "one");
        await addEvaluation(account, place, "two");
        const { account_id, gateway_id } = place;
        account.takeSent();
        const listed = await collect(
          account.client.aiGateway.evaluations.list(gateway_id, { account_id, per_page: 1 }),
        );
        expect(listed.map(({ name }) => name)).toEqual(["one", "two"]);
        expect(account.takeSent()).toHaveLength(3);
      },
      "finds none that was processed": async (account) => {
        const place = await account.place();
        await addEvaluation(account, place);
        const { account_id, gateway_id } = place;
        const count = async (processed: boolean) => {
          const query = { account_id, processed };
          const page = await account.client.aiGateway.evaluations.list(gateway_id, query);
          return page.result.length;
        };
        expect([await count(true), await count(false)]).toEqual([0, 1]);
      },
      "finds a part of a name or an id": async (account) => {
        const place = await account.place();
        const { id } = await addEvaluation(account, place);
        const { account_id, gateway_id } = place;
        const count = async (query: object) => {
          const asked = { account_id, ...query };
          return (await account.client.aiGateway.evaluations.list(gateway_id, asked)).result.length;
        };
        expect([await count({ name: "week" }), await count({ name: "day" })]).toEqual([1, 0]);
        expect([await count({ search: id }), await count({ search: "day" })]).toEqual([1, 0]);
      },
      "refuses a page that is too long": async (account) => {
        const { account_id, gateway_id } = await account.place();
        const query = { account_id, per_page: 51 };
        await refused(account.client.aiGateway.evaluations.list(gateway_id, query), 400, 7001);
      },
    },
  },
  "aiGateway.evaluations.delete": {
    call: (client, account_id) =>
      client.aiGateway.evaluations.delete(nothing.id, below(account_id)),
    belowGateway: true,
    cases: {
      "answers with the evaluation that was": async (account) => {
        const place = await account.place();
        const made = await addEvaluation(account, place);
        expect(await account.client.aiGateway.evaluations.delete(made.id, place)).toEqual(made);
      },
      "does not find an evaluation that is not there": async (account) => {
        const place = await account.place();
        await refused(account.client.aiGateway.evaluations.delete(nothing.id, place), 404, 7002);
      },
    },
  },
  "aiGateway.evaluations.get": {
    call: (client, account_id) => client.aiGateway.evaluations.get(nothing.id, below(account_id)),
    belowGateway: true,
    cases: {
      "shows an evaluation": async (account) => {
        const place = await account.place();
        const made = await addEvaluation(account, place);
        expect(await account.client.aiGateway.evaluations.get(made.id, place)).toEqual(made);
      },
      "does not find an evaluation that is not there": async (account) => {
        const place = await account.place();
        await refused(account.client.aiGateway.evaluations.get(nothing.id, place), 404, 7002);
      },
    },
  },
  "aiGateway.evaluationTypes.list": {
    call: (client, account_id) => client.aiGateway.evaluationTypes.list({ account_id }),
    cases: {
      "pages until a page is empty": async (account) => {
        const { account_id } = account;
        account.takeSent();
        const listed = await collect(
          account.client.aiGateway.evaluationTypes.list({ account_id, per_page: 1 }),
        );
        expect(listed.map(({ type, mandatory }) => [type, mandatory])).toEqual([
          ["speed", true],
          ["cost", true],
        ]);
        expect(account.takeSent()).toHaveLength(3);
      },
      "lists by a field, in either direction": async ({ client, account_id }) => {
        const types = async (order_by_direction: "asc" | "desc") => {
          const query = { account_id, order_by: "type", order_by_direction };
          const { result } = await client.aiGateway.evaluationTypes.list(query);
          return result.map(({ type }) => type);
        };
        expect(await types("asc")).toEqual(["cost", "speed"]);
        expect(await types("desc")).toEqual(["speed", "cost"]);
      },
      "refuses an order there is none of": async ({ client, account_id }) => {
        const query = { account_id, order_by: "colour" };
        await refused(client.aiGateway.evaluationTypes.list(query), 400, 7001);
      },
    },
  },
};
