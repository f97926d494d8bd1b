import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { AiGateway, AiGatewayToken } from "../../lib/index.js";
import { makeTokenByHand } from "./somebody-elses.js";
import { Workbench } from "./workbench.js";

let bench: Workbench;

beforeEach(async () => {
  bench = await Workbench.start();
  bench.synth((stack) => {
    new AiGateway(stack, "gateway", { gatewayId: "mine" });
    new AiGatewayToken(stack, "token", { name: "ours" });
    new AiGatewayToken(stack, "other");
  });
  await bench.terraform("init", "-no-color");
}, 60_000);
afterEach(async () => {
  await bench.close();
});

interface Token {
  readonly id: string;
  readonly name: string;
  readonly policies: readonly unknown[];
}

const apply = () => bench.terraform("apply", "-auto-approve", "-no-color");
const tokens = async () => (await bench.api("GET", "/tokens")).body.result as Token[];
const namesOf = async () => (await tokens()).map(({ name }) => name).sort();
const said = (text: string): string => text.replace(/[\s│]+/g, " ");

test("A token whose creation is sent twice is told with the id of the one to delete, until it is gone", async () => {
  // GIVEN an answer that is lost: the creation is sent again
  bench.emulator.faults.add({ method: "POST", path: "**/tokens", nth: 1, answer: "lost" });

  // WHEN
  const deploy = await apply();

  // THEN the deploy says which one is not the stack's
  expect(deploy.code).toBe(1);
  const existing = await tokens();
  expect(existing).toHaveLength(3);
  const state = await bench.readState();
  const [left, ...more] = existing.filter(({ id }) => !state.includes(`/tokens/${id}"`));
  expect(more).toEqual([]);
  expect(said(deploy.stderr)).toContain("name: the account has another token of this name");
  expect(said(deploy.stderr)).toContain(`Delete it by its id, ${left?.id},`);
  expect((await apply()).code).toBe(1);
  expect((await bench.terraform("plan", "-destroy", "-no-color")).code).toBe(0);

  // WHEN it is deleted
  bench.emulator.faults.clear();
  await bench.api("DELETE", `/tokens/${left?.id}`);

  // THEN all is well
  await bench.apply();
  expect(await namesOf()).toEqual(["ours", "test-other"]);
  expect((await bench.plan()).changes).toEqual([]);
}, 180_000);

test("Tokens that others name alike, before or after the stack's own, are theirs to have", async () => {
  // GIVEN a token of somebody else's, made before by the same permissions
  await makeTokenByHand(bench, "ours");
  await new Promise((resolve) => setTimeout(resolve, 2_000));

  // WHEN the stack's own is made, and then another one by somebody else
  await bench.apply();
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  await makeTokenByHand(bench, "ours");

  // THEN nothing is wrong with any of them
  expect(await namesOf()).toEqual(["ours", "ours", "ours", "test-other"]);
  const { text } = await bench.plan();
  expect(text).toContain("No changes.");
}, 180_000);
