import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { propOf } from "../../lib/ai-gateway/setting-values.js";
import { AiGateway, Cloudflare, SecretVariable } from "../../lib/index.js";
import {
  type GatewaySettings,
  gatewayDefaults,
  putOnlySettings,
} from "../../protocol/gateway-settings.js";
import { differingPaths } from "./changed-paths.js";
import { startEditingApi } from "./editing-api.js";
import { fieldRows, ROW_SECRET } from "./setting-rows.js";
import { driftOf, keptAt, keysOf, propsOf, type SettingSet, settingSets } from "./setting-sets.js";
import { Workbench } from "./workbench.js";

type Json = Record<string, unknown>;
type Key = keyof GatewaySettings;

/** A gateway whose API does something else with some of what it is sent. */
interface Odd {
  readonly set: SettingSet;
  /** What the API has instead, of the settings that it does not take. */
  readonly instead: Json;
  /** Whether its answers leave these out. @default false */
  readonly unknown?: boolean;
}

const isPutOnly = (key: Key): boolean => (putOnlySettings as readonly Key[]).includes(key);
const set = settingSets.settings as SettingSet;

/** Half of the settings that are judged by the same call, so that the other half proves to be left alone. */
const halves: readonly (readonly Key[])[] = [true, false].flatMap((putOnly) =>
  [0, 1].map((half) =>
    keysOf(set)
      .filter((key) => isPutOnly(key) === putOnly)
      .filter((_, index) => index % 2 === half),
  ),
);
const pick = (values: Json, keys: readonly string[]): Json =>
  Object.fromEntries(keys.map((key) => [key, values[key]]));
const others = { ...keptAt(set, "second"), logpush: driftOf(set.logpush ?? { first: never() }) };

/** Each setting: one that the API does not know, one that stays off, one that has another value. */
const ofSettings = halves.flatMap((keys, half): [string, Odd][] => [
  [`unknown-${half}`, { set, instead: pick({ ...gatewayDefaults }, keys), unknown: true }],
  [`off-${half}`, { set, instead: pick({ ...gatewayDefaults }, keys) }],
  [`other-${half}`, { set, instead: pick(others, keys) }],
]);

/** Each field: the API has another value for it, and for nothing else. */
const ofFields = Object.entries(fieldRows).flatMap(([key, row]): [string, Odd][] => {
  const parts = differingPaths(
    { [key]: row.second?.kept },
    { [key]: row.first.kept },
    {
      onlyKnown: true,
    },
  ).map((path) => path.split(".").slice(1, 3).join("."));
  return [...new Set(parts)].map((part) => {
    const instead = { [key]: withPart(row.first.kept, row.second?.kept, part.split(".")) };
    return [
      `${key}-${part.replaceAll(/\W/g, "_").toLowerCase()}`,
      { set: { [key]: row }, instead },
    ];
  });
});

const gateways: Readonly<Record<string, Odd>> = Object.fromEntries([...ofSettings, ...ofFields]);

let bench: Workbench;
let api: Awaited<ReturnType<typeof startEditingApi>>;

beforeAll(async () => {
  bench = await Workbench.start();
  bench.variables.TF_VAR_row_secret = ROW_SECRET;
  api = await startEditingApi(bench.emulator.apiUrl, {
    sent: async ({ method, body, current }) => {
      const id = String(method === "POST" ? body.id : (await current()).id);
      return { ...body, ...gateways[id]?.instead };
    },
    answered: (result) => {
      const odd = gateways[String(result.id)];
      return odd?.unknown
        ? pick(
            result,
            Object.keys(result).filter((key) => !(key in odd.instead)),
          )
        : result;
    },
  });
}, 60_000);

afterAll(async () => {
  await api.close();
  await bench.close();
});

test("a setting, or a field of it, that the API does not keep fails the apply by the setting's name, and no other does", async () => {
  bench.synth((stack) => {
    Cloudflare.of(stack).restProvider.addOverride("base_url", api.url);
    const secret = new SecretVariable(stack, "row_secret");
    for (const [gatewayId, { set }] of Object.entries(gateways)) {
      new AiGateway(stack, gatewayId, { gatewayId, ...propsOf(set, "first", secret) });
    }
  });
  await bench.terraform("init", "-no-color");

  const applied = await bench.terraform("apply", "-auto-approve", "-no-color");

  expect(applied.code).toBe(1);
  const said = applied.stderr.replaceAll(/[\s│]+/g, " ");
  const named = [...said.matchAll(/test\/([\w-]+): (\w+) was not kept/g)];
  const byGateway = Object.keys(gateways).map((id) => [
    id,
    named.flatMap(([, gateway, prop]) => (gateway === id ? [prop] : [])).sort(),
  ]);
  expect(Object.fromEntries(byGateway)).toEqual(
    Object.fromEntries(
      Object.entries(gateways).map(([id, { instead }]) => [
        id,
        (Object.keys(instead) as Key[]).map(propOf).sort(),
      ]),
    ),
  );
  // Nothing else fails, in other words than ours.
  expect(said.match(/Error: /g)).toHaveLength(named.length);
}, 300_000);

/** A value in which one part is that of another. */
function withPart(value: unknown, other: unknown, [step, ...rest]: readonly string[]): unknown {
  if (step === undefined) return other;
  const parts = value as Json;
  const part = withPart(parts[step], (other as Json)[step], rest);
  if (Array.isArray(value)) return value.map((item, index) => (`${index}` === step ? part : item));
  return { ...parts, [step]: part };
}

function never(): never {
  throw new Error("There is a row for each setting.");
}
