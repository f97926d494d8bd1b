import { writeFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { TerraformStack } from "cdktf";
import { systemClock } from "../../emulator/index.js";
import {
  AiGateway,
  AiGatewayToken,
  CustomProvider,
  Dataset,
  DynamicRoute,
  GatewayPolicy,
  routeGraph,
} from "../../lib/index.js";
import { makeTokenByHand } from "./somebody-elses.js";
import { Workbench } from "./workbench.js";

// What docs/decisions/lost-creates.md says is refused. What somebody else made before the claim, before the apply, or long
// after either is in faults-lost-create.test.ts.

const HOUR = 3_600_000;
const gatewayPath = "/ai-gateway/gateways/mine";

let bench: Workbench;
/** How far the account's clock is ahead of Terraform's, in milliseconds. */
let ahead = 0;

beforeEach(async () => {
  ahead = 0;
  bench = await Workbench.start({ clock: { ...systemClock, now: () => Date.now() + ahead } });
}, 60_000);
afterEach(() => bench.close());

const declare = (declareParts: (stack: TerraformStack, gateway: AiGateway) => void = () => {}) =>
  bench.synth((stack) =>
    declareParts(stack, new AiGateway(stack, "gateway", { gatewayId: "mine" })),
  );
const tryApply = async () => {
  await bench.terraform("init", "-no-color");
  return bench.terraform("apply", "-auto-approve", "-no-color");
};

/** A deploy that has the first calls of a path carried out and learns of none of them, nor may it ask again. */
async function loseCreations(path: string, first = 1): Promise<void> {
  bench.emulator.faults.add({ method: "POST", path, first, answer: "lost" });
  bench.emulator.faults.add({ method: "POST", path, answer: 403 });
  expect((await tryApply()).code).toBe(1);
  bench.emulator.faults.clear();
}

interface Row {
  readonly id: string;
}
const list = async (path: string) => {
  const { result, data } = (await bench.api("GET", path)).body as unknown as {
    result?: Row[];
    data?: { routes: Row[] };
  };
  return data?.routes ?? result ?? [];
};
const make = async (path: string, body: object): Promise<void> => {
  expect(await bench.api("POST", path, body)).toMatchObject({ status: 200 });
};

interface State {
  readonly resources: {
    readonly mode: "managed" | "data";
    readonly type: string;
    readonly instances: { readonly attributes: Record<string, unknown> }[];
  }[];
}
const readState = async () => JSON.parse(await bench.readState()) as State;

/** Last parts of the ids of all that Terraform takes for the stack's own. */
async function adopted(): Promise<(string | undefined)[]> {
  const { resources } = await readState();
  return resources
    .filter(({ mode, type }) => mode === "managed" && type === "restful_resource")
    .flatMap(({ instances }) => instances.map(({ attributes }) => String(attributes.id)))
    .map((id) => id.split("/").pop());
}

/** Has all claims made so much earlier. */
async function ageClaims(milliseconds: number): Promise<void> {
  const state = await readState();
  for (const { type, instances } of state.resources) {
    if (type !== "terraform_data") continue;
    for (const { attributes } of instances) {
      const { value } = attributes.input as { value: { at: string } };
      value.at = new Date(Date.parse(value.at) - milliseconds).toISOString();
    }
  }
  await writeFile(bench.stateFile, JSON.stringify(state));
}

test.each([
  { hours: 23, outcome: "adopted" },
  { hours: 25, outcome: "refused" },
])(
  "What was created $hours hours ago, right after its claim, is $outcome",
  async ({ hours, outcome }) => {
    // GIVEN a creation that was lost so long ago
    declare();
    ahead = -hours * HOUR;
    await loseCreations("**/ai-gateway/gateways");
    await ageClaims(hours * HOUR);
    ahead = 0;
    expect(await list("/ai-gateway/gateways")).toMatchObject([{ id: "mine" }]);

    // WHEN
    const { text } = await bench.plan();
    const deploy = await tryApply();

    // THEN
    const isAdopted = outcome === "adopted";
    expect(text.includes("1 to import")).toBe(isAdopted);
    expect(deploy.stderr.includes("already exists")).toBe(!isAdopted);
    expect(await adopted()).toEqual(isAdopted ? ["mine"] : []);
  },
  120_000,
);

test("Two lost policies of one name are both refused: which of them is ours is not known", async () => {
  // GIVEN a creation that was sent twice, and neither answered
  declare((stack, gateway) => {
    new GatewayPolicy(stack, "everyone", { gateway, action: { type: "no-limit" } });
  });
  await loseCreations("**/policies", 2);
  const lost = (await list(`${gatewayPath}/policies`)).map(({ id }) => id);
  expect(lost).toHaveLength(2);

  // WHEN
  const { text } = await bench.plan();
  const deploy = await tryApply();

  // THEN
  expect(text).not.toContain("to import");
  expect(deploy.code).toBe(1);
  expect((await adopted()).filter((id) => lost.includes(String(id)))).toEqual([]);
}, 120_000);

test("A lost token is refused where somebody else's has its name, also one from before", async () => {
  // GIVEN
  await makeTokenByHand(bench, "ours");
  declare((stack) => new AiGatewayToken(stack, "token", { name: "ours" }));
  await loseCreations("**/tokens");
  const found = (await list("/tokens")).map(({ id }) => id);
  expect(found).toHaveLength(2);

  // WHEN
  const { text } = await bench.plan();
  const deploy = await tryApply();

  // THEN
  expect(text).not.toContain("to import");
  expect(deploy.code).toBe(1);
  expect((await adopted()).filter((id) => found.includes(String(id)))).toEqual([]);
}, 120_000);

test("What is renamed in place is not claimed by its earlier name", async () => {
  // GIVEN a deploy that claims names and may create nothing by them
  const declareNamed = (name: string) =>
    declare((stack, gateway) => {
      const graph = routeGraph((g) => g.model({ provider: "workers-ai", model: "@cf/one" }));
      new Dataset(stack, "dataset", { gateway, name });
      new DynamicRoute(stack, "route", { gateway, name, graph });
      new GatewayPolicy(stack, "policy", { gateway, name, action: { type: "no-limit" } });
      new CustomProvider(stack, "provider", { slug: name, baseUrl: "https://models.example.com" });
      new AiGatewayToken(stack, "token", { name });
    });
  const name = "later";
  const paths = ["datasets", "routes", "policies"].map((kind) => `${gatewayPath}/${kind}`);
  paths.push("/ai-gateway/custom-providers", "/tokens");
  declareNamed("earlier");
  for (const path of paths) {
    bench.emulator.faults.add({ method: "POST", path: `**${path}`, answer: 403 });
  }
  expect((await tryApply()).code).toBe(1);
  bench.emulator.faults.clear();

  // WHEN they are given the names of what somebody makes meanwhile
  const [datasets = "", routes = "", policies = ""] = paths;
  await make(datasets, { name, enable: true, filters: [] });
  await make(routes, { name, elements: END_ONLY });
  await make(`${policies}?commit=true`, {
    name,
    actor: "company:all",
    resource: "*",
    condition: "true",
    action: { type: "no-limit" },
  });
  await make("/ai-gateway/custom-providers", {
    name: "Theirs",
    slug: name,
    base_url: "https://theirs.example.com",
  });
  await makeTokenByHand(bench, name);
  const theirs = (await Promise.all(paths.map(list))).flat().map(({ id }) => id);
  expect(theirs).toHaveLength(paths.length);
  declareNamed(name);
  const { text } = await bench.plan();
  const deploy = await tryApply();

  // THEN none is taken for the stack's
  expect(text).not.toContain("to import");
  expect(deploy.code).toBe(1);
  expect((await adopted()).filter((id) => theirs.includes(String(id)))).toEqual([]);
}, 180_000);

test.each([
  { others: 49, outcome: "adopted" },
  { others: 50, outcome: "refused" },
])(
  "What is created beside $others others, of which a plan reads 50, is $outcome",
  async ({ others, outcome }) => {
    // GIVEN a creation that was lost while the list was so long
    declare();
    await bench.apply();
    const datasets = `${gatewayPath}/datasets`;
    for (let number = 1; number <= others; number += 1) {
      await make(datasets, { name: `of-others-${number}`, enable: true, filters: [] });
    }
    declare((stack, gateway) => new Dataset(stack, "dataset", { gateway, name: "ours" }));
    await loseCreations("**/datasets");

    // WHEN it is among the first 50
    const [first] = await list(datasets);
    expect((await bench.api("DELETE", `${datasets}/${first?.id}`)).status).toBe(200);
    const { text } = await bench.plan();
    const deploy = await tryApply();

    // THEN
    const isAdopted = outcome === "adopted";
    expect(text.includes("1 to import")).toBe(isAdopted);
    expect(/already\s+exists/.test(deploy.stderr)).toBe(!isAdopted);
  },
  120_000,
);

const END_ONLY = [
  { id: "start", type: "start", outputs: { next: { elementId: "end" } } },
  { id: "end", type: "end", outputs: {} },
];
