import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { renderNativeSettings } from "../../lib/ai-gateway/native/native-settings.js";
import { AiGateway, type GatewayProvider, SecretVariable } from "../../lib/index.js";
import { type GatewaySettings, gatewayDefaults } from "../../protocol/gateway-settings.js";
import { changedPaths, type DiffOptions, differingPaths, topKeys } from "./changed-paths.js";
import { ROW_SECRET } from "./setting-rows.js";
import {
  driftOf,
  keptAt,
  keysOf,
  mapSet,
  nativeSettingSets,
  propsOf,
  type SettingSets,
  type Stage,
  settingSets,
} from "./setting-sets.js";
import { Workbench } from "./workbench.js";

type Settings = Readonly<Record<string, unknown>>;
type BySet<Value> = Readonly<Record<string, Value>>;
const keys = Object.keys(gatewayDefaults);
const defaultOf = (key: string) => gatewayDefaults[key as keyof GatewaySettings];

describe.each<[GatewayProvider, SettingSets]>([
  ["restful", settingSets],
  ["cloudflare", nativeSettingSets],
])("each setting, and each field of those that have some, over %s", (gatewayProvider, sets) => {
  let bench: Workbench;
  /** The gateways as they were made. */
  let made: BySet<Settings>;

  beforeAll(async () => {
    bench = await Workbench.start();
    bench.variables.TF_VAR_row_secret = ROW_SECRET;
  }, 60_000);

  afterAll(() => bench.close());

  const isRestful = gatewayProvider === "restful";
  const resourceType = isRestful ? "restful_resource" : "cloudflare_ai_gateway";
  const bySet = <Value>(value: (set: SettingSets[string], name: string) => Value): BySet<Value> =>
    Object.fromEntries(Object.entries(sets).map(([name, set]) => [name, value(set, name)]));

  const declare = (stage: Stage | "removed", imported = false) =>
    bench.synth((stack) => {
      const secret = new SecretVariable(stack, "row_secret");
      for (const [gatewayId, set] of Object.entries(sets)) {
        const props = stage === "removed" ? {} : propsOf(set, stage, secret);
        const gateway = new AiGateway(stack, gatewayId, { gatewayId, gatewayProvider, ...props });
        if (imported) gateway.importFrom();
      }
    });
  const read = async (): Promise<BySet<Settings>> => {
    const { body } = await bench.api("GET", "/ai-gateway/gateways");
    const gateways = body.result as Settings[];
    return Object.fromEntries(gateways.map((gateway) => [String(gateway.id), gateway]));
  };
  /** What the API has of the settings that are declared. */
  const values = async () => {
    const gateways = await read();
    return bySet((set, name) => mapSet(set, (_, key) => gateways[name]?.[key]));
  };
  /** The rest of each gateway is what it was made with: id, time stamp, settings that are not declared. */
  const expectRest = async () => {
    const rest = (gateways: BySet<Settings>) =>
      bySet((set, name) => ({ ...gateways[name], ...mapSet(set, () => "…"), modified_at: "…" }));
    expect(rest(await read())).toEqual(rest(made));
  };
  /** Somebody changes settings behind Terraform's back. */
  const edit = async (changes: BySet<Settings>) => {
    for (const [name, gateway] of Object.entries(await read())) {
      const { created_at, modified_at, is_default, ...body } = gateway;
      const path = `/ai-gateway/gateways/${name}`;
      const answer = await bench.api("PUT", path, { ...body, ...changes[name] });
      expect(answer.body.errors).toEqual([]);
    }
  };
  /** What the next plan does: to gateways, and in place. By the paths of their settings. */
  const plan = async (options?: DiffOptions) => {
    const { changes, text } = await bench.plan();
    const gateways = changes.filter(({ type }) => type === resourceType);
    expect(gateways.filter(({ change }) => change.actions.join() !== "update")).toEqual([]);
    const paths = gateways.map((one): [string, readonly string[]] => {
      const { id, body } = one.change.before as { id: string; body?: { id: string } };
      return [body?.id ?? id, changedPaths(one, keys, options)];
    });
    const others = changes.filter(({ type }) => type !== resourceType);
    return { paths: Object.fromEntries(paths), text, others: others.map(({ type }) => type) };
  };
  const differing = (before: BySet<Settings>, after: BySet<Settings>, options?: DiffOptions) =>
    bySet((_, name) =>
      differingPaths(inPlan(before[name] ?? {}), inPlan(after[name] ?? {}), options),
    );
  /** Settings as a plan shows them. */
  const inPlan = (settings: Settings) => (isRestful ? settings : renderNativeSettings(settings));
  const kept = (stage: Stage) => bySet((set) => keptAt(set, stage));
  const off = () => bySet((set) => mapSet(set, (_, key) => defaultOf(key)));
  const expectSettled = async () => expect((await bench.plan()).changes).toEqual([]);

  test("is there after the apply that creates the gateway, and the second plan is empty", async () => {
    declare("first");
    await bench.apply();

    made = await read();
    expect(await values()).toEqual(kept("first"));
    await expectSettled();
  }, 120_000);

  test("changes in place: the plan names it, and it stays the same gateway", async () => {
    declare("second");
    const { paths } = await plan();
    await bench.apply();

    expect(paths).toEqual(differing(kept("first"), kept("second")));
    expect(await values()).toEqual(kept("second"));
    await expectRest();
    await expectSettled();
  }, 120_000);

  test("is seen where somebody gave it another value, by its name, and repaired", async () => {
    const drift = bySet((set) => mapSet(set, driftOf));
    await edit(drift);
    // What somebody adds to an object is not compared, or is, by the real restful, where a list has another length.
    const options = { onlyKnown: true };
    const { paths } = await plan(options);
    await bench.apply();

    expect(paths).toEqual(differing(drift, kept("second"), options));
    expect(await values()).toEqual(kept("second"));
    await expectRest();
    await expectSettled();
  }, 120_000);

  test("is seen where somebody turned it off, and repaired", async () => {
    declare("first");
    await bench.apply();
    await edit(off());
    const { paths } = await plan();
    await bench.apply();

    expect(topKeys(paths)).toEqual(bySet((set) => [...keysOf(set)].sort()));
    expect(await values()).toEqual(kept("first"));
    await expectRest();
  }, 120_000);

  test("is imported as it is, and nothing is created, changed or destroyed", async () => {
    const before = await read();
    const { stdout } = await bench.terraform("state", "list");
    await bench.terraform("state", "rm", ...stdout.split("\n").filter(Boolean));

    declare("first", true);
    const { paths, text } = await plan();
    await bench.apply();

    expect(text).toMatch(new RegExp(`${Object.keys(sets).length} to import`));
    expect(text).toMatch(/ 0 to destroy/);
    // What has a secret is not imported: it is sent by the call for secrets, which nobody can read.
    expect(paths.settings).toEqual(isRestful ? ["stripe"] : undefined);
    expect(Object.values({ ...paths, settings: [] }).flat()).toEqual([]);
    const after = await read();
    const sent = keysIn(after).filter((id) => after[id]?.modified_at !== before[id]?.modified_at);
    expect(sent).toEqual(isRestful ? ["settings"] : []);
    expect(await values()).toEqual(kept("first"));
    await expectRest();
    await expectSettled();
  }, 120_000);

  test("is off when its prop is removed, and the plan says so", async () => {
    declare("removed");
    const { paths } = await plan();
    await bench.apply();

    expect(topKeys(paths)).toEqual(bySet((set) => [...keysOf(set)].sort()));
    expect(await values()).toEqual(off());
    await expectRest();
    await expectSettled();
  }, 120_000);

  test("is seen where somebody turned it on, by its name, and turned off", async () => {
    await edit(kept("first"));
    const { paths } = await plan();
    await bench.apply();

    expect(topKeys(paths)).toEqual(bySet((set) => [...keysOf(set)].sort()));
    expect(await values()).toEqual(off());
    await expectRest();
    await expectSettled();
  }, 120_000);

  test("leaves nothing in the account after a destroy", async () => {
    declare("first");
    await bench.apply();

    const destroyed = await bench.terraform("destroy", "-auto-approve", "-no-color");

    expect([destroyed.code, destroyed.stderr]).toEqual([0, ""]);
    expect(await read()).toEqual({});
  }, 120_000);
});

const keysIn = (object: object): readonly string[] => Object.keys(object);

test("every setting has a row in a set, and a value of its own in it", () => {
  const rows = Object.values(settingSets).flatMap((set) => Object.entries(set));

  expect([...new Set(rows.map(([key]) => key))].sort()).toEqual([...keys].sort());
  for (const [key, { first, second }] of rows) {
    expect([key, first.kept]).not.toEqual([key, defaultOf(key)]);
    expect([key, first.kept]).not.toEqual([key, second?.kept]);
  }
});
