import type { IResolvable } from "cdktf";
import {
  type WorkersAiBillingMode,
  workersAiBillingModes,
} from "../../../protocol/gateway-settings.js";
import { checkBoolean, checkWord, type Rule, wrongValue } from "../../prop-rules.js";
import { matches } from "../../text-checks.js";

/** Who pays for a request, and with whose key it is made. */
interface Props {
  readonly byokOnly?: boolean | IResolvable;
  readonly storeId?: string;
  readonly workersAiBillingMode?: WorkersAiBillingMode;
  readonly zdr?: boolean | IResolvable;
}

export const byokOnlyRules: readonly Rule<Props>[] = [
  { name: "gateway-byok-only", check: ({ byokOnly }) => checkBoolean("byokOnly", byokOnly) },
  {
    name: "gateway-byok-only-without-store",
    check: ({ byokOnly, storeId }) =>
      byokOnly === true && (storeId === undefined || storeId === "")
        ? "byokOnly: got true without storeId; the keys that requests then need are kept in a Secrets Store. Set storeId, or remove byokOnly."
        : undefined,
  },
];

export const storeIdRules: readonly Rule<Props>[] = [
  {
    name: "gateway-store-id",
    check: ({ storeId }) =>
      storeId === undefined || matches(storeId, /^[\w-]*$/)
        ? undefined
        : wrongValue("storeId", storeId, "the id of a Secrets Store, 32 hexadecimal digits"),
  },
];

export const workersAiBillingModeRules: readonly Rule<Props>[] = [
  {
    name: "gateway-workers-ai-billing-mode",
    check: (props) =>
      checkWord("workersAiBillingMode", props.workersAiBillingMode, workersAiBillingModes),
  },
];

export const zdrRules: readonly Rule<Props>[] = [
  { name: "gateway-zdr", check: ({ zdr }) => checkBoolean("zdr", zdr) },
];
