import { type GatewayErrorFacts, gatewayErrors } from "../../../protocol/gateway-errors.js";
import { requestHeader } from "../../../protocol/headers.js";
import type { Gateway } from "../../state/gateway.js";
import type { GatewayItem, GatewayRequest } from "../gateway-request.js";
import type { Route } from "./route.js";
import { missingKey } from "./stored-keys.js";

/** What happens to a request at a gateway with settings that would refuse requests, and are not emulated. */
export const unenforcedModes = ["refuse", "pass"] as const;
export type UnenforcedMode = (typeof unenforcedModes)[number];

/** Settings that refuse requests or change answers. */
const enforcing: Readonly<Record<string, (gateway: Gateway) => boolean>> = {
  byok_only: ({ byok_only }) => byok_only,
  dlp: ({ dlp }) => dlp.enabled,
  guardrails: ({ guardrails }) =>
    Object.keys({ ...guardrails?.prompt, ...guardrails?.response }).length > 0,
  spend_limits: ({ spend_limits }) =>
    spend_limits?.enabled === true && spend_limits.rules.some(({ enabled }) => enabled),
};

/** Settings that concern what happens beside a request. */
const silent: Readonly<Record<string, (gateway: Gateway) => boolean>> = {
  log_classification: ({ log_classification }) => log_classification,
  logpush: ({ logpush }) => logpush,
  otel: ({ otel }) => otel !== null && otel.length > 0,
  stripe: ({ stripe }) => stripe !== null,
  workers_ai_billing_mode: ({ workers_ai_billing_mode }) => workers_ai_billing_mode === "unified",
  zdr: ({ zdr }) => zdr,
};

/** The same, as a request asks for it with a header. */
const enforcingHeaders = { byok_only: requestHeader.noWholesale };
const silentHeaders = { custom_cost: requestHeader.customCost, zdr: requestHeader.zdr };

/** What else of a gateway is not emulated. */
export interface BesideSettings {
  /** Whether a gateway has policies that Cloudflare would enforce. @default none has */
  readonly hasPolicies?: (gatewayId: string) => boolean;
  /** The keys of providers that a gateway has, such as "openai/default". @default none has any */
  readonly storedKeys?: (gatewayId: string) => readonly string[];
}

/**
 * Says what the emulator does not do of a gateway's settings. An answer that looks as if a guardrail had let
 * it pass would be a lie: such a request is refused, unless whoever started the emulator wants it to pass.
 */
export class Enforcement {
  readonly #mode: UnenforcedMode;
  readonly #warn: (message: string) => void;
  /** What was said already: requests with a header and without it take turns. */
  readonly #said = new Set<string>();
  readonly #beside: Required<BesideSettings>;

  constructor(
    mode: UnenforcedMode,
    warn: (message: string) => void,
    { hasPolicies = () => false, storedKeys = () => [] }: BesideSettings = {},
  ) {
    this.#mode = mode;
    this.#warn = warn;
    this.#beside = { hasPolicies, storedKeys };
  }

  /** @returns what the request is refused with. */
  check(request: GatewayRequest): GatewayErrorFacts | undefined {
    const { gateway } = request;
    const on = [...settingsOn(enforcing, gateway), ...headersOn(enforcingHeaders, request)];
    if (this.#beside.hasPolicies(gateway.id)) on.push("policies");
    if (on.length > 0 && this.#mode === "refuse") {
      const message =
        `Not emulated: the gateway "${gateway.id}" has ${on.join(", ")}, which Cloudflare would apply to ` +
        `this request. Turn it off here, or ${START_PASSING} to let requests through as if it were off.`;
      return { ...gatewayErrors["not-emulated"], message };
    }
    const beside = [...settingsOn(silent, gateway), ...headersOn(silentHeaders, request)];
    this.#say(gateway.id, on, beside);
    return undefined;
  }

  /** @returns what an item is refused with that Cloudflare would send with a key the gateway has. */
  checkKey(
    { gateway: { id }, headers }: GatewayRequest,
    item: GatewayItem,
    { provider, upstream }: Route,
  ): GatewayErrorFacts | undefined {
    if (this.#mode === "pass") return undefined;
    const alias = item.headers[requestHeader.byokAlias] ?? headers[requestHeader.byokAlias];
    const missing = missingKey({
      provider,
      stored: this.#beside.storedKeys(id),
      alias: alias === undefined ? undefined : String(alias),
      item,
      upstream,
    });
    if (missing === undefined) return undefined;
    const message = `Not emulated: ${missing}, or ${START_PASSING} to let it go without.`;
    return { ...gatewayErrors["not-emulated"], message };
  }

  #say(gatewayId: string, passed: readonly string[], silent: readonly string[]): void {
    const keys = this.#beside.storedKeys(gatewayId);
    if (passed.length > 0) {
      this.#warnOnce(
        `Gateway "${gatewayId}" has ${passed.join(", ")}: not emulated, requests pass as if it were off.`,
      );
    }
    if (silent.length > 0) {
      this.#warnOnce(
        `Gateway "${gatewayId}" has ${silent.join(", ")}: not emulated, nothing is exported or billed.`,
      );
    }
    if (keys.length > 0) {
      this.#warnOnce(
        `Gateway "${gatewayId}" has keys of providers (${keys.join(", ")}): kept, but not sent here, nor are their ` +
          "rate limits counted. A request goes with the key it brings, or with that of the emulator's upstream.",
      );
    }
  }

  #warnOnce(message: string): void {
    if (this.#said.has(message)) return;
    this.#said.add(message);
    this.#warn(message);
  }
}

const START_PASSING =
  "start the emulator with --unenforced=pass (AI_GATEWAY_EMULATOR_UNENFORCED=pass)";

/** What a request asks for, itself or in an item. */
const headersOn = (
  names: Readonly<Record<string, string>>,
  { headers, items }: GatewayRequest,
): string[] =>
  Object.entries(names)
    .filter(([, name]) => [{ headers }, ...items].some((part) => asks(part.headers[name])))
    .map(([setting, name]) => `${setting} (by the request's ${name})`);

const asks = (value: string | string[] | undefined): boolean =>
  value !== undefined && value !== "" && value !== "false";

const settingsOn = (
  settings: Readonly<Record<string, (gateway: Gateway) => boolean>>,
  gateway: Gateway,
): string[] => Object.keys(settings).filter((name) => settings[name]?.(gateway));
