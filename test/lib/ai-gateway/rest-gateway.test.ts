import { describe, expect, test } from "@jest/globals";
import { AiGateway, type AiGatewayProps, SecretVariable } from "../../../lib/index.js";
import { newStack, only, synth } from "../new-stack.js";

/** The two blocks of a gateway; the second one is not always there. */
function blocksOf(
  props: AiGatewayProps | ((stack: ReturnType<typeof newStack>) => AiGatewayProps),
) {
  const stack = newStack();
  new AiGateway(stack, "gateway", typeof props === "function" ? props(stack) : props);
  const { resource, data } = synth(stack);
  const [name = ""] = Object.keys(resource?.restful_resource ?? {});
  return {
    address: `restful_resource.${name}`,
    gateway: only(resource?.restful_resource),
    put: resource?.restful_operation && only(resource.restful_operation),
    kept: Object.entries(data?.restful_resource ?? {}).find(([key]) => /_Kept_/.test(key))?.[1],
  };
}

describe("a gateway's second PUT", () => {
  test.each<AiGatewayProps>([
    {},
    { cacheTtl: 60, authentication: true, workersAiBillingMode: "unified" },
    { zdr: false, storeId: "", byokOnly: false, logClassification: false },
    { otel: [], spendLimits: [] },
  ])("is not there for %j", (props) => {
    expect(blocksOf(props).put).toBeUndefined();
  });

  test.each<AiGatewayProps>([
    { byokOnly: true, storeId: "x" },
    { dlp: { action: "FLAG", profiles: ["p"] } },
    { guardrails: { prompt: { hate: "FLAG" } } },
    { logClassification: true },
    { otel: [{ url: "https://otel.example.com/" }] },
    { spendLimits: [{ limit: 1, window: 60 }] },
    { storeId: "x" },
    { zdr: true },
  ])("sends everything once more for %j, and again after each change of the gateway", (props) => {
    const { address, gateway, put } = blocksOf(props);

    expect(put).toMatchObject({
      method: "PUT",
      path: `\${${address}.id}`,
      body: gateway.body,
      lifecycle: { replace_triggered_by: [address] },
    });
    expect(put).not.toHaveProperty("ephemeral_body");
    expect(put).not.toHaveProperty("delete_method");
    expect(gateway).not.toHaveProperty("update_body_patches");
  });

  test("carries the secrets, which the gateway itself does not have", () => {
    // WHEN
    const { gateway, put, kept } = blocksOf((stack) => ({
      otel: [
        {
          url: "https://otel.example.com/",
          headers: { key: new SecretVariable(stack, "otel_key") },
          authorization: new SecretVariable(stack, "otel_authorization"),
        },
      ],
      stripe: {
        authorization: new SecretVariable(stack, "stripe_key"),
        usageEvents: [{ payload: "{}" }],
      },
    }));

    // THEN
    expect(put?.ephemeral_body).toMatchInlineSnapshot(`
      {
        "otel": [
          {
            "authorization": "\${var.otel_authorization}",
            "content_type": "json",
            "headers": {
              "key": "\${var.otel_key}",
            },
            "url": "https://otel.example.com/",
          },
        ],
        "stripe": {
          "authorization": "\${var.stripe_key}",
        },
      }
    `);
    expect(put?.body).not.toHaveProperty("otel");
    expect(put?.body).toHaveProperty("stripe", {
      usage_events: [{ payload: "{}" }],
    });
    expect(JSON.stringify(gateway)).not.toContain("var.");
    expect(JSON.stringify({ ...put, ephemeral_body: undefined })).not.toContain("var.");
    expect(gateway.body).toMatchObject({
      otel: [{ url: "https://otel.example.com/", headers: {}, content_type: "json" }],
      stripe: { authorization: "sent-with-the-next-request" },
    });
    // AND its own PUT leaves out what it does not have whole
    expect(gateway.update_body_patches).toEqual([
      { path: "otel", removed: true },
      { path: "stripe", removed: true },
    ]);
    // AND no answer that echoes them is kept
    expect(gateway.read_selector).toContain('"otel":otel.#.{url,content_type}');
    expect(gateway.read_selector).toContain('"stripe":stripe.{usage_events}');
    expect(put?.output_attrs).toEqual(["result.id"]);
    expect(kept?.selector).toBe(
      'result.{"otel":otel.#.{url,"content_type":[content_type,!"json"].0},"stripe":stripe.{usage_events}}',
    );
  });
});

