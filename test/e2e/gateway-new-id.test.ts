import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import {
  AiGateway,
  Dataset,
  DynamicRoute,
  type GatewayProvider,
  ProviderKey,
  routeGraph,
  SecretVariable,
} from "../../lib/index.js";
import { canary } from "../secrets/canary.js";
import { makeGatewayByHand } from "./somebody-elses.js";
import { Workbench } from "./workbench.js";

describe.each<GatewayProvider>(["restful", "cloudflare"])(
  "another id of a gateway over the provider %s",
  (gatewayProvider) => {
    let bench: Workbench;
    let storeId: string;

    beforeEach(async () => {
      bench = await Workbench.start();
      const { body } = await bench.api("POST", "/secrets_store/stores", [{ name: "default" }]);
      storeId = (body.result as { id: string }[])[0]?.id ?? "";
      bench.variables.TF_VAR_openai_api_key = canary("a provider's key");
      declare("old");
      await bench.apply();
    }, 90_000);

    afterEach(() => bench.close());

    const declare = (gatewayId: string) =>
      bench.synth((stack) => {
        const gateway = new AiGateway(stack, "gateway", { gatewayId, gatewayProvider, storeId });
        const graph = routeGraph((g) => g.model({ provider: "openai", model: "gpt-4o" }));
        new DynamicRoute(stack, "route", { gateway, name: "support", graph });
        new Dataset(stack, "dataset", { gateway, name: "all" });
        const secret = new SecretVariable(stack, "openai_api_key");
        new ProviderKey(stack, "key", { gateway, providerSlug: "openai", secret });
      });

    const apply = () => bench.terraform("apply", "-auto-approve", "-no-color");

    /** Gateway → its cache's seconds, and how many routes, datasets and keys it has. */
    async function account(): Promise<Record<string, unknown>> {
      const { result } = (await bench.api("GET", "/ai-gateway/gateways")).body;
      const rows = (result as { id: string; cache_ttl: number }[]).map(
        async ({ id, cache_ttl }) => {
          const count = async (kind: string): Promise<number> => {
            const { body } = await bench.api("GET", `/ai-gateway/gateways/${id}/${kind}`);
            const found = body as unknown as { result?: []; data?: { routes: [] } };
            return (found.data?.routes ?? found.result ?? []).length;
          };
          const counts = await Promise.all(["routes", "datasets", "provider_configs"].map(count));
          return [id, [cache_ttl, ...counts]] as const;
        },
      );
      return Object.fromEntries(await Promise.all(rows));
    }

    test("that is refused is mended by the next deploy, and what is somebody else's stays", async () => {
      // GIVEN an id that somebody else has
      await makeGatewayByHand(bench, "taken");
      declare("taken");
      const { text } = await bench.plan();
      expect(text).toContain("must be replaced");
      const refused = await apply();
      expect(refused.code).toBe(1);
      expect(refused.stderr.replace(/[\s│]+/g, " ")).toContain('the id "taken" already exists');

      // WHEN
      declare("free");
      await bench.apply();

      // THEN
      expect(await account()).toEqual({ taken: [7, 0, 0, 0], free: [0, 1, 1, 1] });
      expect((await bench.plan()).changes).toEqual([]);
    }, 120_000);

    test("whose creation is carried out and its answer lost is adopted by the next deploy", async () => {
      // GIVEN
      declare("lost");
      bench.emulator.faults.add({
        method: "POST",
        path: "**/ai-gateway/gateways",
        nth: 1,
        answer: "lost",
      });
      expect((await apply()).code).toBe(1);
      bench.emulator.faults.clear();

      // WHEN
      const { text } = await bench.plan();
      await bench.apply();

      // THEN
      expect(text).toMatch(/Plan: 1 to import/);
      expect(await account()).toEqual({ lost: [0, 1, 1, 1] });
      expect((await bench.plan()).changes).toEqual([]);
    }, 120_000);
  },
);
