import { createServer, request as send } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { TerraformOutput, type TerraformStack } from "cdktf";
import {
  AiGateway,
  Cloudflare,
  DynamicRoute,
  type DynamicRouteProps,
  type RouteElement,
  routeGraph,
} from "../../lib/index.js";
import { lacksIdentity } from "./lacks-identity.js";
import { type ResourceChange, Workbench } from "./workbench.js";

const needsIdentity = lacksIdentity("to refresh what was deleted outside") ? test.skip : test;

/** A route as the API shows it. */
interface Route {
  readonly id: string;
  readonly name: string;
  readonly created_at: string;
  readonly modified_at: string;
  readonly elements: readonly RouteElement[];
  readonly deployment: { readonly version_id: string };
}

const toModel = (model: string): readonly RouteElement[] =>
  routeGraph((g) => g.model({ provider: "workers-ai", model }));

const one = toModel("@cf/one");
const two = toModel("@cf/two");

const splitting = routeGraph((g) => {
  const small = g.model({ provider: "workers-ai", model: "@cf/small" });
  const big = g.model({ provider: "openai", model: "big" }, { fallback: small }, "big");
  return g.conditional(
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what Terraform must not read as a template
    { "metadata.plan": { $eq: "free" }, note: "${literal} %{text}" },
    {
      true: g.rate(
        { key: "metadata.user", limit: 0.1, limitType: "cost", window: "1h" },
        { success: small },
      ),
      false: g.percentage({ 10: big, 20.5: small, else: big }),
    },
  );
});

interface Declared extends Partial<DynamicRouteProps> {
  readonly gatewayId?: string;
  readonly importFrom?: string;
}

