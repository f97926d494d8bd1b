import { expect } from "@jest/globals";
import { withLogs } from "./logged-requests.js";
import { below, nothing, refused, type SdkMethods } from "./sdk-method.js";

export const logMethods: SdkMethods = {
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
      "takes away what is null": async (account) => {
        const { ids, ...place } = await withLogs(account);
        const id = ids[0] ?? "";
        const given = { feedback: -1, score: 5, metadata: { team: "search" } };
        await account.client.aiGateway.logs.edit(id, { ...place, ...given });
        const none = { feedback: null, score: null, metadata: null };
        await account.client.aiGateway.logs.edit(id, { ...place, ...none });
        expect(await account.client.aiGateway.logs.get(id, place)).toMatchObject({ metadata: {} });
        const query = { account_id: place.account_id, feedback: -1 as never };
        const { result } = await account.client.aiGateway.logs.list(place.gateway_id, query);
        expect(result).toEqual([]);
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