describe("the read-back of a gateway", () => {
  test("is of what is read after the PUT, where its answer may have null for what is compared", () => {
    const { put, kept } = blocksOf({ zdr: true, otel: [{ url: "https://otel.example.com/" }] });

    expect(conditions(put)).toEqual([]);
    expect(kept).toMatchObject({
      id: put?.path,
      selector: 'result.{"otel":otel.#.{url,"content_type":[content_type,!"json"].0},zdr}',
      depends_on: [expect.stringMatching(/^restful_operation\./)],
    });
    expect(conditions(kept).map((one) => one.split(":")[0])).toEqual(["otel", "zdr"]);
    // AND where no answer could have null, for what an operation has in the state is never read again
    expect(blocksOf({ zdr: true }).kept?.selector).toBe("result.{zdr}");
    expect(blocksOf({ cacheTtl: 60 }).kept).toBeUndefined();
  });

  const conditions = (block: Record<string, unknown> | undefined): string[] =>
    (
      (
        block?.lifecycle as {
          postcondition?: { condition: string; error_message: string }[];
        }
      )?.postcondition ?? []
    ).map(({ condition, error_message }) => {
      const [, prop] = /: (\w+) was not kept\./.exec(error_message) ?? [];
      return `${prop}: ${condition}`;
    });

  test("compares nothing where nothing is declared", () => {
    const { gateway } = blocksOf({});

    expect(conditions(gateway)).toEqual([]);
    expect(gateway.output_attrs).toEqual(["id"]);
  });

  test("compares each declared setting with what was sent, where it was sent last", () => {
    const { address, gateway, kept } = blocksOf({
      collectLogs: true,
      cacheTtl: 60,
      zdr: true,
      dlp: { action: "FLAG", profiles: ["p"] },
      spendLimits: [
        {
          id: "a",
          limit: 1,
          window: 60,
          metadata: { "cf.user_id": "partition" },
        },
      ],
    });

    expect(conditions(gateway)).toMatchInlineSnapshot(`
      [
        "cacheTtl: \${try(self.output.cache_ttl == self.body.cache_ttl, false)}",
        "collectLogs: \${try(self.output.collect_logs, null) == null ? self.body.collect_logs == null || jsonencode(self.body.collect_logs) == "true" : try(self.output.collect_logs == self.body.collect_logs, false)}",
      ]
    `);
    expect(
      conditions(kept).map((one) => one.replaceAll(address, "GATEWAY")),
    ).toMatchInlineSnapshot(`
      [
        "dlp: \${try(self.output.dlp["enabled"] == GATEWAY.body.dlp["enabled"] && self.output.dlp["action"] == GATEWAY.body.dlp["action"] && jsonencode(self.output.dlp["profiles"]) == jsonencode(GATEWAY.body.dlp["profiles"]), false)}",
        "spendLimits: \${try(self.output.spend_limits["enabled"] == GATEWAY.body.spend_limits["enabled"] && length(self.output.spend_limits["rules"]) == 1 && self.output.spend_limits["rules"][0]["id"] == GATEWAY.body.spend_limits["rules"][0]["id"] && self.output.spend_limits["rules"][0]["enabled"] == GATEWAY.body.spend_limits["rules"][0]["enabled"] && self.output.spend_limits["rules"][0]["limit"] == GATEWAY.body.spend_limits["rules"][0]["limit"] && self.output.spend_limits["rules"][0]["limitType"] == GATEWAY.body.spend_limits["rules"][0]["limitType"] && self.output.spend_limits["rules"][0]["window"] == GATEWAY.body.spend_limits["rules"][0]["window"] && self.output.spend_limits["rules"][0]["technique"] == GATEWAY.body.spend_limits["rules"][0]["technique"] && self.output.spend_limits["rules"][0]["metadata"]["cf.user_id"]["mode"] == GATEWAY.body.spend_limits["rules"][0]["metadata"]["cf.user_id"]["mode"], false)}",
        "zdr: \${try(self.output.zdr == GATEWAY.body.zdr, false)}",
      ]
    `);
    expect(gateway.output_attrs).toEqual(["id", "cache_ttl", "collect_logs"]);
  });
});
