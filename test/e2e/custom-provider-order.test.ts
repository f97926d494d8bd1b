import { afterAll, beforeAll, expect, test } from "@jest/globals";
import {
  AiGateway,
  CustomProvider,
  DynamicRoute,
  ProviderKey,
  routeGraph,
  SecretVariable,
} from "../../lib/index.js";
import { canary } from "../secrets/canary.js";
import { Workbench } from "./workbench.js";

let bench: Workbench;

beforeAll(async () => {
  bench = await Workbench.start();
  bench.variables.TF_VAR_mine_api_key = canary("a provider's key");
}, 60_000);
afterAll(() => bench.close());

/** Which kinds of objects were made or deleted, in the order of the calls. */
const kindsOf = (method: string): string[] =>
  bench.emulator.faults.calls
    .filter((call) => call.method === method)
    .map(({ path }) => /custom-providers|provider_configs|routes(?!.*versions|.*deploy)/.exec(path))
    .flatMap((found) => found?.[0] ?? []);

test("A key and a route for a custom provider are made after it and deleted before it", async () => {
  // GIVEN a provider that takes its time, and is declared last
  const made = await bench.api("POST", "/secrets_store/stores", [{ name: "default" }]);
  const storeId = (made.body.result as { id: string }[])[0]?.id ?? "";
  bench.synth((stack) => {
    const gateway = new AiGateway(stack, "gateway", { gatewayId: "mine", storeId });
    new ProviderKey(stack, "key", {
      gateway,
      providerSlug: "custom-mine",
      secret: new SecretVariable(stack, "mine_api_key"),
    });
    const graph = routeGraph((g) => g.model({ provider: "custom-mine", model: "one" }));
    new DynamicRoute(stack, "route", { gateway, graph });
    new CustomProvider(stack, "provider", { slug: "mine", baseUrl: "https://models.example.com" });
  });
  bench.emulator.faults.add({ method: "POST", path: "**/custom-providers", delayMs: 1500 });

  // WHEN
  await bench.apply();
  const created = kindsOf("POST");
  const { code } = await bench.terraform("destroy", "-auto-approve", "-no-color");

  // THEN
  expect(created[0]).toBe("custom-providers");
  expect(created).toHaveLength(3);
  expect(code).toBe(0);
  expect(kindsOf("DELETE").at(-1)).toBe("custom-providers");
  expect(kindsOf("DELETE")).toHaveLength(3);
}, 120_000);