describe("a dynamic route, deployed by the real Terraform", () => {
  let bench: Workbench;

  beforeAll(async () => {
    bench = await Workbench.start();
    for (const id of ["chat", "other"]) {
      await bench.api("POST", "/ai-gateway/gateways", {
        id,
        authentication: true,
        cache_ttl: 0,
        cache_invalidate_on_update: false,
        collect_logs: true,
        rate_limiting_interval: 0,
        rate_limiting_limit: 0,
      });
    }
  });
  afterAll(() => bench.close());

  const declare = ({ gatewayId = "chat", importFrom, ...props }: Declared = {}) =>
    bench.synth((stack: TerraformStack) => {
      const gateway = AiGateway.fromGatewayId(stack, "gateway", gatewayId);
      const route = new DynamicRoute(stack, "route", {
        gateway,
        name: "support",
        graph: splitting,
        ...props,
      });
      if (importFrom !== undefined) route.importFrom(importFrom);
    });

  const routes = async (gatewayId = "chat"): Promise<readonly Route[]> => {
    const answer = await bench.api("GET", `/ai-gateway/gateways/${gatewayId}/routes`);
    const { data } = answer.body as unknown as { data: { routes: readonly { id: string }[] } };
    return Promise.all(data.routes.map(({ id }) => routeOf(`${gatewayId}/routes/${id}`)));
  };
  const routeOf = async (path: string): Promise<Route> =>
    (await bench.api("GET", `/ai-gateway/gateways/${path}`)).body.result as Route;
  const only = async (gatewayId?: string): Promise<Route> => {
    const [route, ...more] = await routes(gatewayId);
    if (route === undefined || more.length > 0) throw new Error(`${more.length + 1} routes`);
    return route;
  };
  const versions = async ({ id }: Route): Promise<readonly string[]> => {
    const answer = await bench.api("GET", `/ai-gateway/gateways/chat/routes/${id}/versions`);
    const { data } = answer.body as unknown as {
      data: { versions: readonly { version_id: string }[] };
    };
    return data.versions.map(({ version_id }) => version_id);
  };
  const api = (path: string, method: string, body: unknown) =>
    bench.api(method, `/ai-gateway/gateways/chat/routes/${path}`, body);
  /** Terraform's own words for what a plan does at the API, without the hashes of addresses. */
  const actions = (changes: readonly ResourceChange[]) =>
    changes
      .filter(({ type }) => type !== "terraform_data")
      .map(({ address, change }) => [
        address.replace(/^.*\.(\w+?)_[0-9A-F]{8}$/, "$1"),
        change.actions.join(),
      ]);

  test("is created with its graph, and the next plan is empty", async () => {
    // GIVEN a gateway and a route
    declare();

    // WHEN they are deployed
    await bench.apply();

    // THEN the API serves exactly the declared graph, and nothing is left to do
    const route = await only();
    expect(route).toMatchObject({ name: "support", elements: splitting });
    expect((await bench.plan()).changes).toEqual([]);
  }, 90_000);

  test("uploads and deploys another graph as a new version of the same route", async () => {
    // GIVEN
    const before = await only();
    const had = await versions(before);

    // WHEN
    declare({ graph: one });
    const planned = await bench.plan();
    await bench.apply();

    // THEN
    expect(actions(planned.changes)).toEqual([
      ["route_Version", "update"],
      ["route_Deployment", "update"],
    ]);
    const after = await only();
    expect(after).toMatchObject({ ...unchanging(before), elements: one });
    expect((await versions(after)).slice(1)).toEqual(had);
    expect((await bench.plan()).changes).toEqual([]);
  }, 90_000);

  test("is renamed in place, with its graph and its version", async () => {
    // GIVEN
    const before = await only();

    // WHEN
    declare({ name: "sales", graph: one });
    const planned = await bench.plan();
    await bench.apply();

    // THEN
    expect(actions(planned.changes)).toEqual([["route", "update"]]);
    const after = await only();
    expect(after).toMatchObject({ ...unchanging(before), name: "sales", elements: one });
    expect(after.deployment).toEqual(before.deployment);
    expect((await bench.plan()).changes).toEqual([]);
  }, 90_000);

  test("is renamed and gets another graph in one apply", async () => {
    // GIVEN
    const before = await only();

    // WHEN
    declare({ graph: two });
    await bench.apply();

    // THEN
    expect(await only()).toMatchObject({ ...unchanging(before), name: "support", elements: two });
    expect((await bench.plan()).changes).toEqual([]);
  }, 90_000);

  test("sees that somebody deployed another version and renamed the route, and puts both right", async () => {
    // GIVEN somebody who uses the dashboard
    const route = await only();
    const { body } = await api(`${route.id}/versions`, "POST", { elements: one });
    const theirs = (body.result as { version_id: string }).version_id;
    await api(`${route.id}/deployments`, "POST", { version_id: theirs });
    await api(route.id, "PATCH", { name: "theirs" });

    // WHEN
    const planned = await bench.plan();
    await bench.apply();

    // THEN the plan names both, and the version of before serves again without another upload
    expect(actions(planned.changes)).toEqual([
      ["route", "update"],
      ["route_Deployment", "update"],
    ]);
    expect(planned.text).toMatch(/"theirs" -> "support"/);
    const after = await only();
    expect(after).toMatchObject({ name: "support", elements: two });
    expect(after.deployment.version_id).toBe(route.deployment.version_id);
    expect(await versions(after)).toContain(theirs);
    expect((await bench.plan()).changes).toEqual([]);
  }, 90_000);

  test("rolls back to an earlier version, and forward again", async () => {
    // GIVEN the version the route was made with
    const route = await only();
    const first = (await versions(route)).at(-1) as string;

    // WHEN it is pinned
    declare({ graph: splitting, version: first });
    await bench.apply();

    // THEN it serves, and nothing was uploaded
    const back = await only();
    expect(back).toMatchObject({ ...unchanging(route), elements: splitting });
    expect(back.deployment.version_id).toBe(first);
    expect(await versions(back)).toEqual(await versions(route));
    expect((await bench.plan()).changes).toEqual([]);

    // WHEN the pin is taken away
    declare({ graph: two });
    await bench.apply();

    // THEN the declared graph is uploaded and serves
    expect(await only()).toMatchObject({ ...unchanging(route), elements: two });
    expect((await bench.plan()).changes).toEqual([]);
  }, 90_000);

  test("refuses a pinned version that holds another graph, before anything is touched", async () => {
    // GIVEN
    const route = await only();
    const first = (await versions(route)).at(-1) as string;

    // WHEN the pin and the graph do not belong together
    declare({ graph: two, version: first });
    await bench.terraform("init");
    const applied = await bench.terraform("apply", "-auto-approve", "-no-color");

    // THEN
    expect(applied.code).toBe(1);
    expect(applied.stderr.replace(/[│\s]+/g, " ")).toContain(
      `[test/route] graph: got another one than version ${first} holds. Remove the prop version to upload the declared graph`,
    );
    expect(await only()).toEqual(route);
  }, 90_000);

  test("refuses a route that exists already, and imports it without a change", async () => {
    // GIVEN a route that Terraform does not know any more
    const route = await only();
    const had = await versions(route);
    const known = await bench.terraform("state", "list");
    for (const address of known.stdout
      .split("\n")
      .filter((line) => /_route_|\.route_/.test(line))) {
      await bench.terraform("state", "rm", address);
    }
    declare({ graph: two });
    const refused = await bench.terraform("apply", "-auto-approve", "-no-color");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/already exists/);

    // WHEN it is imported with the version that serves
    const imported = { graph: two, version: route.deployment.version_id };
    declare({ ...imported, importFrom: route.id });
    const planned = await bench.plan();
    await bench.apply();

    // THEN the API was not asked to change anything, and the next plan is empty
    expect(planned.text).toContain("2 to import, 0 to add, 2 to change, 0 to destroy.");
    expect(await only()).toEqual(route);
    expect(await versions(route)).toEqual(had);
    expect((await bench.plan()).changes).toEqual([]);

    // AND without the call the state learns how a route is made, of which nothing is sent
    declare(imported);
    await bench.apply();
    expect(await only()).toEqual(route);
    expect(await versions(route)).toEqual(had);
    expect((await bench.plan()).changes).toEqual([]);
  }, 90_000);

  needsIdentity(
    "makes a route again that somebody deleted",
    async () => {
      // GIVEN
      const route = await only();
      declare({ graph: two });
      await bench.apply();
      await api(route.id, "DELETE", undefined);

      // WHEN
      await bench.apply();

      // THEN
      const again = await only();
      expect(again.id).not.toBe(route.id);
      expect(again).toMatchObject({ name: "support", elements: two });
      expect((await bench.plan()).changes).toEqual([]);
    },
    90_000,
  );

  test("moves to another gateway with the graph of today", async () => {
    // GIVEN a graph that is not the one the route was made with
    declare({ graph: splitting });
    await bench.apply();

    // WHEN
    declare({ gatewayId: "other", graph: splitting });
    await bench.apply();

    // THEN
    expect(await routes()).toEqual([]);
    expect(await only("other")).toMatchObject({ name: "support", elements: splitting });
    expect((await bench.plan()).changes).toEqual([]);
  }, 90_000);

  test("is used by another stack under the name it has", async () => {
    // GIVEN
    const route = await only("other");

    // WHEN a stack only uses it
    bench.synth((stack) => {
      const gateway = AiGateway.fromGatewayId(stack, "gateway", "other");
      new TerraformOutput(stack, "model", {
        value: DynamicRoute.fromRouteId(stack, "used", gateway, route.id).model,
      });
    });
    await bench.terraform("init");
    const planned = await bench.terraform("plan", "-no-color");

    // THEN
    expect(planned.stdout).toMatch(/\+ model = "dynamic\/support"/);
    declare({ gatewayId: "other", graph: splitting });
  }, 90_000);

  test("leaves nothing behind after destroy", async () => {
    const destroyed = await bench.terraform("destroy", "-auto-approve", "-no-color");
    expect(destroyed.stderr).toBe("");
    expect(destroyed.code).toBe(0);
    expect(await routes("other")).toEqual([]);
  }, 90_000);
});

