import { afterAll, describe, expect, test } from "@jest/globals";
import { NestedGateway } from "./nested-gateway.js";
import { allNested } from "./nested-settings.js";
import { Workbench } from "./workbench.js";

describe("an API that does not do what it says", () => {
  let bench: Workbench;
  afterAll(() => bench.close());

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
});
