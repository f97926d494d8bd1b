import { expect } from "@jest/globals";
import {
  broken,
  createRoute,
  elements,
  listFacts,
  liveVersion,
  routeFacts,
} from "./route-facts.js";
import { below, nothing, refused, type SdkMethods } from "./sdk-method.js";

export const dynamicRouteMethods: SdkMethods = {
  "aiGateway.dynamicRouting.create": {
    call: (client, account_id) =>
      client.aiGateway.dynamicRouting.create(nothing.gateway, {
        account_id,
        name: "support",
        elements: elements(),
      }),
    belowGateway: true,
    cases: {
      "makes a route and deploys its first version": async (account) => {
        const place = await account.place();
        const made = await createRoute(account, place);
        expect(made).toMatchObject({
          ...routeFacts(place),
          elements: elements(),
          version: { ...liveVersion, version_id: made.deployment.version_id },
        });
      },
      "refuses a name that is taken": async (account) => {
        const place = await account.place();
        await createRoute(account, place);
        expect(await refused(createRoute(account, place), 400, 7005)).toContain("already exists");
      },
      "refuses a graph that leads nowhere": async (account) => {
        const { account_id, gateway_id } = await account.place();
        const call = account.client.aiGateway.dynamicRouting.create(gateway_id, {
          account_id,
          name: "support",
          elements: broken,
        });
        expect(await refused(call, 400, 7001)).toContain("elements.0.outputs.next.elementId");
      },
    },
  },
  "aiGateway.dynamicRouting.update": {
    call: (client, account_id) =>
      client.aiGateway.dynamicRouting.update(nothing.id, {
        ...below(account_id),
        name: "x",
      }),
    belowGateway: true,
    cases: {
      "renames, and answers in an envelope of its own": async (account) => {
        const place = await account.place();
        const { id } = await createRoute(account, place);
        const answer = await account.client.aiGateway.dynamicRouting.update(id, {
          ...place,
          name: "sales",
        });
        expect(answer).toMatchObject({
          success: true,
          route: { ...routeFacts(place, "sales"), id, account_tag: place.account_id },
        });
      },
      "lets the database's words out when the name is taken": async (account) => {
        const place = await account.place();
        await createRoute(account, place, "sales");
        const { id } = await createRoute(account, place);
        const call = account.client.aiGateway.dynamicRouting.update(id, {
          ...place,
          name: "sales",
        });
        expect(await refused(call, 500, 7005)).toContain("UNIQUE constraint failed: routes.name");
      },
      "refuses an empty name": async (account) => {
        const place = await account.place();
        const { id } = await createRoute(account, place);
        const call = account.client.aiGateway.dynamicRouting.update(id, { ...place, name: "" });
        await refused(call, 400, 7001);
      },
      "does not find a route that is not there": async (account) => {
        const given = { ...(await account.place()), name: "x" };
        const call = account.client.aiGateway.dynamicRouting.update(nothing.id, given);
        expect(await refused(call, 404, 7005)).toContain("not found");
      },
    },
  },
  "aiGateway.dynamicRouting.list": {
    call: (client, account_id) =>
      client.aiGateway.dynamicRouting.list(nothing.gateway, { account_id }),
    belowGateway: true,
    cases: {
      "lists routes without graphs and totals, up to an empty page": async (account) => {
        const place = await account.place();
        await createRoute(account, place, "one");
        await createRoute(account, place, "two");
        const { account_id } = place;
        const list = (page: number) =>
          account.client.aiGateway.dynamicRouting.list(place.gateway_id, {
            account_id,
            page,
            per_page: 2,
          });
        const { data, ...envelope } = await list(1);
        expect(envelope).toEqual({ success: true });
        expect(data).toMatchObject({ ...listFacts, per_page: 2 });
        expect(data.routes).toEqual(
          ["two", "one"].map((name) => ({
            ...routeFacts(place, name),
            account_tag: account_id,
            deployment: expect.any(Object),
            // The SDK's types have the graph here, too; a live row was seen without.
            version: expect.not.objectContaining({ data: expect.anything() }),
          })),
        );
        expect((await list(2)).data.routes).toEqual([]);
      },
      "refuses a page that is too long": async (account) => {
        const { account_id, gateway_id } = await account.place();
        const query = { account_id, per_page: 51 };
        await refused(account.client.aiGateway.dynamicRouting.list(gateway_id, query), 400, 7001);
      },
    },
  },
  "aiGateway.dynamicRouting.delete": {
    call: (client, account_id) =>
      client.aiGateway.dynamicRouting.delete(nothing.id, below(account_id)),
    belowGateway: true,
    cases: {
      "answers with the route that was": async (account) => {
        const place = await account.place();
        const { id } = await createRoute(account, place);
        const deleted = await account.client.aiGateway.dynamicRouting.delete(id, place);
        expect(deleted).toEqual({ ...routeFacts(place), id, elements: elements() });
      },
      "does not find a route that is not there": async (account) => {
        const place = await account.place();
        await refused(account.client.aiGateway.dynamicRouting.delete(nothing.id, place), 404, 7005);
      },
      "is not needed for a gateway's routes to disappear, and they are not gone with it": async (
        account,
      ) => {
        const place = await account.place();
        const { account_id, gateway_id } = place;
        const { id } = await createRoute(account, place);
        await account.client.aiGateway.delete(gateway_id, { account_id });
        await refused(account.client.aiGateway.dynamicRouting.get(id, place), 404, 7002);
        await account.client.aiGateway.create({
          account_id,
          id: gateway_id,
          cache_invalidate_on_update: false,
          cache_ttl: 0,
          collect_logs: true,
          rate_limiting_interval: 0,
          rate_limiting_limit: 0,
        });
        const back = await account.client.aiGateway.dynamicRouting.get(id, place);
        expect(back).toMatchObject({ id, name: "support" });
      },
    },
  },
  "aiGateway.dynamicRouting.get": {
    call: (client, account_id) =>
      client.aiGateway.dynamicRouting.get(nothing.id, below(account_id)),
    belowGateway: true,
    cases: {
      "shows a route with its graph, deployment and version": async (account) => {
        const place = await account.place();
        const made = await createRoute(account, place);
        const shown = await account.client.aiGateway.dynamicRouting.get(made.id, place);
        expect(shown).toEqual(made);
        expect(shown.version).toMatchObject(liveVersion);
      },
      "does not find a route that is not there": async (account) => {
        const place = await account.place();
        const call = account.client.aiGateway.dynamicRouting.get(nothing.id, place);
        expect(await refused(call, 404, 7005)).toContain("not found");
      },
    },
  },
};
