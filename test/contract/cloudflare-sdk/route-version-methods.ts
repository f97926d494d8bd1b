import { expect } from "@jest/globals";
import { broken, createRoute, elements, listFacts, routeFacts } from "./route-facts.js";
import type { Place } from "./sdk-account.js";
import { below, nothing, refused, type SdkMethods } from "./sdk-method.js";

export const routeVersionMethods: SdkMethods = {
  "aiGateway.dynamicRouting.createDeployment": {
    call: (client, account_id) =>
      client.aiGateway.dynamicRouting.createDeployment(nothing.id, {
        ...below(account_id),
        version_id: nothing.id,
      }),
    belowGateway: true,
    cases: {
      "serves another version, and an earlier one again": async (account) => {
        const place = await account.place();
        const routing = account.client.aiGateway.dynamicRouting;
        const { id, version: first } = await createRoute(account, place);
        const added = await routing.createVersion(id, { ...place, elements: elements("other") });
        const second = versionIdOf(added);
        const deployed = await routing.createDeployment(id, { ...place, version_id: second });
        const live = (await routing.get(id, place)).deployment.version_id;
        await routing.createDeployment(id, { ...place, version_id: first.version_id });
        const back = (await routing.get(id, place)).deployment.version_id;
        expect(deployed).toMatchObject({ ...routeFacts(place), elements: elements("other") });
        expect([live, back]).toEqual([second, first.version_id]);
      },
      "does not find a version that is not the route's": async (account) => {
        const place = await account.place();
        const { id } = await createRoute(account, place);
        const call = account.client.aiGateway.dynamicRouting.createDeployment(id, {
          ...place,
          version_id: nothing.id,
        });
        expect(await refused(call, 404, 7005)).toContain("not found");
      },
      "refuses a body without a version": async (account) => {
        const place = await account.place();
        const { id } = await createRoute(account, place);
        const given = place as Place & { version_id: string };
        const call = account.client.aiGateway.dynamicRouting.createDeployment(id, given);
        await refused(call, 400, 7001);
      },
      "does not find a route that is not there": async (account) => {
        const given = { ...(await account.place()), version_id: nothing.id };
        const call = account.client.aiGateway.dynamicRouting.createDeployment(nothing.id, given);
        await refused(call, 404, 7005);
      },
    },
  },
  "aiGateway.dynamicRouting.createVersion": {
    call: (client, account_id) =>
      client.aiGateway.dynamicRouting.createVersion(nothing.id, {
        ...below(account_id),
        elements: elements(),
      }),
    belowGateway: true,
    cases: {
      "adds a version, and deploys nothing": async (account) => {
        const place = await account.place();
        const { id, deployment } = await createRoute(account, place);
        const added = await account.client.aiGateway.dynamicRouting.createVersion(id, {
          ...place,
          elements: elements("other"),
        });
        expect(added).toMatchObject({ ...routeFacts(place), elements: elements("other") });
        expect(versionIdOf(added)).not.toBe(deployment.version_id);
        const shown = await account.client.aiGateway.dynamicRouting.get(id, place);
        expect(shown.deployment).toEqual(deployment);
      },
      "refuses a graph that leads nowhere": async (account) => {
        const place = await account.place();
        const { id } = await createRoute(account, place);
        const given = { ...place, elements: broken };
        await refused(account.client.aiGateway.dynamicRouting.createVersion(id, given), 400, 7001);
      },
      "does not find a route that is not there": async (account) => {
        const given = { ...(await account.place()), elements: elements() };
        const call = account.client.aiGateway.dynamicRouting.createVersion(nothing.id, given);
        await refused(call, 404, 7005);
      },
    },
  },
  "aiGateway.dynamicRouting.getVersion": {
    call: (client, account_id) =>
      client.aiGateway.dynamicRouting.getVersion(nothing.id, {
        ...below(account_id),
        id: nothing.id,
      }),
    belowGateway: true,
    cases: {
      "shows a version that is not deployed": async (account) => {
        const place = await account.place();
        const { id } = await createRoute(account, place);
        const added = await account.client.aiGateway.dynamicRouting.createVersion(id, {
          ...place,
          elements: elements("other"),
        });
        const shown = await account.client.aiGateway.dynamicRouting.getVersion(versionIdOf(added), {
          ...place,
          id,
        });
        expect(shown).toMatchObject({
          ...routeFacts(place),
          id,
          version_id: versionIdOf(added),
          elements: elements("other"),
          // Of another type than the SDK's, as in every version.
          active: false,
          data: elements("other"),
        });
      },
      "does not find a version that is not the route's": async (account) => {
        const place = await account.place();
        const { id } = await createRoute(account, place);
        const call = account.client.aiGateway.dynamicRouting.getVersion(nothing.id, {
          ...place,
          id,
        });
        await refused(call, 404, 7005);
      },
    },
  },
  "aiGateway.dynamicRouting.listDeployments": {
    call: (client, account_id) =>
      client.aiGateway.dynamicRouting.listDeployments(nothing.id, below(account_id)),
    belowGateway: true,
    cases: {
      "lists the history, newest first": async (account) => {
        const place = await account.place();
        const routing = account.client.aiGateway.dynamicRouting;
        const { id, deployment } = await createRoute(account, place);
        await routing.createDeployment(id, { ...place, version_id: deployment.version_id });
        const { data } = await routing.listDeployments(id, place);
        expect(data).toMatchObject(listFacts);
        expect(data.deployments).toHaveLength(2);
        expect(data.deployments[1]).toEqual(deployment);
      },
      "does not find a route that is not there": async (account) => {
        const place = await account.place();
        const call = account.client.aiGateway.dynamicRouting.listDeployments(nothing.id, place);
        await refused(call, 404, 7005);
      },
    },
  },
  "aiGateway.dynamicRouting.listVersions": {
    call: (client, account_id) =>
      client.aiGateway.dynamicRouting.listVersions(nothing.id, below(account_id)),
    belowGateway: true,
    cases: {
      "lists the versions, newest first": async (account) => {
        const place = await account.place();
        const routing = account.client.aiGateway.dynamicRouting;
        const { id, version } = await createRoute(account, place);
        const added = await routing.createVersion(id, { ...place, elements: elements("other") });
        const { data } = await routing.listVersions(id, place);
        expect(data).toMatchObject(listFacts);
        expect(data.versions).toEqual([
          expect.objectContaining({ version_id: versionIdOf(added), active: false }),
          version,
        ]);
      },
      "does not find a route that is not there": async (account) => {
        const place = await account.place();
        const call = account.client.aiGateway.dynamicRouting.listVersions(nothing.id, place);
        await refused(call, 404, 7005);
      },
    },
  },
};

/** The live API answers it; the SDK's type has none. */
const versionIdOf = (added: object): string => (added as { version_id: string }).version_id;
