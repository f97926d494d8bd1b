import { afterEach, describe, expect, test } from "@jest/globals";
import { AiGateway, Cloudflare } from "../../lib/index.js";
import { startEditingApi } from "./editing-api.js";
import { NestedGateway } from "./nested-gateway.js";
import { allNested } from "./nested-settings.js";
import { Workbench } from "./workbench.js";

describe("an API that does not do what it says", () => {
  let bench: Workbench;
  afterEach(() => bench.close());

  test("ignores settings: the apply fails with the names of those, and of no other", async () => {
    bench = await Workbench.start({
      ignoredSettings: { always: ["zdr", "guardrails", "logpush", "retry_delay"] },
    });
    const gateway = new NestedGateway(bench);
    gateway.declare({
      ...allNested("first"),
      cacheTtl: 60,
      retryMaxAttempts: 2,
      retryDelay: 100,
      retryBackoff: "linear",
    });
    await bench.terraform("init", "-no-color");
    const applied = await bench.terraform("apply", "-auto-approve", "-no-color");

    expect(applied.code).toBe(1);
    const named = applied.stderr.replaceAll(/\s*│?\s+/g, " ").matchAll(/(\w+) was not kept/g);
    expect([...named].map(([, name]) => name).sort()).toEqual(["logpush", "retryDelay"]);

    // WHEN those are left out, the next apply names the ones that are sent with the PUT
    const { logpush, logpushPublicKey, ...rest } = allNested("first");
    gateway.declare(rest);
    const again = await bench.terraform("apply", "-auto-approve", "-no-color");
    const others = again.stderr.replaceAll(/\s*│?\s+/g, " ").matchAll(/(\w+) was not kept/g);
    expect([...others].map(([, name]) => name).sort()).toEqual(["guardrails", "zdr"]);
    const destroyed = await bench.terraform("destroy", "-auto-approve", "-no-color");
    expect(destroyed.code).toBe(0);
  }, 120_000);

  test("does it later: what is as declared by then is no failure any more", async () => {
    // GIVEN an apply that failed for a setting of the second PUT
    bench = await Workbench.start();
    let isIgnored = true;
    const api = await startEditingApi(bench.emulator.apiUrl, {
      sent: ({ body: { guardrails, ...body } }) => (isIgnored ? body : { ...body, guardrails }),
    });
    try {
      bench.synth((stack) => {
        Cloudflare.of(stack).restProvider.addOverride("base_url", api.url);
        const guardrails = { prompt: { violentCrimes: "BLOCK" } } as const;
        new AiGateway(stack, "gateway", { gatewayId: "mine", guardrails });
      });
      await bench.terraform("init", "-no-color");
      const failed = await bench.terraform("apply", "-auto-approve", "-no-color");
      expect(failed.stderr).toContain("guardrails was not kept");

      // WHEN it is set by hand, as the message says
      isIgnored = false;
      const { result } = (await bench.api("GET", "/ai-gateway/gateways/mine")).body;
      const guardrails = { prompt: { S1: "BLOCK" }, response: {} };
      await bench.api("PUT", "/ai-gateway/gateways/mine", { ...(result as object), guardrails });

      // THEN the next apply is content, and nothing is left to do
      await bench.apply();
      expect((await bench.plan()).changes).toEqual([]);
    } finally {
      await api.close();
    }
  }, 120_000);
});
