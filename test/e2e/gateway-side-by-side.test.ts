import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { TerraformOutput } from "cdktf";
import {
  AiGateway,
  CustomDomain,
  DynamicRoute,
  type GatewayProvider,
  ProviderKey,
  routeGraph,
  SecretVariable,
  Worker,
} from "../../lib/index.js";
import { canary } from "../secrets/canary.js";
import { makeGatewayByHand } from "./somebody-elses.js";
import { Workbench } from "./workbench.js";

/** Asks the gateway it is bound to, and tells which one that is. */
const code = `export default {
  async fetch(_request, env) {
    const query = { prompt: "Hello" };
    const request = { provider: "workers-ai", endpoint: "@cf/meta/llama-3.1-8b-instruct", headers: {}, query };
    const { status } = await env.AI.gateway(env.GATEWAY).run(request);
    return new Response(env.GATEWAY + " " + status);
  },
};\n`;

// "Another id" of docs/ai-gateway.md: the way without a gap, and without the loss of the logs.
describe.each<GatewayProvider>(["restful", "cloudflare"])(
  "two gateways side by side over the provider %s",
  (gatewayProvider) => {
    let bench: Workbench;
    let storeId: string;

    beforeEach(async () => {
      bench = await Workbench.start();
      const { body } = await bench.api("POST", "/secrets_store/stores", [{ name: "default" }]);
      storeId = (body.result as { id: string }[])[0]?.id ?? "";
      bench.variables.TF_VAR_openai_api_key = canary("a provider's key");
      await writeFile(join(bench.directory, "worker.js"), code);
      declare({ gateways: ["old"], used: "old" });
      await bench.apply();
      expect(await ask()).toBe("old 200");
    }, 120_000);

    afterEach(() => bench.close());

    interface Declared {
      /** Ids, each with a route and a key of its own. */
      readonly gateways: readonly string[];
      /** Which one the Worker is bound to and the custom domain leads to. */
      readonly used: string;
    }

    const declare = ({ gateways, used }: Declared) =>
      bench.synth((stack) => {
        const worker = new Worker(stack, "worker", {
          bundle: join(bench.directory, "worker.js"),
          scriptName: "chat",
        });
        new TerraformOutput(stack, "url", { value: worker.url });
        const secret = new SecretVariable(stack, "openai_api_key");
        const graph = routeGraph((g) => g.model({ provider: "openai", model: "gpt-4o" }));
        for (const gatewayId of gateways) {
          // Whatever id the second one has, its place in the code is the same.
          const at = gatewayId === "old" ? "first" : "second";
          const gateway = new AiGateway(stack, at, { gatewayId, gatewayProvider, storeId });
          new DynamicRoute(stack, `${at}-route`, { gateway, name: "support", graph });
          new ProviderKey(stack, `${at}-key`, { gateway, providerSlug: "openai", secret });
          if (gatewayId !== used) continue;
          gateway.bind(worker, "GATEWAY");
          new CustomDomain(stack, "domain", {
            gateway,
            hostname: "ai.example.com",
            zoneId: "0".repeat(32),
          });
        }
      });

    const ask = async (url?: string) => (await fetch(url ?? (await bench.output("url")))).text();

    /** Deploys, and asks the Worker all the while. @returns what came of it, each outcome once */
    async function askWhileDeploying(): Promise<string[]> {
      const url = await bench.output("url");
      const outcomes = new Set<string>();
      let isDone = false;
      const deploy = () =>
        bench.apply().finally(() => {
          isDone = true;
        });
      const askOnAndOn = async () => {
        while (!isDone) {
          outcomes.add(await ask(url).catch(String));
          await setTimeout(20);
        }
      };
      await Promise.all([deploy(), askOnAndOn()]);
      return [...outcomes.add(await ask(url))];
    }

    /** What the API has at a path below the gateways. */
    async function get(path = ""): Promise<unknown> {
      const { status, body } = await bench.api("GET", `/ai-gateway/gateways${path}`);
      expect(status).toBe(200);
      return "data" in body ? body.data : body.result;
    }
    const parts = ["", "/routes", "/provider_configs"] as const;
    const shown = (id: string) => Promise.all(parts.map((kind) => get(`/${id}${kind}`)));
    const hostnames = async (id: string) =>
      ((await get(`/${id}/custom-domains`)) as { hostname: string }[]).map(
        ({ hostname }) => hostname,
      );

    /** What a plan does to the constructs of the code. */
    async function planned(): Promise<Record<string, string[]>> {
      const done: Record<string, string[]> = {};
      for (const { address, change } of (await bench.plan()).changes) {
        const [, construct = address] = /^\w+\.([a-z-]+)/.exec(address) ?? [];
        const actions = change.actions.join(" then ");
        done[construct] = [...new Set([...(done[construct] ?? []), actions])];
      }
      return done;
    }

    test("change over in three deploys, without a gap, and the first one's logs stay", async () => {
      const before = await shown("old");
      const [newest] = (await get("/old/logs")) as { id: string }[];
      const log = await get(`/old/logs/${newest?.id}`);

      // WHEN the second is made
      declare({ gateways: ["old", "new"], used: "old" });

      // THEN nothing of the first is touched
      expect(await planned()).toEqual({
        second: ["create"],
        "second-key": ["create"],
        "second-route": ["create"],
      });
      expect(await askWhileDeploying()).toEqual(["old 200"]);
      expect(await shown("old")).toEqual(before);
      expect((await bench.plan()).changes).toEqual([]);

      // WHEN Worker and custom domain change over
      declare({ gateways: ["old", "new"], used: "new" });

      // THEN nothing else does
      expect(await planned()).toEqual({ domain: ["delete then create"], worker: ["update"] });
      expect(await askWhileDeploying()).toEqual(["old 200", "new 200"]);
      expect(await shown("old")).toEqual(before);
      expect(await get(`/old/logs/${newest?.id}`)).toEqual(log);
      expect([await hostnames("old"), await hostnames("new")]).toEqual([[], ["ai.example.com"]]);
      expect((await bench.plan()).changes).toEqual([]);

      // WHEN the first is taken out
      const after = await shown("new");
      declare({ gateways: ["new"], used: "new" });

      // THEN nothing of the second is touched
      expect(await planned()).toEqual({
        first: ["delete"],
        "first-key": ["delete"],
        "first-route": ["delete"],
      });
      expect(await askWhileDeploying()).toEqual(["new 200"]);
      expect(await get()).toMatchObject([{ id: "new" }]);
      expect(await shown("new")).toEqual(after);
      expect(await hostnames("new")).toEqual(["ai.example.com"]);
      expect((await bench.plan()).changes).toEqual([]);
    }, 180_000);

    test("leave the first as it is where the second is refused", async () => {
      // GIVEN an id that somebody else has
      const before = await shown("old");
      await makeGatewayByHand(bench, "taken");
      declare({ gateways: ["old", "taken"], used: "old" });

      // WHEN
      const refused = await bench.terraform("apply", "-auto-approve", "-no-color");

      // THEN
      expect(refused.code).toBe(1);
      expect(refused.stderr.replace(/[\s│]+/g, " ")).toContain('the id "taken" already exists');
      expect(await shown("old")).toEqual(before);
      expect(await hostnames("old")).toEqual(["ai.example.com"]);
      expect(await ask()).toBe("old 200");
    }, 120_000);
  },
);
