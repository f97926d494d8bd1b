import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { AiGateway, GatewayPolicy } from "../../lib/index.js";
import { Workbench } from "./workbench.js";

// biome-ignore lint/suspicious/noTemplateCurlyInString: a name with Terraform's own signs
const NAME = 'No "${preview}" models';

let bench: Workbench;

beforeEach(async () => {
  bench = await Workbench.start();
  bench.synth((stack) => {
    const gateway = new AiGateway(stack, "gateway", { gatewayId: "mine" });
    new GatewayPolicy(stack, "everyone", { gateway, action: { type: "no-limit" } });
    new GatewayPolicy(stack, "blocked", {
      gateway,
      name: NAME,
      resource: { model: "openai/preview-*" },
      action: { type: "block" },
    });
  });
  await bench.terraform("init", "-no-color");
}, 60_000);
afterEach(async () => {
  await bench.close();
});

const apply = () => bench.terraform("apply", "-auto-approve", "-no-color");
const policies = async () =>
  (await bench.api("GET", "/ai-gateway/gateways/mine/policies")).body.result as {
    id: string;
    name: string;
  }[];
const namesOf = async () => (await policies()).map(({ name }) => name).sort();
const names = [NAME, "test-everyone"];
const said = (text: string): string => text.replace(/[\s│]+/g, " ");

test("A policy whose creation is sent twice is refused with the id of the one to delete, until it is gone", async () => {
  // GIVEN an answer that is lost: the creation is sent again
  bench.emulator.faults.add({ method: "POST", path: "**/policies", nth: 1, answer: "lost" });

  // WHEN
  const deploy = await apply();

  // THEN both are enforced, and the deploy says which one is not the stack's
  expect(deploy.code).toBe(1);
  const existing = await policies();
  expect(existing).toHaveLength(3);
  const state = await bench.readState();
  const [foreign, ...more] = existing.filter(({ id }) => !state.includes(`/policies/${id}"`));
  expect(more).toEqual([]);
  expect(said(deploy.stderr)).toContain("name: the gateway has another policy of this name");
  expect(said(deploy.stderr)).toContain(`Delete it by its id, ${foreign?.id},`);
  expect((await apply()).code).toBe(1);
  expect((await bench.terraform("plan", "-destroy", "-no-color")).code).toBe(0);

  // WHEN it is deleted
  bench.emulator.faults.clear();
  await bench.api("DELETE", `/ai-gateway/gateways/mine/policies/${foreign?.id}`);

  // THEN all is well
  await bench.apply();
  expect(await namesOf()).toEqual(names);
  expect((await bench.plan()).changes).toEqual([]);
}, 120_000);

test("A policy whose creation the deploy never learned of is adopted by the next one", async () => {
  // GIVEN answers that are lost, and no way to ask again
  bench.emulator.faults.add({ method: "POST", path: "**/policies", first: 2, answer: "lost" });
  bench.emulator.faults.add({ method: "POST", path: "**/policies", answer: 403 });
  expect((await apply()).code).toBe(1);
  expect(await namesOf()).toEqual(names);

  // WHEN
  bench.emulator.faults.clear();
  const { text } = await bench.plan();
  await bench.apply();

  // THEN
  expect(text).toContain("Plan: 2 to import");
  expect(await namesOf()).toEqual(names);
  expect((await bench.plan()).changes).toEqual([]);
}, 120_000);

test("A policy that is imported is refused beside another of its name: both are enforced", async () => {
  // GIVEN two policies that somebody made
  const declare = (policyId?: string) =>
    bench.synth((stack) => {
      const gateway = new AiGateway(stack, "gateway", { gatewayId: "mine" });
      if (policyId === undefined) return;
      const action = { type: "no-limit" } as const;
      new GatewayPolicy(stack, "all", { gateway, name: "all", action }).importFrom(policyId);
    });
  declare();
  await bench.apply();
  for (let made = 0; made < 2; made++) {
    const { status } = await bench.api("POST", "/ai-gateway/gateways/mine/policies?commit=true", {
      name: "all",
      actor: "company:all",
      resource: "*",
      condition: "true",
      action: { type: "no-limit" },
    });
    expect(status).toBe(200);
  }
  const [ours, others] = await policies();

  // WHEN one of them is imported
  declare(ours?.id);
  const deploy = await apply();

  // THEN the other one is named, and without it all is well
  expect(deploy.code).toBe(1);
  expect(said(deploy.stderr)).toContain(`Delete it by its id, ${others?.id},`);
  await bench.api("DELETE", `/ai-gateway/gateways/mine/policies/${others?.id}`);
  await bench.apply();
  expect(await namesOf()).toEqual(["all"]);
  expect((await bench.plan()).changes).toEqual([]);
}, 120_000);
