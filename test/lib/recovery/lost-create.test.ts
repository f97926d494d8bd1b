import { describe, expect, test } from "@jest/globals";
import { TerraformVariable } from "cdktf";
import { AiGateway, CustomDomain, DynamicRoute, routeGraph } from "../../../lib/index.js";
import { newStack, only, synth } from "../new-stack.js";

const graph = routeGraph((g) => g.model({ provider: "workers-ai", model: "@cf/one" }));

describe("a creation that may be lost", () => {
  test("is claimed before, and looked for in one list of the account", () => {
    const stack = newStack();
    new AiGateway(stack, "one");
    new AiGateway(stack, "two");

    const { data, resource, import: imports } = synth(stack);

    expect(only(data?.restful_resource)).toMatchObject({
      id: "/accounts/account/ai-gateway/gateways",
      query: { page: ["1"], per_page: ["50"] },
    });
    const claims = Object.keys(resource?.terraform_data ?? {});
    expect(claims).toHaveLength(2);
    const gateways = Object.entries(resource?.restful_resource ?? {});
    expect(gateways.map(([, { depends_on }]) => depends_on)).toEqual(
      claims.map((claim) => [`terraform_data.${claim}`]),
    );
    expect(imports?.map(({ to }) => to)).toEqual(
      gateways.map(([name]) => `restful_resource.${name}`),
    );
  });

  test("takes one more page of the list for each 50 that are declared", () => {
    const stack = newStack();
    for (let number = 1; number <= 101; number += 1) new AiGateway(stack, `gateway-${number}`);

    const pages = Object.values(synth(stack).data?.restful_resource ?? {});

    expect(pages.map(({ query }) => (query as { page: string[] }).page[0])).toEqual([
      "1",
      "2",
      "3",
    ]);
  });

  test("shares the text it would be imported by with all of its kind", () => {
    const stack = newStack();
    for (const id of ["one", "two", "three"]) new AiGateway(stack, id, { cacheTtl: 60 });

    const { import: imports, locals } = synth(stack);

    const ids = new Set(imports?.map(({ id }) => id));
    expect([...ids]).toEqual([
      expect.stringMatching(/^\$\{join\(each\.key, local\.[\w-]+\.import_ids\[0\]\)\}$/),
    ]);
    const lists = Object.values(locals ?? {}).filter((local) =>
      Object.hasOwn(local as object, "import_ids"),
    );
    expect(lists).toMatchObject([{ import_ids: [[expect.any(String), expect.any(String)]] }]);
  });

  test("is looked for in a gateway's own list only where that gateway exists", () => {
    const stack = newStack();
    const gateway = AiGateway.fromGatewayId(stack, "gateway", "mine");
    new DynamicRoute(stack, "route", { gateway, name: "support", graph });

    const lists = Object.entries(synth(stack).data?.restful_resource ?? {});

    const routes = lists.find(([, { id }]) => String(id).endsWith("/gateways/mine/routes"));
    expect(routes?.[1].count).toMatch(/^\$\{length\(.*\["mine"\].*\) > 0 \? 1 : 0\}$/);
  });

  test("is looked for under the hostname's own path, whatever the names are put together from", () => {
    const stack = newStack();
    const zoneId = "0".repeat(32);
    const domains = { shop: "eu-api.example.com", "shop-eu": "api.example.com" };
    for (const [id, hostname] of Object.entries(domains)) {
      const gateway = AiGateway.fromGatewayId(stack, id, id);
      new CustomDomain(stack, `domain-${id}`, { gateway, hostname, zoneId });
    }

    const paths = Object.values(synth(stack).data?.restful_resource ?? {}).map(({ id }) => id);

    for (const [id, hostname] of Object.entries(domains)) {
      expect(paths).toContain(
        `/accounts/account/ai-gateway/gateways/${id}/custom-domains/${hostname}`,
      );
    }
  });

  test("is left to an import that is asked for", () => {
    const stack = newStack();
    new AiGateway(stack, "gateway", { gatewayId: "mine" }).importFrom();

    const { import: imports, resource, removed } = synth(stack);
    expect(imports).toEqual([expect.not.objectContaining({ for_each: expect.anything() })]);
    // AND it is not claimed, as nothing is created: a claim that is in the state is left out of it
    expect(resource?.terraform_data).toBeUndefined();
    expect(only(resource?.restful_resource).depends_on).toBeUndefined();
    expect(removed).toContainEqual({
      from: expect.stringMatching(/^terraform_data\.gateway_Claim_/),
      lifecycle: { destroy: false },
    });
  });

  test("is left to an import that is asked for of one of several", () => {
    const stack = newStack();
    new AiGateway(stack, "made");
    new AiGateway(stack, "there").importFrom();

    const { resource, import: imports } = synth(stack);

    expect(Object.keys(resource?.terraform_data ?? {})).toEqual([
      expect.stringMatching(/^made_Claim_/),
    ]);
    expect(imports).toHaveLength(2);
  });

  test("is nothing where only Terraform knows the name or the account", () => {
    const stack = newStack();
    const name = new TerraformVariable(stack, "name", { type: "string" });
    new AiGateway(stack, "gateway", { gatewayId: name.stringValue });

    const { data, resource, import: imports } = synth(stack);

    expect([data, resource?.terraform_data, imports]).toEqual([undefined, undefined, undefined]);
  });
});