describe("a dynamic route beside its gateway", () => {
  let bench: Workbench;

  beforeAll(async () => {
    bench = await Workbench.start();
  });
  afterAll(() => bench.close());

  const declare = (gatewayId: string, more: (stack: TerraformStack) => void = () => {}) =>
    bench.synth((stack) => {
      const gateway = new AiGateway(stack, "gateway", { gatewayId, authentication: true });
      new DynamicRoute(stack, "route", { gateway, name: "support", graph: splitting });
      more(stack);
    });
  const namesOf = async (gatewayId: string): Promise<readonly string[]> => {
    const { body } = await bench.api("GET", `/ai-gateway/gateways/${gatewayId}/routes`);
    const { data } = body as unknown as { data?: { routes: readonly Route[] } };
    return data?.routes.map(({ name }) => name) ?? [];
  };

  test("fails the apply where Cloudflare takes a deployment and does not serve it", async () => {
    // GIVEN an API that takes deployments and does nothing
    const api = await startDeaf(bench.emulator.apiUrl, /^POST .*\/deployments$/);

    // WHEN
    declare("chat", (stack) => Cloudflare.of(stack).restProvider.addOverride("base_url", api.url));
    await bench.terraform("init");
    const applied = await bench.terraform("apply", "-auto-approve", "-no-color");
    await api.close();

    // THEN
    expect(applied.code).toBe(1);
    expect(applied.stderr.replace(/[│\s]+/g, " ")).toMatch(
      /Cloudflare took the deployment, but the route is served by version \S+ and not by \S+\. Deploy again/,
    );

    // WHEN the API does what it says
    declare("chat");
    await bench.apply();

    // THEN
    expect((await bench.plan()).changes).toEqual([]);
  }, 90_000);

  test("follows a gateway that is replaced, and goes with it in one destroy", async () => {
    // WHEN
    declare("renamed");
    await bench.apply();

    // THEN
    expect(await namesOf("renamed")).toEqual(["support"]);
    expect((await bench.plan()).changes).toEqual([]);

    // WHEN
    const destroyed = await bench.terraform("destroy", "-auto-approve", "-no-color");

    // THEN no route waits for a gateway of the same id
    expect(destroyed.code).toBe(0);
    const minimal = { cache_ttl: 0, cache_invalidate_on_update: false, collect_logs: true };
    const rates = { rate_limiting_interval: 0, rate_limiting_limit: 0 };
    for (const id of ["chat", "renamed"]) {
      await bench.api("POST", "/ai-gateway/gateways", { id, ...minimal, ...rates });
      expect(await namesOf(id)).toEqual([]);
    }
  }, 90_000);
});

/** The API behind it, except for calls that it answers with success and keeps to itself. */
async function startDeaf(apiUrl: string, deafTo: RegExp) {
  const server = createServer((request, response) => {
    const { method = "GET", url = "", headers } = request;
    if (deafTo.test(`${method} ${url}`)) {
      request.resume();
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ success: true, errors: [], messages: [], result: {} }));
      return;
    }
    const target = new URL(apiUrl);
    const onward = send(
      { host: target.hostname, port: target.port, path: url, method, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${new URL(apiUrl).pathname}`,
    close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}

const unchanging = ({ id, created_at }: Route) => ({ id, created_at });
