import { expect, test } from "@jest/globals";
import { AiGateway, ProviderKey } from "../../../lib/index.js";
import { newStack, synth } from "../new-stack.js";

test("waits for nothing that the import of its gateway leaves out, whichever comes first", () => {
  // GIVEN a gateway with a setting that is sent by a second request, and a key that waits for it
  const stack = newStack();
  const storeId = "a".repeat(32);
  const gateway = new AiGateway(stack, "gateway", { storeId });
  const secret = { secretId: "b".repeat(32) };
  new ProviderKey(stack, "key", { gateway, providerSlug: "openai", secret });

  // WHEN the gateway is imported, which leaves that request out
  gateway.importFrom();

  // THEN
  const { resource = {} } = synth(stack);
  const blocks = Object.entries(resource).flatMap(([type, named]) =>
    Object.entries(named).map(([name, block]) => ({ address: `${type}.${name}`, block })),
  );
  const addresses = blocks.map(({ address }) => address);
  const waited = blocks.flatMap(({ block }) => (block.depends_on ?? []) as string[]);
  expect(addresses.filter((address) => address.includes("Settings"))).toEqual([]);
  expect(waited.filter((address) => !addresses.includes(address))).toEqual([]);
  expect(waited).toContain(addresses.find((address) => /restful_resource.gateway_/.test(address)));
});
