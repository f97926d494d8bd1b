import { expect, test } from "@jest/globals";
import { DataResource } from "cdktf";
import {
  AiGateway,
  AiGatewayToken,
  Container,
  CustomDomain,
  DurableObjectNamespace,
  ProviderKey,
  SecretVariable,
  Worker,
} from "../../lib/index.js";
import { newBundle, newStack, synth } from "./new-stack.js";

test("what keeps a value in the state is declared without a run of Terraform", () => {
  // GIVEN one of everything that keeps one
  const stack = newStack();
  const gateway = new AiGateway(stack, "gateway", { storeId: "8ab1f05c7e3d49a6b2c0d1e2f3a4b5c6" });
  new ProviderKey(stack, "key", {
    gateway,
    providerSlug: "openai",
    secret: new SecretVariable(stack, "openai_api_key"),
  });
  new CustomDomain(stack, "domain", { gateway, hostname: "ai.example.com", zoneId: "zone" });
  const worker = new Worker(stack, "worker", {
    bundle: newBundle(
      "export class Room {}\nexport default { fetch() { return new Response(); } };\n",
    ),
    migrations: [{ tag: "v1", newSqliteClasses: ["Room"] }],
  });
  const rooms = new DurableObjectNamespace(stack, "rooms", { worker, className: "Room" });
  worker.addVar("ROOMS", rooms.namespaceId);
  new AiGatewayToken(stack, "token").deliverTo(worker, "TOKEN");
  new Container(stack, "container", {
    bundle: newBundle("export class Pdf {}\nexport default {};\n"),
    className: "Pdf",
    image: "registry.example.com/pdf:1",
  });

  // WHEN
  const kept = Object.keys(synth(stack).resource?.terraform_data ?? {});

  // THEN none is of the class that starts Terraform at synth
  expect(kept.length).toBeGreaterThan(8);
  expect(stack.node.findAll().filter((construct) => construct instanceof DataResource)).toEqual([]);
});
