import { validateNativeProps } from "../../lib/ai-gateway/native/native-validation.js";
import { propOf } from "../../lib/ai-gateway/setting-values.js";
import type { AiGatewayProps, SecretVariable } from "../../lib/index.js";
import type { GatewaySettings } from "../../protocol/gateway-settings.js";
import {
  fieldRows,
  profileRows,
  type SettingRow,
  settingRows,
  type Value,
} from "./setting-rows.js";

type Key = keyof GatewaySettings;

/** Settings that one gateway can have together; its id is the set's name. */
export type SettingSets = Readonly<Record<string, SettingSet>>;
export type SettingSet = Readonly<Partial<Record<Key, SettingRow>>>;
export type Stage = "first" | "second";

// Without logs, most settings of logs are refused.
const { collect_logs, ...settings } = settingRows;

/** Every row. */
export const settingSets: SettingSets = {
  settings,
  fields: { ...fieldRows, collect_logs },
  profiles: profileRows,
};

/**
 * What the provider's own resource can say; the rest is refused at synth. A category of the guardrails, and a form of
 * `dlp`, cannot go there: native-gateway.test.ts.
 */
export const nativeSettingSets: SettingSets = Object.fromEntries(
  Object.entries({
    settings: { ...settings, ...profileRows },
    fields: without({ ...fieldRows, collect_logs }, ["guardrails", "dlp"]),
  }).map(([name, set]) => {
    const refused = validateNativeProps(propsOf(set, "first", {} as SecretVariable));
    const props = refused.map((problem) => problem.split(":")[0]);
    return [
      name,
      without(
        set,
        keysOf(set).filter((key) => props.includes(propOf(key))),
      ),
    ];
  }),
);

export function without(set: SettingSet, keys: readonly Key[]): SettingSet {
  return Object.fromEntries(
    Object.entries(set).filter(([key]) => !(keys as readonly string[]).includes(key)),
  );
}

export function keysOf(set: SettingSet): readonly Key[] {
  return Object.keys(set) as Key[];
}

export function valueAt({ first, second = first }: SettingRow, stage: Stage): Value {
  return stage === "first" ? first : second;
}

/** What somebody puts in the place of the second value. */
export const driftOf = ({ first, drift = first.kept }: SettingRow): unknown => drift;

/** A value of each setting. */
export function mapSet(
  set: SettingSet,
  value: (row: SettingRow, key: Key) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(set).map(([key, row]) => [key, value(row, key as Key)]));
}

/** What the API has at a stage. */
export const keptAt = (set: SettingSet, stage: Stage): Record<string, unknown> =>
  mapSet(set, (row) => valueAt(row, stage).kept);

/** What is declared at a stage. */
export function propsOf(set: SettingSet, stage: Stage, secret: SecretVariable): AiGatewayProps {
  return Object.fromEntries(
    Object.entries(set).map(([key, row]) => {
      const { prop } = valueAt(row, stage);
      return [propOf(key as Key), typeof prop === "function" ? prop(secret) : prop];
    }),
  );
}
